"""Response schemas for users, sessions and invitations."""

from datetime import datetime

from matinee.service.schemas.responses import ResponseModel


class UserOut(ResponseModel):
    """A user."""

    id: int
    name: str
    language: str
    theme: str
    role: str
    created_at: datetime


class SessionOut(ResponseModel):
    """A new session. Its token is returned only here."""

    user: UserOut
    token: str


class OpenSessionOut(ResponseModel):
    """One of your sessions."""

    id: int
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class InvitationOut(ResponseModel):
    """An invitation. The token is present only when it is created."""

    id: int
    token: str | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
