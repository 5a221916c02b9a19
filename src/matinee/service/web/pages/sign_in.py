"""The door, where there are accounts: signing in, and joining by an invitation or, for the first, the admin token."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import Response

from matinee.errors import ConflictError, InputError
from matinee.service.dependencies import start_session
from matinee.service.operations import accounts as operations
from matinee.service.web.page_context import PageContext, PageDep
from matinee.service.web.pages.profiles import name_of

router = APIRouter(include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
Name = Annotated[str, Form(max_length=200)]
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/sign-in")
def door(context: PageDep, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form to sign in with."""
    _only_accounts(context)
    return _door(context, back)


@router.post("/sign-in")
def sign_in(context: PageDep, name: Name = "", password: Secret = "", back: Back = "/") -> Response:
    """Sign in. After too many failures it takes a while until the next try."""
    _only_accounts(context)
    try:
        user = operations.sign_in(context.state, name.strip(), password, _address(context))
    except HTTPException as refused:
        if refused.status_code == 429:
            wrong = context.gettext("Too many tries: wait {seconds} seconds, then try again.")
            told = wrong.format(seconds=(refused.headers or {}).get("Retry-After", "60"))
        else:
            told = context.gettext("No account has this name and password.")
        return _door(context, back, told, name, refused.status_code)
    answer = context.redirect_back(back)
    start_session(context.state, context.request, answer, user)
    return answer


@router.get("/join")
def joining(context: PageDep, invitation: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form to make an account with."""
    _only_accounts(context)
    return _joining(context, invitation)


@router.post("/join")
def join(
    context: PageDep, name: Name = "", password: Secret = "", invitation: Secret = "", token: Secret = ""
) -> Response:
    """Make an account and sign in; the admin token makes the account of an admin."""
    _only_accounts(context)
    wanted = name_of(name)
    if wanted is None:
        return _joining(context, invitation, context.gettext("A name has 1 to 60 letters."), name)
    try:
        as_admin = bool(token) and _is_the_token(context, token)
        if token and not as_admin:
            return _joining(context, invitation, context.gettext("The admin token is another one."), name)
        if not token and not invitation:
            return _joining(context, invitation, context.gettext("An account is made by invitation."), name)
        user = operations.sign_up(context.state, wanted, password, invitation or None, as_admin=as_admin)
    except ConflictError:
        taken = context.state.store.users.by_name(wanted) is not None
        name_taken = context.gettext("Somebody has this name already.")
        told = name_taken if taken else context.gettext("This invitation was used, or is older than a week.")
        return _joining(context, invitation, told, name)
    except InputError:
        return _joining(context, invitation, context.gettext("A password has 10 to 200 characters."), name)
    context.state.store.users.update(user.id, language=context.language)
    answer = context.redirect("/welcome")
    start_session(context.state, context.request, answer, user)
    return answer


def _is_the_token(context: PageContext, given: str) -> bool:
    """Whether this is the admin token; it may be guessed at as seldom as a password."""
    token, key = context.state.settings.admin_token, f"admin from {_address(context)}"
    if token is None or context.state.login_throttle.seconds_until_allowed(key):
        return False
    right = secrets.compare_digest(given.encode("utf-8", "replace"), token.get_secret_value().encode())
    if not right:
        context.state.login_throttle.record_failure(key)
    return right


def _door(context: PageContext, back: str, wrong: str = "", name: str = "", status: int = 200) -> Response:
    return context.render("sign_in.html", status, title=context.gettext("Sign in"), back=back, wrong=wrong, name=name)


def _joining(context: PageContext, invitation: str, wrong: str = "", name: str = "") -> Response:
    return context.render(
        "join.html",
        422 if wrong else 200,
        title=context.gettext("Join"),
        invitation=invitation,
        first=context.state.store.users.count() == 0,
        wrong=wrong,
        name=name,
    )


def _address(context: PageContext) -> str:
    client = context.request.client
    return client.host if client else "nowhere"


def _only_accounts(context: PageContext) -> None:
    if not context.state.settings.accounts:
        raise HTTPException(303, "here are profiles", {"Location": "/profiles"})
