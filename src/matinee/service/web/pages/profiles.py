"""Profiles of this machine to choose from, and the language and theme of the pages."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import Response

from matinee.errors import ConflictError
from matinee.i18n import Language
from matinee.service.dependencies import end_session, start_session
from matinee.service.schemas.requests import Number
from matinee.service.web.page_context import LANGUAGE_COOKIE, THEME_COOKIE, PageContext, PageDep
from matinee.store.users import MAX_NAME_LENGTH

router = APIRouter(include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
_COOKIE_LIFETIME = 365 * 86_400  # seconds


@router.get("/profiles")
def profiles(context: PageDep, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """All profiles, and a form for a new one."""
    _require_profiles(context)
    return _page(context, back)


@router.post("/profiles")
def create(context: PageDep, name: Annotated[str, Form(max_length=200)] = "", back: Back = "/") -> Response:
    """Create a profile and sign in with it."""
    _require_profiles(context)
    new_name = clean_name(name)
    if new_name is None:
        return _page(context, back, context.gettext("A name has 1 to 60 characters."), name)
    try:
        user = context.state.store.users.create(new_name, language=context.language)
    except ConflictError:
        return _page(context, back, context.gettext("That name is taken. Pick the profile above."), name)
    response = context.redirect("/welcome")
    start_session(context.state, context.request, response, user)
    return response


@router.post("/profiles/{number}")
def choose(context: PageDep, number: Number, back: Back = "/") -> Response:
    """Sign in with a profile."""
    _require_profiles(context)
    user = context.state.store.users.get(number)
    if user.disabled:
        raise HTTPException(403, f"Profile {number} is disabled. Choose another one.")
    response = context.redirect_back(back)
    start_session(context.state, context.request, response, user)
    return response


@router.post("/leave")
def leave(context: PageDep) -> Response:
    """Leave the profile, or sign out."""
    response = context.redirect("/sign-in" if context.state.settings.accounts else "/profiles")
    end_session(context.state, context.request, response)
    return response


@router.post("/appearance")
def change_appearance(
    context: PageDep,
    language: Annotated[Language, Form()],
    theme: Annotated[Literal["system", "light", "dark"], Form()],
    back: Back = "/",
) -> Response:
    """Change the language and the theme, for the user if there is one, and for this browser."""
    if context.user is not None:
        context.state.store.users.update(context.user.id, language=language, theme=theme)
    response = context.redirect_back(back)
    for cookie, value in ((LANGUAGE_COOKIE, language), (THEME_COOKIE, theme)):
        response.set_cookie(cookie, value, max_age=_COOKIE_LIFETIME, samesite="lax", httponly=True)
    return response


def clean_name(text: str) -> str | None:
    """A name with single spaces; None for an empty or too long one."""
    name = " ".join(text.split())
    return name if 1 <= len(name) <= MAX_NAME_LENGTH else None


def _page(context: PageContext, back: str, error: str = "", name: str = "") -> Response:
    return context.render(
        "profiles.html",
        422 if error else 200,
        title=context.gettext("Who’s watching?"),
        profiles=[user for user in context.state.store.users.all() if not user.disabled],
        back=back,
        error=error,
        name=name,
    )


def _require_profiles(context: PageContext) -> None:
    """Lead to the account or the sign-in page if this server has accounts."""
    if context.state.settings.accounts:
        address = "/account" if context.user else "/sign-in"
        raise HTTPException(303, "This server has accounts instead of profiles.", {"Location": address})
