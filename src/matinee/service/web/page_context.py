"""One visit to a page: who comes, in which language and light, and how a template becomes an answer."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, cast
from urllib.parse import quote, urlsplit

import jinja2
from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from matinee.pipeline.words import Language
from matinee.service.dependencies import user_of
from matinee.service.state.app_state import AppState, ServedRunDep, StateDep
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedback
from matinee.service.web.assets import asset
from matinee.service.web.template_filters import FILTERS
from matinee.service.web.words import LANGUAGES, gettext, preferred
from matinee.store.users import THEMES, User

LANGUAGE_COOKIE, THEME_COOKIE = "matinee_language", "matinee_theme"


@dataclass(frozen=True, eq=False)
class PageContext:
    """A request for a page, with all that its answer needs."""

    state: AppState
    run: ServedRun
    request: Request
    user: User | None  # None: a passer-by
    language: Language
    theme: str

    @property
    def is_htmx(self) -> bool:
        """Whether htmx asks, to change a part of the page that is open; else a whole page is wanted."""
        return "hx-request" in self.request.headers and "hx-history-restore-request" not in self.request.headers

    def gettext(self, text: str) -> str:
        """A text of the pages in the language of the visit."""
        return gettext(self.language, text)

    def feedback(self) -> UserFeedback | None:
        """What the person has said until now; None for a passer-by."""
        return None if self.user is None else self.state.user_feedback.get(self.run, self.user.id)

    def render(self, template: str, status: int = 200, headers: dict[str, str] | None = None, **told: Any) -> Response:
        """A template as an answer, never kept by a browser longer than until the next look."""
        made = template_environment(self.language).get_template(template)
        content = made.render(context=self, user=self.user, **told)
        kept = {"Cache-Control": "private, no-cache", "Vary": "HX-Request, Cookie, Accept-Language"}
        return HTMLResponse(content, status, headers=kept | (headers or {}))

    def redirect(self, address: str) -> Response:
        """The answer that leads to another page, after a form or for want of somebody."""
        if self.is_htmx:
            return Response(status_code=204, headers={"HX-Redirect": address})
        return RedirectResponse(address, 303)

    def redirect_back(self, back: str) -> Response:
        """To the page a form was sent from; to Home if that is no page of ours."""
        return self.redirect(back if is_local_path(back) else "/")


def page_context(state: AppState, run: ServedRun, request: Request) -> PageContext:
    """The visit of a request, whoever comes."""
    user = user_of(state, request)
    language = _language(request, user)
    theme = user.theme if user else request.cookies.get(THEME_COOKIE, "system")
    return PageContext(state, run, request, user, language, theme if theme in THEMES else "system")


def get_page_context(state: StateDep, run: ServedRunDep, request: Request) -> PageContext:
    """The visit of a request. Where there are accounts, who is not signed in is led to the door."""
    context = page_context(state, run, request)
    if context.user is None and state.settings.accounts and request.url.path not in PUBLIC_PATHS:
        raise _redirect_to_sign_in(context, "/sign-in")
    return context


def get_signed_in_context(visit: Annotated[PageContext, Depends(get_page_context)]) -> PageContext:
    """The visit of somebody we know. A passer-by is led to where one says who one is, and back afterwards."""
    if visit.user is None:
        raise _redirect_to_sign_in(visit, "/profiles")
    return visit


PageDep = Annotated[PageContext, Depends(get_page_context)]
SignedInPageDep = Annotated[PageContext, Depends(get_signed_in_context)]

PUBLIC_PATHS = ("/sign-in", "/join", "/appearance")  # open to whom we do not know


def signed_in_user(context: PageContext) -> User:
    """Who comes, on pages of `AKnownVisit`."""
    return cast(User, context.user)


def is_local_path(address: str) -> bool:
    """Whether an address is a page of this house: a path, and nothing that could lead elsewhere."""
    parts = urlsplit(address)
    return address.startswith("/") and address[1:2] not in ("/", "\\") and not parts.scheme and not parts.netloc


@cache
def template_environment(language: Language) -> jinja2.Environment:
    """Templates in a language. What they are given is escaped; what they miss is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("matinee.service.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    told = partial(gettext, language)

    def counted(one: str, many: str, n: int) -> str:
        return told(one if n == 1 else many)

    cast(Any, made).install_gettext_callables(told, counted, newstyle=True)
    cast(dict[str, Any], made.globals).update(asset=asset, language=language, languages=LANGUAGES)
    made.filters |= {name: partial(tell, language) for name, tell in FILTERS.items()}
    return made


def _language(request: Request, user: User | None) -> Language:
    chosen = request.cookies.get(LANGUAGE_COOKIE) if user is None else user.language
    if chosen in LANGUAGES:
        return "zh" if chosen == "zh" else "en"
    return preferred(request.headers.get("accept-language", ""))


def _redirect_to_sign_in(context: PageContext, door: str) -> HTTPException:
    """Leads to a door; where a page was asked for, the door leads back to it."""
    path = context.request.url.path
    asked = path + (f"?{context.request.url.query}" if context.request.url.query else "")
    if context.is_htmx:
        return HTTPException(401, "nobody asks", {"HX-Redirect": door})
    back = f"?back={quote(asked, safe='')}" if context.request.method == "GET" else ""
    return HTTPException(303, "nobody asks", {"Location": door + back})
