"""Who asks: a profile of this machine, or an account that is signed in.

Both carry a session of the store: an opaque token that expires and can be revoked, in a cookie or as
`Authorization: Bearer`. On this machine alone, where there are no passwords, `X-Matinee-Profile: <number>` will do too.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Request, Response

from matinee.service.state.app_state import AppState, StateDep, get_state
from matinee.service.state.served_run import ServedRun
from matinee.store.sessions import Session
from matinee.store.users import User

COOKIE = "matinee_session"
_BEARER = "bearer "
_PICK = "pick a profile, or send X-Matinee-Profile"


def token_of(request: Request) -> str | None:
    """The session token that a request carries."""
    given = request.headers.get("authorization", "")
    if given[: len(_BEARER)].lower() == _BEARER:
        return given[len(_BEARER) :].strip()
    return request.cookies.get(COOKIE)


def session_of(state: AppState, request: Request) -> Session | None:
    """The session of a request, if it carries one that is good."""
    token = token_of(request)
    return state.store.sessions.find(token) if token else None


def user_of(state: AppState, request: Request) -> User | None:
    """Who asks; None if nobody says so. For pages, which then show the picker or the sign-in."""
    session = session_of(state, request)
    return None if session is None else state.store.users.get(session.user_id)


ProfileHeader = Annotated[
    int | None,
    Header(alias="X-Matinee-Profile", description="The number of a profile; on this machine alone.", ge=1, le=2**53),
]


def get_optional_user(state: StateDep, request: Request, profile: ProfileHeader = None) -> User | None:
    """Who asks, or nobody: on this machine anybody may look. Raises 401 for nobody where there are accounts.

    Raises 403 for a profile header where there are passwords.
    """
    return resolve_user(state, request, profile)[0]


OptionalUser = Annotated[User | None, Depends(get_optional_user)]


async def get_current_user(user: OptionalUser) -> User:
    """Who asks. Raises 401 if nobody says so."""
    if user is None:
        raise _not_signed_in(_PICK)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


@dataclass(frozen=True)
class RequestContext:
    """Somebody who asks, and what answers them, found in one go: for the routes that are asked most."""

    state: AppState
    run: ServedRun
    user: User
    version: int  # of the person's marks, as it was when the request came in


def get_request_context(request: Request, profile: ProfileHeader = None) -> RequestContext:
    """Who asks whom, found out once for each request. Raises 401 if nobody says so."""
    if not hasattr(request.state, "asking"):
        state = get_state(request)
        user, version = resolve_user(state, request, profile)
        if user is None:
            raise _not_signed_in(_PICK)
        request.state.asking = RequestContext(state, state.served.current, user, version)
    return request.state.asking


RequestContextDep = Annotated[RequestContext, Depends(get_request_context)]


def is_admin(state: AppState, request: Request, given: str | None) -> bool:
    """Whether a request may do what only admins may: by the admin token, or signed in as one."""
    token = state.settings.admin_token
    if given is not None and token is not None:
        return secrets.compare_digest(given.encode("utf-8", "replace"), token.get_secret_value().encode())
    if not state.settings.accounts:
        return False  # profiles prove nothing
    user = user_of(state, request)
    return user is not None and user.role == "admin"


AdminTokenHeader = Annotated[
    str | None, Header(alias="X-Matinee-Admin-Token", description="MATINEE_SERVE_ADMIN_TOKEN.")
]


def require_admin(state: StateDep, request: Request, given: AdminTokenHeader = None) -> None:
    """Raises 403 for everybody else."""
    if not is_admin(state, request, given):
        raise HTTPException(403, "for admins alone; expected X-Matinee-Admin-Token as in MATINEE_SERVE_ADMIN_TOKEN")


AdminOnly = Depends(require_admin)


def start_session(state: AppState, request: Request, response: Response, user: User) -> str:
    """Begin a session and hand its token out, as a cookie that scripts cannot read. Returns the token."""
    lasts = timedelta(days=state.settings.session_days)
    token, _ = state.store.sessions.create(user.id, lasts, request.headers.get("user-agent", ""))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
    return token


def end_session(state: AppState, request: Request, response: Response) -> None:
    """End the session of a request, if it has one, and take the cookie back."""
    session = session_of(state, request)
    if session is not None:
        state.store.sessions.revoke(session.user_id, session.id)
    response.delete_cookie(COOKIE, path="/")


def resolve_user(state: AppState, request: Request, profile: int | None) -> tuple[User | None, int]:
    """Who asks, and the version of their marks."""
    if profile is not None:
        if state.settings.accounts:
            raise HTTPException(403, "X-Matinee-Profile names a profile, and here are accounts; expected a session")
        picked, version = state.store.users.with_version(profile)
        if picked.disabled:
            raise HTTPException(403, f"profile {profile} is disabled; expected another one")
        return picked, version
    session = session_of(state, request)
    if session is not None:
        return state.store.users.with_version(session.user_id)
    if state.settings.accounts:
        raise _not_signed_in("sign in at /api/v1/sessions")
    return None, 0


def _not_signed_in(wanted: str) -> HTTPException:
    return HTTPException(401, f"nobody asks; expected a session: {wanted}", {"WWW-Authenticate": "Bearer"})
