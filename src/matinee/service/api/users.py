"""Users: profiles or accounts, sessions, invitations, and the current user."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response

from matinee.service.dependencies import (
    COOKIE,
    AdminOnly,
    AdminTokenHeader,
    CurrentUser,
    end_session,
    find_session,
    is_admin,
    start_session,
)
from matinee.service.operations import accounts as operations
from matinee.service.schemas.requests import AccountIn, PasswordIn, ProfileChangeIn, ProfileIn, ProfilePickIn, SignInIn
from matinee.service.schemas.responses import StatusOut
from matinee.service.schemas.users import InvitationOut, OpenSessionOut, SessionOut, UserOut
from matinee.service.state.app_state import AppState, StateDep

router = APIRouter(tags=["users"])

SessionId = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/profiles")
def profiles(state: StateDep) -> list[UserOut]:
    """The profiles on this machine."""
    _only_profiles(state)
    return [UserOut.model_validate(user) for user in state.store.users.all() if not user.disabled]


@router.post("/profiles", status_code=201)
def new_profile(state: StateDep, body: ProfileIn) -> UserOut:
    """Create a profile on this machine."""
    _only_profiles(state)
    return UserOut.model_validate(state.store.users.create(body.name, language=body.language))


@router.post("/profiles/pick")
def pick(state: StateDep, body: ProfilePickIn, request: Request, response: Response) -> SessionOut:
    """Use a profile of this machine. A cookie stores the session."""
    _only_profiles(state)
    user = state.store.users.get(body.profile)
    return SessionOut(user=UserOut.model_validate(user), token=start_session(state, request, response, user))


@router.post("/accounts", status_code=201)
def sign_up(
    state: StateDep, body: AccountIn, request: Request, response: Response, admin_token: AdminTokenHeader = None
) -> SessionOut:
    """Create an account by invitation and sign in. With the admin token, create an admin account."""
    as_admin = admin_token is not None and is_admin(state, request, admin_token)
    user = operations.sign_up(state, body.name, body.password, body.invitation, as_admin=as_admin)
    return SessionOut(user=UserOut.model_validate(user), token=start_session(state, request, response, user))


@router.post("/sessions", status_code=201)
def sign_in(state: StateDep, body: SignInIn, request: Request, response: Response) -> SessionOut:
    """Sign in. After several failures, further attempts must wait."""
    address = request.client.host if request.client else "unknown"
    user = operations.sign_in(state, body.name, body.password, address)
    return SessionOut(user=UserOut.model_validate(user), token=start_session(state, request, response, user))


@router.delete("/sessions/current")
def sign_out(state: StateDep, request: Request, response: Response) -> StatusOut:
    """Sign out, or stop using the profile."""
    end_session(state, request, response)
    return StatusOut(status="signed out")


@router.get("/sessions")
def sessions(state: StateDep, user: CurrentUser) -> list[OpenSessionOut]:
    """Your open sessions."""
    return [OpenSessionOut.model_validate(session) for session in state.store.sessions.open_sessions(user.id)]


@router.delete("/sessions/{session_id}")
def revoke(state: StateDep, user: CurrentUser, session_id: SessionId) -> StatusOut:
    """End one of your sessions."""
    state.store.sessions.revoke(user.id, session_id)
    return StatusOut(status="signed out")


@router.get("/me")
def me(user: CurrentUser) -> UserOut:
    """The current user."""
    return UserOut.model_validate(user)


@router.patch("/me")
def change_me(state: StateDep, user: CurrentUser, body: ProfileChangeIn) -> UserOut:
    """Change your name, language or theme."""
    return UserOut.model_validate(state.store.users.update(user.id, **body.model_dump(exclude_none=True)))


@router.put("/me/password")
def change_password(state: StateDep, user: CurrentUser, body: PasswordIn, request: Request) -> StatusOut:
    """Change your password. Your other sessions end."""
    session = find_session(state, request)
    operations.change_password(state, user, body.old, body.new, None if session is None else session.id)
    return StatusOut(status="changed")


@router.get("/me/export")
def export_me(state: StateDep, user: CurrentUser) -> dict[str, Any]:
    """Export all your data."""
    state.events.flush()
    return state.store.users.export(user.id)


@router.delete("/me")
def delete_me(state: StateDep, user: CurrentUser, response: Response) -> StatusOut:
    """Delete your user and all your data."""
    state.events.flush()
    state.store.users.delete(user.id)
    response.delete_cookie(COOKIE, path="/")
    return StatusOut(status="deleted")


@router.post("/invitations", status_code=201)
def invite(state: StateDep, user: CurrentUser) -> InvitationOut:
    """Create an invitation. Its token can be used once, within a week. For admins only."""
    if not state.settings.accounts or user.role != "admin":
        raise HTTPException(403, "Only admins may invite. Sign in with an admin account.")
    token, invitation = state.store.invitations.create(user.id, operations.INVITATION_LIFETIME)
    return InvitationOut.model_validate(invitation).model_copy(update={"token": token})


@router.get("/invitations", dependencies=[AdminOnly])
def invitations(state: StateDep) -> list[InvitationOut]:
    """All invitations, without their tokens."""
    return [InvitationOut.model_validate(invitation) for invitation in state.store.invitations.all()]


@router.delete("/invitations/{invitation_id}", dependencies=[AdminOnly])
def delete_invitation(state: StateDep, invitation_id: SessionId) -> StatusOut:
    """Delete an invitation."""
    state.store.invitations.delete(invitation_id)
    return StatusOut(status="deleted")


def _only_profiles(state: AppState) -> None:
    if state.settings.accounts:
        raise HTTPException(403, "Accounts are on, so there are no profiles. Sign in at /api/v1/sessions.")
