from collections.abc import Callable

from tests.service.web.conftest import Browser, visible_text


def test_a_new_user_enters_a_name(browser: Browser) -> None:
    assert "What’s your name?" in browser.get("/")
    browser.post("/profiles", name="  Ann \t Lee ")
    assert [user.name for user in browser.state.store.users.all()] == ["Ann Lee"]
    assert "Ann Lee" in browser.get("/")


def test_invalid_and_taken_names_are_refused(ann_browser: Browser) -> None:
    for name in ("", "   ", "x" * 61):
        assert "A name has 1 to 60 characters." in ann_browser.post("/profiles", 422, name=name)
    assert "is taken" in ann_browser.post("/profiles", 422, name="ANN")
    assert len(ann_browser.state.store.users.all()) == 1


def test_profiles_can_be_chosen_and_left(ann_browser: Browser) -> None:
    ann_browser.create_profile("Ben")
    ann, ben = ann_browser.state.store.users.all()
    ann_browser.post(f"/profiles/{ann.id}", back="/profiles")
    assert f'action="/profiles/{ann.id}"' in ann_browser.get("/profiles")
    ann_browser.post("/leave")
    assert "Who’s watching?" in visible_text(ann_browser.get("/"))
    ann_browser.state.store.users.update(ben.id, disabled=True)
    assert "is disabled" in ann_browser.post(f"/profiles/{ben.id}", 403)


def test_no_form_leads_to_another_site(ann_browser: Browser) -> None:
    ann = ann_browser.state.store.users.all()[0]
    for address in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", ""):
        answer = ann_browser.request("POST", f"/profiles/{ann.id}", data={"back": address})
        assert str(answer.url) == "http://127.0.0.1:8000/"


def test_language_and_theme_are_remembered(browser: Browser) -> None:
    browser.post("/appearance", language="zh", theme="dark", back="/profiles")
    page = browser.get("/profiles")
    assert 'lang="zh-CN"' in page
    assert 'data-theme="dark"' in page
    browser.create_profile("安")
    user = browser.state.store.users.all()[0]
    assert user.language == "zh"
    browser.post("/appearance", language="en", theme="light", back="/profiles")
    changed = browser.state.store.users.get(user.id)
    assert (changed.language, changed.theme) == ("en", "light")


def test_the_browser_decides_the_first_language(new_browser: Callable[..., Browser]) -> None:
    assert 'lang="zh-CN"' in new_browser("fr, zh-TW;q=0.8, en;q=0.5").get("/profiles")


def test_with_accounts_there_are_no_profiles(new_browser: Callable[..., Browser]) -> None:
    browser = new_browser(accounts=True, admin_token="a secret of sixteen letters or more")
    answer = browser.api.request_page("POST", "/profiles", data={"name": "Mallory"}, headers=browser.headers)
    assert "/sign-in" in str(answer.url)
    assert not browser.state.store.users.all()
