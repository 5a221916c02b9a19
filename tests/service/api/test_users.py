from tests.service.conftest import Api


def test_a_profile_can_be_created_picked_and_left(api: Api) -> None:
    ann = api.post("/profiles", {"name": " Ann "}, 201)
    assert ann["name"] == "Ann"
    api.post("/profiles", {"name": "ANN"}, 409)
    assert [item["name"] for item in api.get("/profiles")] == ["Ann"]
    browser = api.new_browser()
    response = browser.request("POST", "/profiles/pick", json={"profile": ann["id"]})
    assert response.json()["token"] in response.headers["set-cookie"]
    assert browser.get("/me")["id"] == ann["id"]
    browser.put("/ratings/100", {"rating": 5})
    browser.delete("/sessions/current")
    browser.get("/me", 401)
    browser.post("/profiles/pick", {"profile": 99}, 404)


def test_a_revoked_session_is_refused(api: Api) -> None:
    ann = api.new_user("Ann")
    number = int(ann.headers["X-Matinee-Profile"])
    browser = api.new_browser()
    browser.post("/profiles/pick", {"profile": number})
    session = ann.get("/sessions")[0]["id"]
    api.new_user("Ben").delete(f"/sessions/{session}", 404)
    ann.delete(f"/sessions/{session}")
    browser.get("/me", 401)


def test_all_data_can_be_exported_and_deleted(ann: Api) -> None:
    ann.put("/ratings/100", {"rating": 5})
    ann.get("/recommendations?k=2")
    exported = ann.get("/me/export")
    assert [item["movie_id"] for item in exported["marks"]] == ["100"]
    assert [item["kind"] for item in exported["events"]] == ["rated", "shown", "shown"]
    ann.delete("/me")
    ann.get("/me", 404)
    assert ann.state.store.users.count() == 0


def test_name_language_and_theme_can_be_changed(ann: Api) -> None:
    changed = ann.request("PATCH", "/me", json={"name": "Anna", "theme": "dark"}).json()
    assert (changed["name"], changed["theme"], changed["language"]) == ("Anna", "dark", "en")
    ann.request("PATCH", "/me", 422, json={"role": "admin"})


def test_a_disabled_profile_is_refused(ann: Api) -> None:
    ann.state.store.users.update(int(ann.headers["X-Matinee-Profile"]), disabled=True)
    ann.get("/me", 403)
    assert ann.get("/profiles") == []
