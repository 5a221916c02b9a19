from collections.abc import Callable

from tests.service.web.conftest import Browser, words_of


def test_somebody_new_says_their_name_and_is_in(browser: Browser) -> None:
    assert "What shall we call you?" in browser.get("/")
    browser.post("/profiles", name="  Ann \t Lee ")
    assert [one.name for one in browser.house.store.users.all()] == ["Ann Lee"]
    assert "Ann Lee" in browser.get("/")


def test_a_name_that_is_empty_too_long_or_taken_is_told_and_nothing_is_made(ann_at: Browser) -> None:
    for name in ("", "   ", "x" * 61):
        assert "A name has 1 to 60 letters." in ann_at.post("/profiles", 422, name=name)
    assert "is here already" in ann_at.post("/profiles", 422, name="ANN")
    assert len(ann_at.house.store.users.all()) == 1


def test_whoever_is_here_can_be_picked_and_put_aside(ann_at: Browser) -> None:
    ann_at.come_in("Ben")
    ann, ben = ann_at.house.store.users.all()
    ann_at.post(f"/profiles/{ann.id}", back="/profiles")
    assert f'action="/profiles/{ann.id}"' in ann_at.get("/profiles")
    ann_at.post("/leave")
    assert "Who is it?" in words_of(ann_at.get("/"))
    ann_at.house.store.users.update(ben.id, disabled=True)
    assert "is disabled" in ann_at.post(f"/profiles/{ben.id}", 403)


def test_no_form_leads_away_from_the_house(ann_at: Browser) -> None:
    ann = ann_at.house.store.users.all()[0]
    for elsewhere in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", ""):
        answer = ann_at.ask("POST", f"/profiles/{ann.id}", data={"back": elsewhere})
        assert str(answer.url) == "http://127.0.0.1:8000/"


def test_language_and_light_stay_with_a_person_and_with_a_browser(browser: Browser) -> None:
    browser.post("/appearance", language="zh", theme="dark", back="/profiles")
    page = browser.get("/profiles")
    assert 'lang="zh-CN"' in page
    assert 'data-theme="dark"' in page
    browser.come_in("安")
    user = browser.house.store.users.all()[0]
    assert user.language == "zh"
    browser.post("/appearance", language="en", theme="light", back="/profiles")
    changed = browser.house.store.users.get(user.id)
    assert (changed.language, changed.theme) == ("en", "light")


def test_the_first_language_is_the_one_that_the_browser_asks_for(new_browser: Callable[..., Browser]) -> None:
    assert 'lang="zh-CN"' in new_browser("fr, zh-TW;q=0.8, en;q=0.5").get("/profiles")


def test_where_there_are_accounts_nobody_picks_a_profile(new_browser: Callable[..., Browser]) -> None:
    browser = new_browser(accounts=True, admin_token="a secret of sixteen letters or more")
    answer = browser.api.ask_page("POST", "/profiles", data={"name": "Mallory"}, headers=browser.headers)
    assert "/sign-in" in str(answer.url)
    assert not browser.house.store.users.all()
