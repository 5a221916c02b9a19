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
def account(context: SignedInPageDep) -> Response:
    """The page."""
    return _page(context)


@router.post("/account/name")
def rename(context: SignedInPageDep, name: Text = "") -> Response:
    """Another name."""
    wanted = name_of(name)
    if wanted is None:
        return _page(context, context.gettext("A name has 1 to 60 letters."))
    try:
        context.state.store.users.update(signed_in_user(context).id, name=wanted)
    except ConflictError:
        return _page(context, context.gettext("Somebody has this name already."))
    return context.redirect("/account")


@router.post("/account/password")
def change_password(context: SignedInPageDep, old: Text = "", new: Text = "") -> Response:
    """Another password; whoever is signed in elsewhere is signed out."""
    session = session_of(context.state, context.request)
    try:
        operations.change_password(
            context.state, signed_in_user(context), old, new, None if session is None else session.id
        )
    except HTTPException:
        return _page(context, context.gettext("The old password is another one."))
    except InputError:
        return _page(context, context.gettext("A password has 10 to 200 characters."))
    return context.redirect("/account")


@router.post("/account/sessions/{number}/end")
def end(context: SignedInPageDep, number: Number) -> Response:
    """Sign out elsewhere."""
    context.state.store.sessions.revoke(signed_in_user(context).id, number)
    return context.redirect("/account")


@router.get("/account/export")
def export(context: SignedInPageDep) -> Response:
    """Everything that is kept of a person, as a file."""
    context.state.events.flush()
    kept = context.state.store.users.export(signed_in_user(context).id)
    content = orjson.dumps(kept, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)  # names of columns
    named = {"Content-Disposition": 'attachment; filename="matinee.json"', "Cache-Control": "no-store"}
    return Response(content, headers=named, media_type="application/json")


@router.post("/account/invitations")
def invite(context: SignedInPageDep) -> Response:
    """Make an invitation: its link is shown once."""
    user = _admin(context)
    token, _ = context.state.store.invitations.create(user.id, operations.INVITED_FOR)
    return _page(context, link=f"{context.request.base_url}join?invitation={token}")


@router.post("/account/invitations/{number}/withdraw")
def withdraw(context: SignedInPageDep, number: Number) -> Response:
    """Withdraw an invitation."""
    _admin(context)
    context.state.store.invitations.withdraw(number)
    return context.redirect("/account")


@router.post("/account/delete")
def delete(context: SignedInPageDep, name: Text = "") -> Response:
    """Delete oneself and everything of one's own, for good. The name is asked for, so that no slip does it."""
    user = signed_in_user(context)
    if name_of(name) != user.name:
        return _page(context, context.gettext("That is not your name: nothing was deleted."))
    context.state.events.flush()
    context.state.store.users.delete(user.id)
    answer = context.redirect("/sign-in" if context.state.settings.accounts else "/profiles")
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _admin(context: PageContext) -> User:
    user = signed_in_user(context)
    if not context.state.settings.accounts or user.role != "admin":
        raise HTTPException(403, "invitations are for admins; expected an account of one")
    return user


def _page(context: PageContext, wrong: str = "", link: str = "") -> Response:
    store, user, here = context.state.store, signed_in_user(context), session_of(context.state, context.request)
    has_accounts = context.state.settings.accounts
    invites = has_accounts and user.role == "admin"
    return context.render(
        "account.html",
        422 if wrong else 200,
        title=user.name,
        accounts=has_accounts,
        sessions=store.sessions.of(user.id) if has_accounts else [],
        here=None if here is None else here.id,
        invites=invites,
        invitations=[one for one in store.invitations.all() if one.used_at is None] if invites else [],
        link=link,
        wrong=wrong,
    )
