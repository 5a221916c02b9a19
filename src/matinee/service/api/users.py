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
def profiles(house: StateDep) -> list[UserOut]:
    """Everybody who has a profile on this machine."""
    _only_profiles(house)
    return [UserOut.model_validate(one) for one in house.store.users.all() if not one.disabled]


@router.post("/profiles", status_code=201)
def new_profile(house: StateDep, asked: ProfileIn) -> UserOut:
    """Make a profile on this machine."""
    _only_profiles(house)
    return UserOut.model_validate(house.store.users.create(asked.name, language=asked.language))


@router.post("/profiles/pick")
def pick(house: StateDep, asked: ProfilePickIn, request: Request, response: Response) -> SessionOut:
    """Go on as somebody of this machine: a cookie remembers it."""
    _only_profiles(house)
    person = house.store.users.get(asked.profile)
    return SessionOut(person=UserOut.model_validate(person), token=start_session(house, request, response, person))


@router.post("/accounts", status_code=201)
def sign_up(
    house: StateDep, asked: AccountIn, request: Request, response: Response, admin_token: AdminTokenHeader = None
) -> SessionOut:
    """Make an account by invitation, and sign in; with the admin token, an admin's account."""
    as_admin = admin_token is not None and is_admin(house, request, admin_token)
    person = operations.sign_up(house, asked.name, asked.password, asked.invitation, as_admin=as_admin)
    return SessionOut(person=UserOut.model_validate(person), token=start_session(house, request, response, person))


@router.post("/sessions", status_code=201)
def sign_in(house: StateDep, asked: SignInIn, request: Request, response: Response) -> SessionOut:
    """Sign in. After too many failures it takes a while until the next try."""
    address = request.client.host if request.client else "nowhere"
    person = operations.sign_in(house, asked.name, asked.password, address)
    return SessionOut(person=UserOut.model_validate(person), token=start_session(house, request, response, person))


@router.delete("/sessions/current")
def sign_out(house: StateDep, request: Request, response: Response) -> StatusOut:
    """Sign out, or put the profile aside."""
    end_session(house, request, response)
    return StatusOut(status="signed out")


@router.get("/sessions")
def sessions(house: StateDep, person: CurrentUser) -> list[OpenSessionOut]:
    """Where you are signed in."""
    found = house.store.sessions.of(person.id)
    return [OpenSessionOut.model_validate(one) for one in found]


@router.delete("/sessions/{session_id}")
def revoke(house: StateDep, person: CurrentUser, session_id: SessionId) -> StatusOut:
    """End one of your sessions."""
    house.store.sessions.revoke(person.id, session_id)
    return StatusOut(status="signed out")


@router.get("/me")
def me(person: CurrentUser) -> UserOut:
    """Yourself."""
    return UserOut.model_validate(person)


@router.patch("/me")
def change_me(house: StateDep, person: CurrentUser, asked: ProfileChangeIn) -> UserOut:
    """Change your name, language or theme."""
    return UserOut.model_validate(house.store.users.update(person.id, **asked.model_dump(exclude_none=True)))


@router.put("/me/password")
def change_password(house: StateDep, person: CurrentUser, asked: PasswordIn, request: Request) -> StatusOut:
    """Give yourself another password; other sessions of yours end."""
    session = session_of(house, request)
    operations.change_password(house, person, asked.old, asked.new, None if session is None else session.id)
    return StatusOut(status="changed")


@router.get("/me/export")
def export_me(house: StateDep, person: CurrentUser) -> dict[str, Any]:
    """Everything that is kept of you."""
    house.events.flush()
    return house.store.users.export(person.id)


@router.delete("/me")
def delete_me(house: StateDep, person: CurrentUser, response: Response) -> StatusOut:
    """Delete yourself and everything of yours, for good."""
    house.events.flush()
    house.store.users.delete(person.id)
    response.delete_cookie("matinee_session", path="/")
    return StatusOut(status="deleted")


@router.post("/invitations", status_code=201)
def invite(house: StateDep, person: CurrentUser) -> InvitationOut:
    """Invite somebody: the token serves once, within a week. For admins alone."""
    if not house.settings.accounts or person.role != "admin":
        raise HTTPException(403, "for admins who are signed in; expected an account of one")
    token, invitation = house.store.invitations.create(person.id, operations.INVITED_FOR)
    return InvitationOut.model_validate(invitation).model_copy(update={"token": token})


@router.get("/invitations", dependencies=[AdminOnly])
def invitations(house: StateDep) -> list[InvitationOut]:
    """Every invitation, without its token."""
    return [InvitationOut.model_validate(one) for one in house.store.invitations.all()]


@router.delete("/invitations/{invitation_id}", dependencies=[AdminOnly])
def withdraw(house: StateDep, invitation_id: SessionId) -> StatusOut:
    """Withdraw an invitation."""
    house.store.invitations.withdraw(invitation_id)
    return StatusOut(status="withdrawn")


def _only_profiles(house: AppState) -> None:
    if house.settings.accounts:
        raise HTTPException(403, "here are accounts, whose names are nobody's business; expected /api/v1/sessions")
