"""One visit to a page: who comes, in which language and light, and how a template becomes an answer."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, cast
from urllib.parse import quote, urlsplit

import jinja2
from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from matinee.pipeline.words import Language
from matinee.service.dependencies import person_of
from matinee.service.state.app_state import House, TheHouse, TheStage
from matinee.service.state.served_run import Stage
from matinee.service.state.user_feedback import Taste
from matinee.service.web.assets import asset
from matinee.service.web.template_filters import FILTERS
from matinee.service.web.words import LANGUAGES, gettext, preferred
from matinee.store.users import THEMES, Person

LANGUAGE_COOKIE, THEME_COOKIE = "matinee_language", "matinee_theme"


@dataclass(frozen=True, eq=False)
class Visit:
    """A request for a page, with all that its answer needs."""

    house: House
    stage: Stage
    request: Request
    person: Person | None  # None: a passer-by
    language: Language
    theme: str

    @property
    def in_place(self) -> bool:
        """Whether htmx asks, to change a part of the page that is open; else a whole page is wanted."""
        return "hx-request" in self.request.headers and "hx-history-restore-request" not in self.request.headers

    def say(self, text: str) -> str:
        """A text of the pages in the language of the visit."""
        return gettext(self.language, text)

    def taste(self) -> Taste | None:
        """What the person has said until now; None for a passer-by."""
        return None if self.person is None else self.house.tastes.of(self.stage, self.person.id)

    def page(self, template: str, status: int = 200, headers: dict[str, str] | None = None, **told: Any) -> Response:
        """A template as an answer, never kept by a browser longer than until the next look."""
        made = environment(self.language).get_template(template)
        content = made.render(visit=self, person=self.person, **told)
        kept = {"Cache-Control": "private, no-cache", "Vary": "HX-Request, Cookie, Accept-Language"}
        return HTMLResponse(content, status, headers=kept | (headers or {}))

    def go_to(self, address: str) -> Response:
        """The answer that leads to another page, after a form or for want of somebody."""
        if self.in_place:
            return Response(status_code=204, headers={"HX-Redirect": address})
        return RedirectResponse(address, 303)

    def go_back(self, back: str) -> Response:
        """To the page a form was sent from; to Home if that is no page of ours."""
        return self.go_to(back if is_ours(back) else "/")


def visit_of(house: House, stage: Stage, request: Request) -> Visit:
    """The visit of a request, whoever comes."""
    person = person_of(house, request)
    language = _language(request, person)
    theme = person.theme if person else request.cookies.get(THEME_COOKIE, "system")
    return Visit(house, stage, request, person, language, theme if theme in THEMES else "system")


def a_visit(house: TheHouse, stage: TheStage, request: Request) -> Visit:
    """The visit of a request. Where there are accounts, who is not signed in is led to the door."""
    visit = visit_of(house, stage, request)
    if visit.person is None and house.settings.accounts and request.url.path not in _DOORS:
        raise _elsewhere(visit, "/sign-in")
    return visit


def a_known_visit(visit: Annotated[Visit, Depends(a_visit)]) -> Visit:
    """The visit of somebody we know. A passer-by is led to where one says who one is, and back afterwards."""
    if visit.person is None:
        raise _elsewhere(visit, "/people")
    return visit


AVisit = Annotated[Visit, Depends(a_visit)]
AKnownVisit = Annotated[Visit, Depends(a_known_visit)]

_DOORS = ("/sign-in", "/join", "/look")  # open to whom we do not know


def the_person(visit: Visit) -> Person:
    """Who comes, on pages of `AKnownVisit`."""
    return cast(Person, visit.person)


def is_ours(address: str) -> bool:
    """Whether an address is a page of this house: a path, and nothing that could lead elsewhere."""
    parts = urlsplit(address)
    return address.startswith("/") and address[1:2] not in ("/", "\\") and not parts.scheme and not parts.netloc


@cache
def environment(language: Language) -> jinja2.Environment:
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


def _language(request: Request, person: Person | None) -> Language:
    chosen = request.cookies.get(LANGUAGE_COOKIE) if person is None else person.language
    if chosen in LANGUAGES:
        return "zh" if chosen == "zh" else "en"
    return preferred(request.headers.get("accept-language", ""))


def _elsewhere(visit: Visit, door: str) -> HTTPException:
    """Leads to a door; where a page was asked for, the door leads back to it."""
    path = visit.request.url.path
    asked = path + (f"?{visit.request.url.query}" if visit.request.url.query else "")
    if visit.in_place:
        return HTTPException(401, "nobody asks", {"HX-Redirect": door})
    back = f"?back={quote(asked, safe='')}" if visit.request.method == "GET" else ""
    return HTTPException(303, "nobody asks", {"Location": door + back})
