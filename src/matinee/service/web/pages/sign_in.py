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
def door(visit: PageDep, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form to sign in with."""
    _only_accounts(visit)
    return _door(visit, back)


@router.post("/sign-in")
def sign_in(visit: PageDep, name: Name = "", password: Secret = "", back: Back = "/") -> Response:
    """Sign in. After too many failures it takes a while until the next try."""
    _only_accounts(visit)
    try:
        person = operations.sign_in(visit.state, name.strip(), password, _address(visit))
    except HTTPException as refused:
        if refused.status_code == 429:
            wrong = visit.gettext("Too many tries: wait {seconds} seconds, then try again.")
            told = wrong.format(seconds=(refused.headers or {}).get("Retry-After", "60"))
        else:
            told = visit.gettext("No account has this name and password.")
        return _door(visit, back, told, name, refused.status_code)
    answer = visit.redirect_back(back)
    start_session(visit.state, visit.request, answer, person)
    return answer


@router.get("/join")
def joining(visit: PageDep, invitation: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form to make an account with."""
    _only_accounts(visit)
    return _joining(visit, invitation)


@router.post("/join")
def join(
    visit: PageDep, name: Name = "", password: Secret = "", invitation: Secret = "", token: Secret = ""
) -> Response:
    """Make an account and sign in; the admin token makes the account of an admin."""
    _only_accounts(visit)
    wanted = name_of(name)
    if wanted is None:
        return _joining(visit, invitation, visit.gettext("A name has 1 to 60 letters."), name)
    try:
        as_admin = bool(token) and _is_the_token(visit, token)
        if token and not as_admin:
            return _joining(visit, invitation, visit.gettext("The admin token is another one."), name)
        if not token and not invitation:
            return _joining(visit, invitation, visit.gettext("An account is made by invitation."), name)
        person = operations.sign_up(visit.state, wanted, password, invitation or None, as_admin=as_admin)
    except ConflictError:
        taken = visit.state.store.users.by_name(wanted) is not None
        name_taken = visit.gettext("Somebody has this name already.")
        told = name_taken if taken else visit.gettext("This invitation was used, or is older than a week.")
        return _joining(visit, invitation, told, name)
    except InputError:
        return _joining(visit, invitation, visit.gettext("A password has 10 to 200 characters."), name)
    visit.state.store.users.update(person.id, language=visit.language)
    answer = visit.redirect("/welcome")
    start_session(visit.state, visit.request, answer, person)
    return answer


def _is_the_token(visit: PageContext, given: str) -> bool:
    """Whether this is the admin token; it may be guessed at as seldom as a password."""
    token, key = visit.state.settings.admin_token, f"admin from {_address(visit)}"
    if token is None or visit.state.login_throttle.seconds_until_allowed(key):
        return False
    right = secrets.compare_digest(given.encode("utf-8", "replace"), token.get_secret_value().encode())
    if not right:
        visit.state.login_throttle.record_failure(key)
    return right


def _door(visit: PageContext, back: str, wrong: str = "", name: str = "", status: int = 200) -> Response:
    return visit.render("sign_in.html", status, title=visit.gettext("Sign in"), back=back, wrong=wrong, name=name)


def _joining(visit: PageContext, invitation: str, wrong: str = "", name: str = "") -> Response:
    return visit.render(
        "join.html",
        422 if wrong else 200,
        title=visit.gettext("Join"),
        invitation=invitation,
        first=visit.state.store.users.count() == 0,
        wrong=wrong,
        name=name,
    )


def _address(visit: PageContext) -> str:
    client = visit.request.client
    return client.host if client else "nowhere"


def _only_accounts(visit: PageContext) -> None:
    if not visit.state.settings.accounts:
        raise HTTPException(303, "here are profiles", {"Location": "/people"})
