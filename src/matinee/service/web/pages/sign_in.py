"""The door, where there are accounts: signing in, and joining by an invitation or, for the first, the admin token."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import Response

from matinee.errors import ConflictError, InputError
from matinee.service.dependencies import begin_session
from matinee.service.operations import accounts as operations
from matinee.service.web.page_context import AVisit, Visit
from matinee.service.web.pages.profiles import name_of

router = APIRouter(include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
Name = Annotated[str, Form(max_length=200)]
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/sign-in")
def door(visit: AVisit, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form to sign in with."""
    _only_accounts(visit)
    return _door(visit, back)


@router.post("/sign-in")
def sign_in(visit: AVisit, name: Name = "", password: Secret = "", back: Back = "/") -> Response:
    """Sign in. After too many failures it takes a while until the next try."""
    _only_accounts(visit)
    try:
        person = operations.sign_in(visit.house, name.strip(), password, _address(visit))
    except HTTPException as refused:
        if refused.status_code == 429:
            wrong = visit.say("Too many tries: wait {seconds} seconds, then try again.")
            told = wrong.format(seconds=(refused.headers or {}).get("Retry-After", "60"))
        else:
            told = visit.say("No account has this name and password.")
        return _door(visit, back, told, name, refused.status_code)
    answer = visit.go_back(back)
    begin_session(visit.house, visit.request, answer, person)
    return answer


@router.get("/join")
def joining(visit: AVisit, invitation: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form to make an account with."""
    _only_accounts(visit)
    return _joining(visit, invitation)


@router.post("/join")
def join(
    visit: AVisit, name: Name = "", password: Secret = "", invitation: Secret = "", token: Secret = ""
) -> Response:
    """Make an account and sign in; the admin token makes the account of an admin."""
    _only_accounts(visit)
    wanted = name_of(name)
    if wanted is None:
        return _joining(visit, invitation, visit.say("A name has 1 to 60 letters."), name)
    try:
        as_admin = bool(token) and _is_the_token(visit, token)
        if token and not as_admin:
            return _joining(visit, invitation, visit.say("The admin token is another one."), name)
        if not token and not invitation:
            return _joining(visit, invitation, visit.say("An account is made by invitation."), name)
        person = operations.sign_up(visit.house, wanted, password, invitation or None, as_admin=as_admin)
    except ConflictError:
        taken = visit.house.store.people.named(wanted) is not None
        name_taken = visit.say("Somebody has this name already.")
        told = name_taken if taken else visit.say("This invitation was used, or is older than a week.")
        return _joining(visit, invitation, told, name)
    except InputError:
        return _joining(visit, invitation, visit.say("A password has 10 to 200 characters."), name)
    visit.house.store.people.change(person.id, language=visit.language)
    answer = visit.go_to("/welcome")
    begin_session(visit.house, visit.request, answer, person)
    return answer


def _is_the_token(visit: Visit, given: str) -> bool:
    """Whether this is the admin token; it may be guessed at as seldom as a password."""
    token, key = visit.house.settings.admin_token, f"admin from {_address(visit)}"
    if token is None or visit.house.attempts.wait(key):
        return False
    right = secrets.compare_digest(given.encode("utf-8", "replace"), token.get_secret_value().encode())
    if not right:
        visit.house.attempts.failed(key)
    return right


def _door(visit: Visit, back: str, wrong: str = "", name: str = "", status: int = 200) -> Response:
    return visit.page("sign_in.html", status, title=visit.say("Sign in"), back=back, wrong=wrong, name=name)


def _joining(visit: Visit, invitation: str, wrong: str = "", name: str = "") -> Response:
    return visit.page(
        "join.html",
        422 if wrong else 200,
        title=visit.say("Join"),
        invitation=invitation,
        first=visit.house.store.people.count() == 0,
        wrong=wrong,
        name=name,
    )


def _address(visit: Visit) -> str:
    client = visit.request.client
    return client.host if client else "nowhere"


def _only_accounts(visit: Visit) -> None:
    if not visit.house.settings.accounts:
        raise HTTPException(303, "here are profiles", {"Location": "/people"})
