"""Who is it? Profiles of this machine to pick from; and the language and light of the pages."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import Response

from matinee.errors import ConflictError
from matinee.pipeline.words import Language
from matinee.service.dependencies import end_session, start_session
from matinee.service.schemas.requests import Number
from matinee.service.web.page_context import LANGUAGE_COOKIE, THEME_COOKIE, PageContext, PageDep
from matinee.store.users import LONGEST_NAME

router = APIRouter(include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
_A_YEAR = 365 * 86_400  # seconds


@router.get("/profiles")
def people(context: PageDep, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """Everybody who has a profile here, and a place for one more."""
    _only_profiles(context)
    return _picker(context, back)


@router.post("/profiles")
def come_in(context: PageDep, name: Annotated[str, Form(max_length=200)] = "", back: Back = "/") -> Response:
    """Make a profile and go on as it."""
    _only_profiles(context)
    wanted = name_of(name)
    if wanted is None:
        return _picker(context, back, context.gettext("A name has 1 to 60 letters."), name)
    try:
        user = context.state.store.users.create(wanted, language=context.language)
    except ConflictError:
        return _picker(context, back, context.gettext("Somebody of this name is here already: pick them above."), name)
    answer = context.redirect("/welcome")
    start_session(context.state, context.request, answer, user)
    return answer


@router.post("/profiles/{number}")
def go_on_as(context: PageDep, number: Number, back: Back = "/") -> Response:
    """Go on as somebody who has a profile."""
    _only_profiles(context)
    user = context.state.store.users.get(number)
    if user.disabled:
        raise HTTPException(403, f"profile {number} is disabled; expected another one")
    answer = context.redirect_back(back)
    start_session(context.state, context.request, answer, user)
    return answer


@router.post("/leave")
def leave(context: PageDep) -> Response:
    """Put the profile aside, or sign out."""
    answer = context.redirect("/sign-in" if context.state.settings.accounts else "/profiles")
    end_session(context.state, context.request, answer)
    return answer


@router.post("/appearance")
def look(
    context: PageDep,
    language: Annotated[Language, Form()],
    theme: Annotated[Literal["system", "light", "dark"], Form()],
    back: Back = "/",
) -> Response:
    """Another language or light, for the person where there is one, and for this browser."""
    if context.user is not None:
        context.state.store.users.update(context.user.id, language=language, theme=theme)
    answer = context.redirect_back(back)
    for cookie, value in ((LANGUAGE_COOKIE, language), (THEME_COOKIE, theme)):
        answer.set_cookie(cookie, value, max_age=_A_YEAR, samesite="lax", httponly=True)
    return answer


def name_of(typed: str) -> str | None:
    """A name as it was typed, with single spaces; None for one that will not do."""
    name = " ".join(typed.split())
    return name if 1 <= len(name) <= LONGEST_NAME else None


def _picker(context: PageContext, back: str, wrong: str = "", name: str = "") -> Response:
    everybody = [one for one in context.state.store.users.all() if not one.disabled]
    return context.render(
        "profiles.html",
        422 if wrong else 200,
        title=context.gettext("Who is it?"),
        everybody=everybody,
        back=back,
        wrong=wrong,
        name=name,
    )


def _only_profiles(context: PageContext) -> None:
    if context.state.settings.accounts:
        raise HTTPException(303, "here are accounts", {"Location": "/account" if context.user else "/sign-in"})
