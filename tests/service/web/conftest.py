"""Somebody with a browser that has no scripts: cookies, forms, and redirects that are followed."""

import re
from collections.abc import Callable
from html import unescape

import httpx
import pytest

from matinee.service.state.app_state import AppState
from tests.service.conftest import SECRET as TOKEN
from tests.service.conftest import Api

PASSWORD = "a long enough password"
FORM = {"accept": "text/html", "accept-language": "en"}
HTMX = {"hx-request": "true"}


class Browser:
    """A browser that is at some page."""

    def __init__(self, api: Api, language: str = "en"):
        self.api = api
        self.headers = FORM | {"accept-language": language}

    @property
    def state(self) -> AppState:
        return self.api.state

    def request(self, method: str, path: str, status: int | None = 200, **options: object) -> httpx.Response:
        """An answer; where it leads elsewhere, what is there."""
        headers = self.headers | options.pop("headers", {})  # pyright: ignore[reportOperatorIssue]
        answer = self.api.request_page(method, path, headers=headers, **options)
        assert status is None or answer.status_code == status, answer.text
        return answer

    def get(self, path: str, status: int | None = 200, **options: object) -> str:
        return self.request("GET", path, status, **options).text

    def post(self, path: str, status: int | None = 200, **fields: object) -> str:
        """The page a form leads to."""
        return self.request("POST", path, status, data=fields).text

    def post_htmx(self, path: str, status: int | None = 200, **fields: object) -> httpx.Response:
        """What htmx would put in place."""
        return self.request("POST", path, status, data=fields, headers=HTMX)

    def create_profile(self, name: str) -> "Browser":
        """Make a profile and go on as it."""
        self.post("/profiles", name=name)
        return self


def visible_text(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def browser(api: Api) -> Browser:
    """A browser at a machine where nobody has been yet."""
    return Browser(api)


@pytest.fixture
def ann_browser(browser: Browser) -> Browser:
    """A browser with Ann at it."""
    return browser.create_profile("Ann")


@pytest.fixture
def new_browser(new_api: Callable[..., Api]) -> Callable[..., Browser]:
    """`new_browser(accounts=True)`."""

    def new(language: str = "en", **flags: object) -> Browser:
        return Browser(new_api(**flags), language)

    return new


@pytest.fixture
def accounts_browser(new_browser: Callable[..., Browser]) -> Browser:
    """Where there are accounts, and none has been made."""
    return new_browser(accounts=True, admin_token=TOKEN)


@pytest.fixture
def admin(accounts_browser: Browser) -> Browser:
    """Where there is the account of an admin, who is signed in."""
    accounts_browser.post("/join", name="Ann", password=PASSWORD, token=TOKEN)
    return accounts_browser
