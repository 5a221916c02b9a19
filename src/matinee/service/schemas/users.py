"""What is told of people, their sessions and invitations."""

from datetime import datetime

from matinee.service.schemas.responses import Told


class PersonOut(Told):
    """Somebody."""

    id: int
    name: str
    language: str
    theme: str
    role: str
    created_at: datetime


class SessionOut(Told):
    """A session that was begun: the token is told here and never again."""

    person: PersonOut
    token: str


class OpenSessionOut(Told):
    """A session of yours."""

    id: int
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class InvitationOut(Told):
    """An invitation, with its token when it was just made."""

    id: int
    token: str | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
