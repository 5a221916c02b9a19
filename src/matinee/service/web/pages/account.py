"""Your account: name, password, sessions, invitations, export and deletion."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response

from matinee.errors import ConflictError, InputError
from matinee.service.dependencies import COOKIE, find_session
from matinee.service.operations import accounts as operations
from matinee.service.schemas.requests import Number
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.pages.profiles import clean_name
from matinee.store.users import User

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=1000)]


@router.get("/account")
def account(context: SignedInPageDep) -> Response:
    """The page."""
    return _page(context)


@router.post("/account/name")
def rename(context: SignedInPageDep, name: Text = "") -> Response:
    """Change the name."""
    new_name = clean_name(name)
    if new_name is None:
        return _page(context, context.gettext("A name has 1 to 60 characters."))
    try:
        context.state.store.users.update(signed_in_user(context).id, name=new_name)
    except ConflictError:
        return _page(context, context.gettext("That name is taken."))
    return context.redirect("/account")


@router.post("/account/password")
def change_password(context: SignedInPageDep, old: Text = "", new: Text = "") -> Response:
    """Change the password, and end all other sessions."""
    session = find_session(context.state, context.request)
    session_id = None if session is None else session.id
    try:
        operations.change_password(context.state, signed_in_user(context), old, new, session_id)
    except HTTPException:
        return _page(context, context.gettext("That is not your current password."))
    except InputError:
        return _page(context, context.gettext("Choose a password of 10 to 200 characters."))
    return context.redirect("/account")


@router.post("/account/sessions/{number}/end")
def end_session(context: SignedInPageDep, number: Number) -> Response:
    """Sign out another session."""
    context.state.store.sessions.revoke(signed_in_user(context).id, number)
    return context.redirect("/account")


@router.get("/account/export")
def export(context: SignedInPageDep) -> Response:
    """Everything stored about the user, as a file."""
    context.state.events.flush()
    data = context.state.store.users.export(signed_in_user(context).id)
    content = orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)  # column names are no plain str
    headers = {"Content-Disposition": 'attachment; filename="matinee.json"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type="application/json")


@router.post("/account/invitations")
def invite(context: SignedInPageDep) -> Response:
    """Create an invitation. Its link is shown once."""
    user = _admin(context)
    token, _ = context.state.store.invitations.create(user.id, operations.INVITATION_LIFETIME)
    return _page(context, link=f"{context.request.base_url}join?invitation={token}")


@router.post("/account/invitations/{number}/withdraw")
def withdraw(context: SignedInPageDep, number: Number) -> Response:
    """Withdraw an invitation."""
    _admin(context)
    context.state.store.invitations.delete(number)
    return context.redirect("/account")


@router.post("/account/delete")
def delete(context: SignedInPageDep, name: Text = "") -> Response:
    """Delete the user and everything stored about them. Typing the name prevents accidents."""
    user = signed_in_user(context)
    if clean_name(name) != user.name:
        return _page(context, context.gettext("That is not your name. Nothing was deleted."))
    context.state.events.flush()
    context.state.store.users.delete(user.id)
    response = context.redirect("/sign-in" if context.state.settings.accounts else "/profiles")
    response.delete_cookie(COOKIE, path="/")
    return response


def _admin(context: PageContext) -> User:
    user = signed_in_user(context)
    if not context.state.settings.accounts or user.role != "admin":
        raise HTTPException(403, "Only admins can invite others. Sign in as an admin.")
    return user


def _page(context: PageContext, error: str = "", link: str = "") -> Response:
    store, user, session = context.state.store, signed_in_user(context), find_session(context.state, context.request)
    has_accounts = context.state.settings.accounts
    may_invite = has_accounts and user.role == "admin"
    invitations = store.invitations.all() if may_invite else []
    return context.render(
        "account.html",
        422 if error else 200,
        title=user.name,
        accounts=has_accounts,
        sessions=store.sessions.open_sessions(user.id) if has_accounts else [],
        current_session=None if session is None else session.id,
        may_invite=may_invite,
        invitations=[invitation for invitation in invitations if invitation.used_at is None],
        link=link,
        error=error,
    )
