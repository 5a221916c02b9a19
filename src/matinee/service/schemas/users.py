"""What is told of people, their sessions and invitations."""

from datetime import datetime

from matinee.service.schemas.responses import ResponseModel


class UserOut(ResponseModel):
    """Somebody."""

    id: int
    name: str
    language: str
    theme: str
    role: str
    created_at: datetime


class SessionOut(ResponseModel):
    """A session that was begun: the token is told here and never again."""

    person: UserOut
    token: str


class OpenSessionOut(ResponseModel):
    """A session of yours."""

    id: int
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class InvitationOut(ResponseModel):
    """An invitation, with its token when it was just made."""

    id: int
    token: str | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
