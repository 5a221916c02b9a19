import json

from tests.service.web.conftest import PASSWORD, Browser
from tests.service.web.pages.test_sign_in import invitation

OTHER = "another long password"


def test_a_name_can_be_changed_but_not_to_anothers(ann_at: Browser) -> None:
    ann_at.come_in("Ben")
    assert "has this name already" in ann_at.post("/account/name", 422, name="ann")
    assert "1 to 60" in ann_at.post("/account/name", 422, name=" ")
    ann_at.post("/account/name", name="Benno")
    assert [one.name for one in ann_at.house.store.users.all()] == ["Ann", "Benno"]


def test_a_password_changes_only_with_the_old_one(admin: Browser) -> None:
    assert "old password" in admin.post("/account/password", 422, old="a wrong password", new=OTHER)
    assert "10 to 200" in admin.post("/account/password", 422, old=PASSWORD, new="short")
    admin.post("/account/password", old=PASSWORD, new=OTHER)
    admin.post("/leave")
    admin.post("/sign-in", 401, name="Ann", password=PASSWORD)
    admin.post("/sign-in", name="Ann", password=OTHER)


def test_other_sessions_can_be_ended(admin: Browser) -> None:
    elsewhere = Browser(admin.api.stranger())
    elsewhere.post("/sign-in", name="Ann", password=PASSWORD)
    assert elsewhere.ask("GET", "/account").url.path == "/account"
    ann = admin.house.store.users.all()[0]
    other = max(one.id for one in admin.house.store.sessions.of(ann.id))
    admin.post(f"/account/sessions/{other}/end")
    assert elsewhere.ask("GET", "/account").url.path == "/sign-in"


def test_everything_can_be_taken_along(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars=4.5)
    answer = ann_at.ask("GET", "/account/export")
    assert "attachment" in answer.headers["content-disposition"]
    assert '"movie_id": "100"' in json.dumps(answer.json())


def test_only_admins_invite_and_invitations_can_be_withdrawn(admin: Browser) -> None:
    token = invitation(admin)
    number = admin.house.store.invitations.all()[0].id
    member = Browser(admin.api.stranger())
    member.post("/join", name="Ben", password=PASSWORD, invitation=invitation(admin))
    member.post("/account/invitations", 403)
    member.post(f"/account/invitations/{number}/withdraw", 403)
    admin.post(f"/account/invitations/{number}/withdraw")
    assert admin.house.store.invitations.find(token) is None


def test_leaving_for_good_needs_the_name_and_takes_everything(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars=4.5)
    assert "nothing was deleted" in ann_at.post("/account/delete", 422, name="Somebody")
    ann = ann_at.house.store.users.all()[0]
    assert ann_at.ask("POST", "/account/delete", data={"name": "Ann"}).url.path == "/profiles"
    assert not ann_at.house.store.users.all()
    assert ann_at.house.store.ratings.get(ann.id, "100") is None
