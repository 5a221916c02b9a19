"""A browser without scripts: it keeps cookies, sends forms and follows redirects."""

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
    """A browser with its own cookies."""

    def __init__(self, api: Api, language: str = "en"):
        self.api = api
        self.headers = FORM | {"accept-language": language}

    @property
    def state(self) -> AppState:
        return self.api.state

    def request(self, method: str, path: str, status: int | None = 200, **options: object) -> httpx.Response:
        """The response after redirects, checked for its status."""
        headers = self.headers | options.pop("headers", {})  # pyright: ignore[reportOperatorIssue]
        response = self.api.request_page(method, path, headers=headers, **options)
        assert status is None or response.status_code == status, response.text
        return response

    def get(self, path: str, status: int | None = 200, **options: object) -> str:
        return self.request("GET", path, status, **options).text

    def post(self, path: str, status: int | None = 200, **fields: object) -> str:
        """The page that a form leads to."""
        return self.request("POST", path, status, data=fields).text

    def post_htmx(self, path: str, status: int | None = 200, **fields: object) -> httpx.Response:
        """The response to a form sent by htmx."""
        return self.request("POST", path, status, data=fields, headers=HTMX)

    def create_profile(self, name: str) -> "Browser":
        """Create a profile and sign in with it."""
        self.post("/profiles", name=name)
        return self


def visible_text(page: str) -> str:
    """The text of a page without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def browser(api: Api) -> Browser:
    """A browser at a server without profiles."""
    return Browser(api)


@pytest.fixture
def ann_browser(browser: Browser) -> Browser:
    """A browser signed in as Ann."""
    return browser.create_profile("Ann")


@pytest.fixture
def new_browser(new_api: Callable[..., Api]) -> Callable[..., Browser]:
    """`new_browser(accounts=True)`."""

    def new(language: str = "en", **flags: object) -> Browser:
        return Browser(new_api(**flags), language)

    return new


@pytest.fixture
def accounts_browser(new_browser: Callable[..., Browser]) -> Browser:
    """A browser at a server with accounts, before the first one."""
    return new_browser(accounts=True, admin_token=TOKEN)


@pytest.fixture
def admin(accounts_browser: Browser) -> Browser:
    """A browser signed in as the admin of a server with accounts."""
    accounts_browser.post("/join", name="Ann", password=PASSWORD, token=TOKEN)
    return accounts_browser
