"""Signing in, and joining with an invitation or, for the first account, with the admin token."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import Response

from matinee.errors import ConflictError, InputError
from matinee.service.dependencies import start_session
from matinee.service.operations import accounts as operations
from matinee.service.web.page_context import PageContext, PageDep
from matinee.service.web.pages.profiles import clean_name

router = APIRouter(include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
Name = Annotated[str, Form(max_length=200)]
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/sign-in")
def sign_in_page(context: PageDep, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form to sign in."""
    _require_accounts(context)
    return _sign_in_form(context, back)


@router.post("/sign-in")
def sign_in(context: PageDep, name: Name = "", password: Secret = "", back: Back = "/") -> Response:
    """Sign in. After too many failed attempts, further ones must wait."""
    _require_accounts(context)
    try:
        user = operations.sign_in(context.state, name.strip(), password, _client_address(context))
    except HTTPException as refusal:
        if refusal.status_code == 429:
            seconds = (refusal.headers or {}).get("Retry-After", "60")
            error = context.gettext("Too many attempts. Try again in {seconds} seconds.", seconds=seconds)
        else:
            error = context.gettext("Wrong name or password.")
        return _sign_in_form(context, back, error, name, refusal.status_code)
    response = context.redirect_back(back)
    start_session(context.state, context.request, response, user)
    return response


@router.get("/join")
def join_page(context: PageDep, invitation: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form to create an account."""
    _require_accounts(context)
    return _join_form(context, invitation)


@router.post("/join")
def join(
    context: PageDep, name: Name = "", password: Secret = "", invitation: Secret = "", token: Secret = ""
) -> Response:
    """Create an account and sign in. With the admin token it is an admin's account."""
    _require_accounts(context)
    new_name = clean_name(name)
    if new_name is None:
        return _join_form(context, invitation, context.gettext("A name has 1 to 60 characters."), name)
    try:
        as_admin = bool(token) and _is_admin_token(context, token)
        if token and not as_admin:
            return _join_form(context, invitation, context.gettext("That admin token is wrong."), name)
        if not token and not invitation:
            error = context.gettext("You need an invitation to create an account.")
            return _join_form(context, invitation, error, name)
        user = operations.sign_up(context.state, new_name, password, invitation or None, as_admin=as_admin)
    except ConflictError:
        if context.state.store.users.find_by_name(new_name) is not None:
            error = context.gettext("That name is taken.")
        else:
            error = context.gettext("This invitation has been used, or is more than a week old.")
        return _join_form(context, invitation, error, name)
    except InputError:
        return _join_form(context, invitation, context.gettext("Choose a password of 10 to 200 characters."), name)
    context.state.store.users.update(user.id, language=context.language)
    response = context.redirect("/welcome")
    start_session(context.state, context.request, response, user)
    return response


def _is_admin_token(context: PageContext, token: str) -> bool:
    """True for the admin token. Wrong ones are throttled like passwords."""
    admin_token, key = context.state.settings.admin_token, f"admin from {_client_address(context)}"
    if admin_token is None or context.state.login_throttle.seconds_until_allowed(key):
        return False
    is_right = secrets.compare_digest(token.encode("utf-8", "replace"), admin_token.get_secret_value().encode())
    if not is_right:
        context.state.login_throttle.record_failure(key)
    return is_right


def _sign_in_form(context: PageContext, back: str, error: str = "", name: str = "", status: int = 200) -> Response:
    return context.render("sign_in.html", status, title=context.gettext("Sign in"), back=back, error=error, name=name)


def _join_form(context: PageContext, invitation: str, error: str = "", name: str = "") -> Response:
    return context.render(
        "join.html",
        422 if error else 200,
        title=context.gettext("Join"),
        invitation=invitation,
        is_first=context.state.store.users.count() == 0,
        error=error,
        name=name,
    )


def _client_address(context: PageContext) -> str:
    client = context.request.client
    return client.host if client else "unknown"


def _require_accounts(context: PageContext) -> None:
    """Lead to the profiles if this server has no accounts."""
    if not context.state.settings.accounts:
        raise HTTPException(303, "This server has profiles instead of accounts.", {"Location": "/profiles"})
