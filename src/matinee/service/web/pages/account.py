"""Oneself: name, password, where one is signed in, everything that is kept, and leaving for good."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response

from matinee.errors import ConflictError, InputError
from matinee.service.dependencies import COOKIE, session_of
from matinee.service.operations import accounts as operations
from matinee.service.schemas.requests import Number
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.pages.profiles import name_of
from matinee.store.users import User

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=1000)]


@router.get("/account")
def account(visit: SignedInPageDep) -> Response:
    """The page."""
    return _page(visit)


@router.post("/account/name")
def rename(visit: SignedInPageDep, name: Text = "") -> Response:
    """Another name."""
    wanted = name_of(name)
    if wanted is None:
        return _page(visit, visit.gettext("A name has 1 to 60 letters."))
    try:
        visit.state.store.users.update(signed_in_user(visit).id, name=wanted)
    except ConflictError:
        return _page(visit, visit.gettext("Somebody has this name already."))
    return visit.redirect("/account")


@router.post("/account/password")
def change_password(visit: SignedInPageDep, old: Text = "", new: Text = "") -> Response:
    """Another password; whoever is signed in elsewhere is signed out."""
    session = session_of(visit.state, visit.request)
    try:
        operations.change_password(
            visit.state, signed_in_user(visit), old, new, None if session is None else session.id
        )
    except HTTPException:
        return _page(visit, visit.gettext("The old password is another one."))
    except InputError:
        return _page(visit, visit.gettext("A password has 10 to 200 characters."))
    return visit.redirect("/account")


@router.post("/account/sessions/{number}/end")
def end(visit: SignedInPageDep, number: Number) -> Response:
    """Sign out elsewhere."""
    visit.state.store.sessions.revoke(signed_in_user(visit).id, number)
    return visit.redirect("/account")


@router.get("/account/export")
def export(visit: SignedInPageDep) -> Response:
    """Everything that is kept of a person, as a file."""
    visit.state.events.flush()
    kept = visit.state.store.users.export(signed_in_user(visit).id)
    content = orjson.dumps(kept, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)  # names of columns
    named = {"Content-Disposition": 'attachment; filename="matinee.json"', "Cache-Control": "no-store"}
    return Response(content, headers=named, media_type="application/json")


@router.post("/account/invitations")
def invite(visit: SignedInPageDep) -> Response:
    """Make an invitation: its link is shown once."""
    person = _admin(visit)
    token, _ = visit.state.store.invitations.create(person.id, operations.INVITED_FOR)
    return _page(visit, link=f"{visit.request.base_url}join?invitation={token}")


@router.post("/account/invitations/{number}/withdraw")
def withdraw(visit: SignedInPageDep, number: Number) -> Response:
    """Withdraw an invitation."""
    _admin(visit)
    visit.state.store.invitations.withdraw(number)
    return visit.redirect("/account")


@router.post("/account/delete")
def delete(visit: SignedInPageDep, name: Text = "") -> Response:
    """Delete oneself and everything of one's own, for good. The name is asked for, so that no slip does it."""
    person = signed_in_user(visit)
    if name_of(name) != person.name:
        return _page(visit, visit.gettext("That is not your name: nothing was deleted."))
    visit.state.events.flush()
    visit.state.store.users.delete(person.id)
    answer = visit.redirect("/sign-in" if visit.state.settings.accounts else "/people")
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _admin(visit: PageContext) -> User:
    person = signed_in_user(visit)
    if not visit.state.settings.accounts or person.role != "admin":
        raise HTTPException(403, "invitations are for admins; expected an account of one")
    return person


def _page(visit: PageContext, wrong: str = "", link: str = "") -> Response:
    store, person, here = visit.state.store, signed_in_user(visit), session_of(visit.state, visit.request)
    has_accounts = visit.state.settings.accounts
    invites = has_accounts and person.role == "admin"
    return visit.render(
        "account.html",
        422 if wrong else 200,
        title=person.name,
        accounts=has_accounts,
        sessions=store.sessions.of(person.id) if has_accounts else [],
        here=None if here is None else here.id,
        invites=invites,
        invitations=[one for one in store.invitations.all() if one.used_at is None] if invites else [],
        link=link,
        wrong=wrong,
    )
