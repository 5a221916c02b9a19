"""The context of a page: user, language and theme of a request, and how a template becomes a response."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, cast
from urllib.parse import quote, urlsplit

import jinja2
from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from matinee.i18n import LANGUAGES, Language, gettext, preferred_language, translate
from matinee.i18n.catalog import translations
from matinee.message import Message
from matinee.service.dependencies import find_user
from matinee.service.state.app_state import AppState, ServedRunDep, StateDep
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedback
from matinee.service.web.assets import asset, page_assets
from matinee.service.web.template_filters import FILTERS
from matinee.store.users import THEMES, User

LANGUAGE_COOKIE, THEME_COOKIE = "matinee_language", "matinee_theme"
PUBLIC_PATHS = ("/sign-in", "/join", "/appearance")  # reached without signing in


@dataclass(frozen=True)
class MenuEntry:
    """A link in the menu of every page."""

    position: int  # in ascending order; a phone has the first four in its bar
    path: str
    label: str  # in English


@dataclass(frozen=True, eq=False)
class PageContext:
    """A request for a page, with everything its response needs."""

    state: AppState
    run: ServedRun
    request: Request
    user: User | None  # None for a visitor without a profile
    language: Language
    theme: str

    @property
    def is_htmx(self) -> bool:
        """True if htmx requests a part of the open page, False if the browser requests a whole page."""
        return "hx-request" in self.request.headers and "hx-history-restore-request" not in self.request.headers

    @property
    def menu(self) -> Sequence[MenuEntry]:
        """The links of the menu."""
        return self.request.app.state.menu

    def gettext(self, text: str, **params: object) -> str:
        """A text in the language of the page, its `{placeholders}` replaced by the parameters."""
        translated = gettext(self.language, text)
        return translated.format(**params) if params else translated

    def translate(self, message: Message) -> str:
        """A message in the language of the page."""
        return translate(message, self.language)

    def feedback(self) -> UserFeedback | None:
        """The user's feedback; None for a visitor."""
        return None if self.user is None else self.state.user_feedback.get(self.run, self.user.id)

    def render(
        self, template: str, status: int = 200, headers: dict[str, str] | None = None, **variables: Any
    ) -> Response:
        """The response with a template. Browsers revalidate it before they show it again."""
        content = template_environment(self.language).get_template(template)
        linked = {f"page_{ending}": page_assets(template, ending) for ending in ("css", "js")}
        html = content.render(context=self, user=self.user, **linked, **variables)
        cache_headers = {"Cache-Control": "private, no-cache", "Vary": "HX-Request, Cookie, Accept-Language"}
        return HTMLResponse(html, status, headers=cache_headers | (headers or {}))

    def redirect(self, address: str) -> Response:
        """The response that leads to another page."""
        if self.is_htmx:
            return Response(status_code=204, headers={"HX-Redirect": address})
        return RedirectResponse(address, 303)

    def redirect_back(self, back: str) -> Response:
        """Lead to the page a form was sent from; to Home if that is another site's address."""
        return self.redirect(back if is_local_path(back) else "/")


def page_context(state: AppState, run: ServedRun, request: Request) -> PageContext:
    """The context of a request, with or without a user."""
    user = find_user(state, request)
    language = _language(request, user)
    theme = user.theme if user else request.cookies.get(THEME_COOKIE, "system")
    return PageContext(state, run, request, user, language, theme if theme in THEMES else "system")


def get_page_context(state: StateDep, run: ServedRunDep, request: Request) -> PageContext:
    """The context of a request. With accounts, visitors who are not signed in are sent to the sign-in page."""
    context = page_context(state, run, request)
    if context.user is None and state.settings.accounts and request.url.path not in PUBLIC_PATHS:
        raise _redirect_to_sign_in(context, "/sign-in")
    return context


def get_signed_in_context(context: Annotated[PageContext, Depends(get_page_context)]) -> PageContext:
    """The context of a request with a user. Visitors are sent to the profiles, and back afterwards."""
    if context.user is None:
        raise _redirect_to_sign_in(context, "/profiles")
    return context


PageDep = Annotated[PageContext, Depends(get_page_context)]
SignedInPageDep = Annotated[PageContext, Depends(get_signed_in_context)]


def signed_in_user(context: PageContext) -> User:
    """The user, on pages with `SignedInPageDep`."""
    return cast(User, context.user)


def is_local_path(address: str) -> bool:
    """True if an address is a path of this app and cannot lead to another site."""
    parts = urlsplit(address)
    return address.startswith("/") and address[1:2] not in ("/", "\\") and not parts.scheme and not parts.netloc


@cache
def template_environment(language: Language) -> jinja2.Environment:
    """Templates in a language. Variables are escaped; a missing variable is an error."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("matinee.service.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    cast(Any, environment).install_gettext_translations(translations(language), newstyle=True)
    cast(dict[str, Any], environment.globals).update(asset=asset, language=language, languages=LANGUAGES)
    environment.filters |= {name: partial(function, language) for name, function in FILTERS.items()}
    return environment


def _language(request: Request, user: User | None) -> Language:
    chosen = request.cookies.get(LANGUAGE_COOKIE) if user is None else user.language
    if chosen in LANGUAGES:
        return "zh" if chosen == "zh" else "en"
    return preferred_language(request.headers.get("accept-language", ""))


def _redirect_to_sign_in(context: PageContext, address: str) -> HTTPException:
    """Lead to the page where a visitor signs in; for a GET request, with the way back."""
    if context.is_htmx:
        return HTTPException(401, "Not signed in.", {"HX-Redirect": address})
    url = context.request.url
    path = url.path + (f"?{url.query}" if url.query else "")
    back = f"?back={quote(path, safe='')}" if context.request.method == "GET" else ""
    return HTTPException(303, "Not signed in.", {"Location": address + back})
