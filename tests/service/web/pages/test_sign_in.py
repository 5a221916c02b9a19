from tests.service.web.conftest import PASSWORD, TOKEN, Browser, words_of


def invitation(admin: Browser) -> str:
    page = admin.post("/account/invitations")
    return page.split("/join?invitation=")[1].split('"')[0]


def test_nobody_sees_a_page_before_signing_in_and_comes_back_to_it_after(admin: Browser) -> None:
    admin.post("/leave")
    for path in ("/", "/movies/100", "/profiles", "/account"):
        answer = admin.ask("GET", path)
        assert answer.url.path == "/sign-in", path
    assert 'value="/movies/100?list=x"' in admin.get("/movies/100?list=x")
    answer = admin.ask("POST", "/sign-in", data={"name": "ann", "password": PASSWORD, "back": "/account"})
    assert answer.url.path == "/account"


def test_the_first_account_is_made_with_the_admin_token(door: Browser) -> None:
    assert "Admin token" in door.get("/join")
    assert "another one" in door.post("/join", 422, name="Mallory", password=PASSWORD, token="a guess at the token")
    assert "by invitation" in door.post("/join", 422, name="Mallory", password=PASSWORD)
    assert "10 to 200" in door.post("/join", 422, name="Ann", password="short", token=TOKEN)
    assert not door.house.store.users.all()
    door.post("/join", name="Ann", password=PASSWORD, token=TOKEN)
    assert [one.role for one in door.house.store.users.all()] == ["admin"]


def test_an_invitation_serves_once(admin: Browser) -> None:
    token = invitation(admin)
    admin.post("/leave")
    assert token in admin.get(f"/join?invitation={token}")
    assert "this name already" in admin.post("/join", 422, name="ANN", password=PASSWORD, invitation=token)
    admin.post("/join", name="Ben", password=PASSWORD, invitation=token)
    assert [one.role for one in admin.house.store.users.all()] == ["admin", "member"]
    admin.post("/leave")
    assert "was used" in admin.post("/join", 422, name="Cem", password=PASSWORD, invitation=token)
    assert "was used" in admin.post("/join", 422, name="Cem", password=PASSWORD, invitation="made up")


def test_too_many_tries_have_to_wait_whoever_is_guessed_at(admin: Browser) -> None:
    admin.post("/leave")
    for _ in range(5):
        assert "No account has" in admin.post("/sign-in", 401, name="Ann", password="a wrong password")
    assert "Too many tries: wait" in admin.post("/sign-in", 429, name="Ann", password=PASSWORD)


def test_the_admin_token_cannot_be_guessed_at_for_long(door: Browser) -> None:
    for _ in range(5):
        door.post("/join", 422, name="Mallory", password=PASSWORD, token="a guess at the token")
    assert "another one" in door.post("/join", 422, name="Mallory", password=PASSWORD, token=TOKEN)


def test_where_there_are_profiles_there_is_no_door(browser: Browser) -> None:
    for path in ("/sign-in", "/join"):
        assert browser.ask("GET", path).url.path == "/profiles"
    assert "Who is it?" in words_of(browser.post("/sign-in", name="Ann", password=PASSWORD))
