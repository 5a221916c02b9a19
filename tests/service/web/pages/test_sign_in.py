from tests.service.web.conftest import PASSWORD, TOKEN, Browser, visible_text


def invitation(admin: Browser) -> str:
    page = admin.post("/account/invitations")
    return page.split("/join?invitation=")[1].split('"')[0]


def test_pages_require_signing_in(admin: Browser) -> None:
    admin.post("/leave")
    for path in ("/", "/movies/100", "/profiles", "/account"):
        answer = admin.request("GET", path)
        assert answer.url.path == "/sign-in", path
    assert 'value="/movies/100?list=x"' in admin.get("/movies/100?list=x")
    answer = admin.request("POST", "/sign-in", data={"name": "ann", "password": PASSWORD, "back": "/account"})
    assert answer.url.path == "/account"


def test_the_first_account_needs_the_admin_token(accounts_browser: Browser) -> None:
    assert "Admin token" in accounts_browser.get("/join")
    assert "That admin token is wrong" in accounts_browser.post(
        "/join", 422, name="Mallory", password=PASSWORD, token="a guess at the token"
    )
    assert "You need an invitation" in accounts_browser.post("/join", 422, name="Mallory", password=PASSWORD)
    assert "10 to 200" in accounts_browser.post("/join", 422, name="Ann", password="short", token=TOKEN)
    assert not accounts_browser.state.store.users.all()
    accounts_browser.post("/join", name="Ann", password=PASSWORD, token=TOKEN)
    assert [user.role for user in accounts_browser.state.store.users.all()] == ["admin"]


def test_an_invitation_works_once(admin: Browser) -> None:
    token = invitation(admin)
    admin.post("/leave")
    assert token in admin.get(f"/join?invitation={token}")
    assert "is taken" in admin.post("/join", 422, name="ANN", password=PASSWORD, invitation=token)
    admin.post("/join", name="Ben", password=PASSWORD, invitation=token)
    assert [user.role for user in admin.state.store.users.all()] == ["admin", "member"]
    admin.post("/leave")
    assert "has been used" in admin.post("/join", 422, name="Cem", password=PASSWORD, invitation=token)
    assert "has been used" in admin.post("/join", 422, name="Cem", password=PASSWORD, invitation="made up")


def test_failed_attempts_are_throttled(admin: Browser) -> None:
    admin.post("/leave")
    for _ in range(5):
        assert "Wrong name or password" in admin.post("/sign-in", 401, name="Ann", password="a wrong password")
    assert "Too many attempts. Try again in" in admin.post("/sign-in", 429, name="Ann", password=PASSWORD)


def test_wrong_admin_tokens_are_throttled(accounts_browser: Browser) -> None:
    for _ in range(5):
        accounts_browser.post("/join", 422, name="Mallory", password=PASSWORD, token="a guess at the token")
    assert "That admin token is wrong" in accounts_browser.post(
        "/join", 422, name="Mallory", password=PASSWORD, token=TOKEN
    )


def test_with_profiles_there_is_no_sign_in_page(browser: Browser) -> None:
    for path in ("/sign-in", "/join"):
        assert browser.request("GET", path).url.path == "/profiles"
    assert "Who’s watching?" in visible_text(browser.post("/sign-in", name="Ann", password=PASSWORD))
