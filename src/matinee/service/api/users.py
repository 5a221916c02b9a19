"""People: profiles on this machine, or accounts; sessions; oneself."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response

from matinee.service.dependencies import (
    AdminOnly,
    AdminTokenHeader,
    CurrentUser,
    end_session,
    is_admin,
    session_of,
    start_session,
)
from matinee.service.operations import accounts as operations
from matinee.service.schemas.requests import AccountIn, PasswordIn, ProfileChangeIn, ProfileIn, ProfilePickIn, SignInIn
from matinee.service.schemas.responses import StatusOut
from matinee.service.schemas.users import InvitationOut, OpenSessionOut, SessionOut, UserOut
from matinee.service.state.app_state import AppState, StateDep

router = APIRouter(tags=["people"])

SessionId = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/profiles")
def profiles(state: StateDep) -> list[UserOut]:
    """Everybody who has a profile on this machine."""
    _only_profiles(state)
    return [UserOut.model_validate(one) for one in state.store.users.all() if not one.disabled]


@router.post("/profiles", status_code=201)
def new_profile(state: StateDep, body: ProfileIn) -> UserOut:
    """Make a profile on this machine."""
    _only_profiles(state)
    return UserOut.model_validate(state.store.users.create(body.name, language=body.language))


@router.post("/profiles/pick")
def pick(state: StateDep, body: ProfilePickIn, request: Request, response: Response) -> SessionOut:
    """Go on as somebody of this machine: a cookie remembers it."""
    _only_profiles(state)
    user = state.store.users.get(body.profile)
    return SessionOut(person=UserOut.model_validate(user), token=start_session(state, request, response, user))


@router.post("/accounts", status_code=201)
def sign_up(
    state: StateDep, body: AccountIn, request: Request, response: Response, admin_token: AdminTokenHeader = None
) -> SessionOut:
    """Make an account by invitation, and sign in; with the admin token, an admin's account."""
    as_admin = admin_token is not None and is_admin(state, request, admin_token)
    user = operations.sign_up(state, body.name, body.password, body.invitation, as_admin=as_admin)
    return SessionOut(person=UserOut.model_validate(user), token=start_session(state, request, response, user))


@router.post("/sessions", status_code=201)
def sign_in(state: StateDep, body: SignInIn, request: Request, response: Response) -> SessionOut:
    """Sign in. After too many failures it takes a while until the next try."""
    address = request.client.host if request.client else "nowhere"
    user = operations.sign_in(state, body.name, body.password, address)
    return SessionOut(person=UserOut.model_validate(user), token=start_session(state, request, response, user))


@router.delete("/sessions/current")
def sign_out(state: StateDep, request: Request, response: Response) -> StatusOut:
    """Sign out, or put the profile aside."""
    end_session(state, request, response)
    return StatusOut(status="signed out")


@router.get("/sessions")
def sessions(state: StateDep, user: CurrentUser) -> list[OpenSessionOut]:
    """Where you are signed in."""
    found = state.store.sessions.of(user.id)
    return [OpenSessionOut.model_validate(one) for one in found]


@router.delete("/sessions/{session_id}")
def revoke(state: StateDep, user: CurrentUser, session_id: SessionId) -> StatusOut:
    """End one of your sessions."""
    state.store.sessions.revoke(user.id, session_id)
    return StatusOut(status="signed out")


@router.get("/me")
def me(user: CurrentUser) -> UserOut:
    """Yourself."""
    return UserOut.model_validate(user)


@router.patch("/me")
def change_me(state: StateDep, user: CurrentUser, body: ProfileChangeIn) -> UserOut:
    """Change your name, language or theme."""
    return UserOut.model_validate(state.store.users.update(user.id, **body.model_dump(exclude_none=True)))


@router.put("/me/password")
def change_password(state: StateDep, user: CurrentUser, body: PasswordIn, request: Request) -> StatusOut:
    """Give yourself another password; other sessions of yours end."""
    session = session_of(state, request)
    operations.change_password(state, user, body.old, body.new, None if session is None else session.id)
    return StatusOut(status="changed")


@router.get("/me/export")
def export_me(state: StateDep, user: CurrentUser) -> dict[str, Any]:
    """Everything that is kept of you."""
    state.events.flush()
    return state.store.users.export(user.id)


@router.delete("/me")
def delete_me(state: StateDep, user: CurrentUser, response: Response) -> StatusOut:
    """Delete yourself and everything of yours, for good."""
    state.events.flush()
    state.store.users.delete(user.id)
    response.delete_cookie("matinee_session", path="/")
    return StatusOut(status="deleted")


@router.post("/invitations", status_code=201)
def invite(state: StateDep, user: CurrentUser) -> InvitationOut:
    """Invite somebody: the token serves once, within a week. For admins alone."""
    if not state.settings.accounts or user.role != "admin":
        raise HTTPException(403, "for admins who are signed in; expected an account of one")
    token, invitation = state.store.invitations.create(user.id, operations.INVITED_FOR)
    return InvitationOut.model_validate(invitation).model_copy(update={"token": token})


@router.get("/invitations", dependencies=[AdminOnly])
def invitations(state: StateDep) -> list[InvitationOut]:
    """Every invitation, without its token."""
    return [InvitationOut.model_validate(one) for one in state.store.invitations.all()]


@router.delete("/invitations/{invitation_id}", dependencies=[AdminOnly])
def withdraw(state: StateDep, invitation_id: SessionId) -> StatusOut:
    """Withdraw an invitation."""
    state.store.invitations.withdraw(invitation_id)
    return StatusOut(status="withdrawn")


def _only_profiles(state: AppState) -> None:
    if state.settings.accounts:
        raise HTTPException(403, "here are accounts, whose names are nobody's business; expected /api/v1/sessions")
