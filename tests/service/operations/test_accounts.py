from collections.abc import Callable

import pytest

from tests.service.conftest import SECRET, Api

PASSWORD = "correct horse battery"


@pytest.fixture
def site(new_api: Callable[..., Api]) -> Api:
    """An app with accounts, and no user."""
    return new_api(accounts=True, admin_token=SECRET)


@pytest.fixture
def admin(site: Api) -> Api:
    """The first account, created with the admin token and signed in by a cookie."""
    first = site.new_browser()
    session = first.post(
        "/accounts", {"name": "Ann", "password": PASSWORD}, 201, headers={"X-Matinee-Admin-Token": SECRET}
    )
    assert session["user"]["role"] == "admin"
    return first


def test_everything_needs_an_account(site: Api) -> None:
    for path in ("/movies", "/search?q=heat", "/recommendations", "/movies/100/similar", "/models/current", "/me"):
        site.get(path, 401)
    site.get("/profiles", 403)
    site.post("/profiles/pick", {"profile": 1}, 403)
    site.get("/recommendations", 403, headers={"X-Matinee-Profile": "1"})
    site.request("GET", "/metrics", 403)
    site.get("/health")


def test_an_invitation_creates_one_account(admin: Api, site: Api) -> None:
    invitation = admin.post("/invitations", status=201)["token"]
    ben = site.new_browser()
    ben.post("/accounts", {"name": "Ben", "password": PASSWORD}, 403)
    ben.post("/accounts", {"name": "Ben", "password": PASSWORD, "invitation": "unknown"}, 409)
    session = ben.post("/accounts", {"name": "Ben", "password": PASSWORD, "invitation": invitation}, 201)
    assert session["user"]["role"] == "member"
    assert ben.get("/me")["name"] == "Ben"
    # A failed sign-up does not use up the invitation.
    second = admin.post("/invitations", status=201)["token"]
    ben.post("/accounts", {"name": "ben", "password": PASSWORD, "invitation": second}, 409)
    assert site.state.store.invitations.find(second) is not None
    again = site.new_browser()
    again.post("/accounts", {"name": "Cleo", "password": PASSWORD, "invitation": invitation}, 409)
    assert [user.name for user in site.state.store.users.all()] == ["Ann", "Ben"]
    ben.post("/invitations", status=403)
    ben.get("/invitations", 403)
    assert "token" not in str(admin.get("/invitations")).replace("'token': None", "")


def test_a_short_password_is_refused_and_not_repeated(admin: Api, site: Api) -> None:
    invitation = admin.post("/invitations", status=201)["token"]
    response = site.request("POST", "/accounts", 400, json={"name": "B", "password": "short", "invitation": invitation})
    assert "The password has 5 characters. Use 10 to 200." in response.text
    assert "'short'" not in response.text


def test_sign_in_and_sign_out(admin: Api, site: Api) -> None:
    browser = site.new_browser()
    browser.post("/sessions", {"name": "ANN", "password": "another password"}, 401)
    browser.post("/sessions", {"name": "Unknown", "password": PASSWORD}, 401)
    response = browser.request("POST", "/sessions", 201, json={"name": "ann", "password": PASSWORD})
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    program = site.new_browser()
    program.headers = {"Authorization": f"Bearer {response.json()['token']}"}
    assert program.get("/me")["name"] == "Ann"
    session_ids = [item["id"] for item in browser.get("/sessions")]
    assert len(session_ids) == 2
    browser.delete("/sessions/current")
    browser.get("/me", 401)
    program.get("/me", 401)  # it was the same session
    assert admin.get("/me")["name"] == "Ann"


def test_a_new_password_ends_other_sessions(admin: Api, site: Api) -> None:
    other_browser = site.new_browser()
    other_browser.post("/sessions", {"name": "Ann", "password": PASSWORD}, 201)
    admin.put("/me/password", {"old": "wrong", "new": "a longer password"}, 403)
    admin.put("/me/password", {"old": PASSWORD, "new": "a longer password"})
    admin.get("/me")
    other_browser.get("/me", 401)
    other_browser.post("/sessions", {"name": "Ann", "password": PASSWORD}, 401)
    other_browser.post("/sessions", {"name": "Ann", "password": "a longer password"}, 201)


def test_failed_sign_ins_are_throttled(admin: Api, site: Api) -> None:
    guesser = site.new_browser()
    for number in range(5):
        guesser.post("/sessions", {"name": "Ann", "password": f"guess number {number}"}, 401)
    response = guesser.request("POST", "/sessions", 429, json={"name": "Ann", "password": PASSWORD})
    assert 0 < int(response.headers["retry-after"]) <= 15 * 60 + 1


def test_a_movie_night_cannot_include_other_accounts(admin: Api, site: Api) -> None:
    invitation = admin.post("/invitations", status=201)["token"]
    ben = site.new_browser()
    number = ben.post("/accounts", {"name": "Ben", "password": PASSWORD, "invitation": invitation}, 201)["user"]["id"]
    admin.post("/movie-night", {"users": [number]}, 403)
    night = admin.post("/movie-night", {"guests": [{"name": "Ben", "likes": ["100"]}]})
    assert [item["name"] for item in night["movies"][0]["guests"]] == ["Ann", "Ben"]


def test_without_accounts_there_are_no_passwords(api: Api) -> None:
    api.post("/accounts", {"name": "Ann", "password": PASSWORD, "invitation": "x"}, 400)
    api.post("/sessions", {"name": "Ann", "password": PASSWORD}, 400)
    api.post("/invitations", status=401)


def test_all_processes_share_the_failed_sign_ins(new_api: Callable[..., Api]) -> None:
    first, second = (new_api(accounts=True, admin_token=SECRET) for _ in range(2))
    for number in range(5):
        first.post("/sessions", {"name": "Ann", "password": f"guess number {number}"}, 401)
    second.post("/sessions", {"name": "Ann", "password": PASSWORD}, 429)
