from tests.service.conftest import Api


def test_a_profile_is_made_picked_and_put_aside(api: Api) -> None:
    made = api.post("/profiles", {"name": " Ann "}, 201)
    assert made["name"] == "Ann"
    api.post("/profiles", {"name": "ANN"}, 409)
    assert [one["name"] for one in api.get("/profiles")] == ["Ann"]
    browser = api.stranger()
    answer = browser.ask("POST", "/profiles/pick", json={"profile": made["id"]})
    assert answer.json()["token"] in answer.headers["set-cookie"]
    assert browser.get("/me")["id"] == made["id"]
    browser.put("/ratings/100", {"stars": 5})
    browser.delete("/sessions/current")
    browser.get("/me", 401)
    browser.post("/profiles/pick", {"profile": 99}, 404)


def test_a_session_that_was_revoked_opens_nothing(api: Api) -> None:
    ann = api.somebody("Ann")
    number = int(ann.headers["X-Matinee-Profile"])
    browser = api.stranger()
    browser.post("/profiles/pick", {"profile": number})
    session = ann.get("/sessions")[0]["id"]
    api.somebody("Ben").delete(f"/sessions/{session}", 404)
    ann.delete(f"/sessions/{session}")
    browser.get("/me", 401)


def test_everything_kept_is_told_and_can_be_deleted(ann: Api) -> None:
    ann.put("/ratings/100", {"stars": 5})
    ann.get("/recommendations?k=2")
    told = ann.get("/me/export")
    assert [one["movie_id"] for one in told["marks"]] == ["100"]
    assert [one["kind"] for one in told["events"]] == ["rated", "shown", "shown"]
    ann.delete("/me")
    ann.get("/me", 404)
    assert ann.house.store.users.count() == 0


def test_name_language_and_theme_can_be_changed(ann: Api) -> None:
    changed = ann.ask("PATCH", "/me", json={"name": "Anna", "theme": "dark"}).json()
    assert (changed["name"], changed["theme"], changed["language"]) == ("Anna", "dark", "en")
    ann.ask("PATCH", "/me", 422, json={"role": "admin"})


def test_a_profile_that_is_disabled_opens_nothing(ann: Api) -> None:
    ann.house.store.users.update(int(ann.headers["X-Matinee-Profile"]), disabled=True)
    ann.get("/me", 403)
    assert ann.get("/profiles") == []
