import json

from tests.service.web.conftest import PASSWORD, Browser
from tests.service.web.pages.test_sign_in import invitation

OTHER = "another long password"


def test_a_name_can_be_changed_unless_it_is_taken(ann_browser: Browser) -> None:
    ann_browser.create_profile("Ben")
    assert "is taken" in ann_browser.post("/account/name", 422, name="ann")
    assert "1 to 60" in ann_browser.post("/account/name", 422, name=" ")
    ann_browser.post("/account/name", name="Benno")
    assert [user.name for user in ann_browser.state.store.users.all()] == ["Ann", "Benno"]


def test_a_new_password_needs_the_current_one(admin: Browser) -> None:
    assert "current password" in admin.post("/account/password", 422, old="a wrong password", new=OTHER)
    assert "10 to 200" in admin.post("/account/password", 422, old=PASSWORD, new="short")
    admin.post("/account/password", old=PASSWORD, new=OTHER)
    admin.post("/leave")
    admin.post("/sign-in", 401, name="Ann", password=PASSWORD)
    admin.post("/sign-in", name="Ann", password=OTHER)


def test_other_sessions_can_be_ended(admin: Browser) -> None:
    other_browser = Browser(admin.api.new_browser())
    other_browser.post("/sign-in", name="Ann", password=PASSWORD)
    assert other_browser.request("GET", "/account").url.path == "/account"
    ann = admin.state.store.users.all()[0]
    other = max(session.id for session in admin.state.store.sessions.open_sessions(ann.id))
    admin.post(f"/account/sessions/{other}/end")
    assert other_browser.request("GET", "/account").url.path == "/sign-in"


def test_everything_can_be_exported(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars=4.5)
    answer = ann_browser.request("GET", "/account/export")
    assert "attachment" in answer.headers["content-disposition"]
    assert '"movie_id": "100"' in json.dumps(answer.json())


def test_only_admins_manage_invitations(admin: Browser) -> None:
    token = invitation(admin)
    number = admin.state.store.invitations.all()[0].id
    member = Browser(admin.api.new_browser())
    member.post("/join", name="Ben", password=PASSWORD, invitation=invitation(admin))
    member.post("/account/invitations", 403)
    member.post(f"/account/invitations/{number}/withdraw", 403)
    admin.post(f"/account/invitations/{number}/withdraw")
    assert admin.state.store.invitations.find(token) is None


def test_deletion_needs_the_name(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars=4.5)
    assert "Nothing was deleted" in ann_browser.post("/account/delete", 422, name="Someone")
    ann = ann_browser.state.store.users.all()[0]
    assert ann_browser.request("POST", "/account/delete", data={"name": "Ann"}).url.path == "/profiles"
    assert not ann_browser.state.store.users.all()
    assert ann_browser.state.store.ratings.get(ann.id, "100") is None
