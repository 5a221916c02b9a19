from collections.abc import Callable

import pytest

from tests.service.conftest import SECRET, Api

PASSWORD = "correct horse battery"


@pytest.fixture
def site(new_api: Callable[..., Api]) -> Api:
    """An app with accounts, asked by nobody."""
    return new_api(accounts=True, admin_token=SECRET)


@pytest.fixture
def admin(site: Api) -> Api:
    """The first account, made with the admin token and signed in by its cookie."""
    first = site.stranger()
    told = first.post(
        "/accounts", {"name": "Ann", "password": PASSWORD}, 201, headers={"X-Matinee-Admin-Token": SECRET}
    )
    assert told["person"]["role"] == "admin"
    return first


def test_nobody_sees_anything_without_an_account(site: Api) -> None:
    for path in ("/movies", "/search?q=heat", "/recommendations", "/movies/100/similar", "/models/current", "/me"):
        site.get(path, 401)
    site.get("/profiles", 403)
    site.post("/profiles/pick", {"profile": 1}, 403)
    site.get("/recommendations", 403, headers={"X-Matinee-Profile": "1"})
    site.ask("GET", "/metrics", 403)
    site.get("/health")


def test_one_joins_by_invitation_and_each_serves_once(admin: Api, site: Api) -> None:
    invitation = admin.post("/invitations", status=201)["token"]
    ben = site.stranger()
    ben.post("/accounts", {"name": "Ben", "password": PASSWORD}, 403)
    ben.post("/accounts", {"name": "Ben", "password": PASSWORD, "invitation": "made up"}, 409)
    told = ben.post("/accounts", {"name": "Ben", "password": PASSWORD, "invitation": invitation}, 201)
    assert told["person"]["role"] == "member"
    assert ben.get("/me")["name"] == "Ben"
    # Whoever fails is not half made, even if the invitation was good when they began.
    second = admin.post("/invitations", status=201)["token"]
    ben.post("/accounts", {"name": "ben", "password": PASSWORD, "invitation": second}, 409)
    assert site.house.store.invitations.find(second) is not None
    again = site.stranger()
    again.post("/accounts", {"name": "Cleo", "password": PASSWORD, "invitation": invitation}, 409)
    assert [one.name for one in site.house.store.users.all()] == ["Ann", "Ben"]
    ben.post("/invitations", status=403)
    ben.get("/invitations", 403)
    assert "token" not in str(admin.get("/invitations")).replace("'token': None", "")


def test_a_password_that_is_too_short_is_not_repeated(admin: Api, site: Api) -> None:
    invitation = admin.post("/invitations", status=201)["token"]
    answer = site.ask("POST", "/accounts", 400, json={"name": "B", "password": "short", "invitation": invitation})
    assert "a password of 5 characters; expected 10-200" in answer.text
    assert "'short'" not in answer.text


def test_signing_in_out_and_elsewhere(admin: Api, site: Api) -> None:
    here = site.stranger()
    here.post("/sessions", {"name": "ANN", "password": "another password"}, 401)
    here.post("/sessions", {"name": "Nobody", "password": PASSWORD}, 401)
    answer = here.ask("POST", "/sessions", 201, json={"name": "ann", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    program = site.stranger()
    program.headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert program.get("/me")["name"] == "Ann"
    others = [one["id"] for one in here.get("/sessions")]
    assert len(others) == 2
    here.delete("/sessions/current")
    here.get("/me", 401)
    program.get("/me", 401)  # it was the same session
    assert admin.get("/me")["name"] == "Ann"


def test_another_password_ends_other_sessions(admin: Api, site: Api) -> None:
    elsewhere = site.stranger()
    elsewhere.post("/sessions", {"name": "Ann", "password": PASSWORD}, 201)
    admin.put("/me/password", {"old": "wrong", "new": "a longer password"}, 403)
    admin.put("/me/password", {"old": PASSWORD, "new": "a longer password"})
    admin.get("/me")
    elsewhere.get("/me", 401)
    elsewhere.post("/sessions", {"name": "Ann", "password": PASSWORD}, 401)
    elsewhere.post("/sessions", {"name": "Ann", "password": "a longer password"}, 201)


def test_guessing_is_slowed_down(admin: Api, site: Api) -> None:
    guesser = site.stranger()
    for number in range(5):
        guesser.post("/sessions", {"name": "Ann", "password": f"guess number {number}"}, 401)
    answer = guesser.ask("POST", "/sessions", 429, json={"name": "Ann", "password": PASSWORD})
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60 + 1


def test_other_accounts_cannot_be_asked_to_a_movie_night(admin: Api, site: Api) -> None:
    invitation = admin.post("/invitations", status=201)["token"]
    ben = site.stranger()
    number = ben.post("/accounts", {"name": "Ben", "password": PASSWORD, "invitation": invitation}, 201)["person"]["id"]
    admin.post("/movie-night", {"people": [number]}, 403)
    night = admin.post("/movie-night", {"guests": [{"name": "Ben", "likes": ["100"]}]})
    assert [one["name"] for one in night["movies"][0]["people"]] == ["Ann", "Ben"]


def test_without_accounts_there_are_no_passwords(api: Api) -> None:
    api.post("/accounts", {"name": "Ann", "password": PASSWORD, "invitation": "x"}, 400)
    api.post("/sessions", {"name": "Ann", "password": PASSWORD}, 400)
    api.post("/invitations", status=401)
