"""The current user of a request: a profile on this machine, or a signed-in account.

Both have a session in the store: an opaque token, in a cookie or as `Authorization: Bearer`, that expires and can be
revoked. Without accounts, the header `X-Matinee-Profile: <number>` selects a profile as well.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Request, Response
from pydantic import Field

from matinee.service.state.app_state import AppState, StateDep, get_state
from matinee.service.state.served_run import ServedRun
from matinee.store.sessions import Session
from matinee.store.users import User

COOKIE = "matinee_session"
_BEARER = "bearer "


def session_token(request: Request) -> str | None:
    """The session token of a request, from its header or cookie."""
    authorization = request.headers.get("authorization", "")
    if authorization[: len(_BEARER)].lower() == _BEARER:
        return authorization[len(_BEARER) :].strip()
    return request.cookies.get(COOKIE)


def find_session(state: AppState, request: Request) -> Session | None:
    """Find the valid session of a request, or None."""
    token = session_token(request)
    return state.store.sessions.find(token) if token else None


def find_user(state: AppState, request: Request) -> User | None:
    """Find the user of the session of a request, or None. Pages use it, to show the profile picker or sign-in."""
    session = find_session(state, request)
    return None if session is None else state.store.users.get(session.user_id)


ProfileNumber = Annotated[int, Field(ge=1, le=2**53)]
ProfileHeader = Annotated[
    ProfileNumber | None,
    Header(alias="X-Matinee-Profile", description="The number of a profile. Only without accounts."),
]


def get_optional_user(state: StateDep, request: Request, profile: ProfileHeader = None) -> User | None:
    """The user of a request, or None. With accounts, raises 401 without a session and 403 for a profile header."""
    return resolve_user(state, request, profile)[0]


OptionalUser = Annotated[User | None, Depends(get_optional_user)]


async def get_current_user(user: OptionalUser) -> User:
    """The user of a request. Raises 401 without one."""
    if user is None:
        raise _not_signed_in()
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


@dataclass(frozen=True)
class RequestContext:
    """The state, run and user of a request, resolved together for the routes that are called most."""

    state: AppState
    run: ServedRun
    user: User
    version: int  # of the user's marks when the request arrived


def get_request_context(request: Request, profile: ProfileHeader = None) -> RequestContext:
    """Resolve the context once per request. Raises 401 without a user."""
    if not hasattr(request.state, "context"):
        state = get_state(request)
        user, version = resolve_user(state, request, profile)
        if user is None:
            raise _not_signed_in()
        request.state.context = RequestContext(state, state.served.current, user, version)
    return request.state.context


RequestContextDep = Annotated[RequestContext, Depends(get_request_context)]


def is_admin(state: AppState, request: Request, token: str | None) -> bool:
    """Tell whether a request has the admin token, or the session of an admin."""
    admin_token = state.settings.admin_token
    if token is not None and admin_token is not None:
        return secrets.compare_digest(token.encode("utf-8", "replace"), admin_token.get_secret_value().encode())
    if not state.settings.accounts:
        return False  # anyone can select any profile
    user = find_user(state, request)
    return user is not None and user.role == "admin"


AdminTokenHeader = Annotated[
    str | None, Header(alias="X-Matinee-Admin-Token", description="MATINEE_SERVE_ADMIN_TOKEN.")
]


def require_admin(state: StateDep, request: Request, admin_token: AdminTokenHeader = None) -> None:
    """Raise 403 unless the request comes from an admin."""
    if not is_admin(state, request, admin_token):
        raise HTTPException(403, "Only admins may do this. Send X-Matinee-Admin-Token: MATINEE_SERVE_ADMIN_TOKEN.")


AdminOnly = Depends(require_admin)


def start_session(state: AppState, request: Request, response: Response, user: User) -> str:
    """Create a session and set its token as a cookie that scripts cannot read. Returns the token."""
    lifetime = timedelta(days=state.settings.session_days)
    token, _ = state.store.sessions.create(user.id, lifetime, request.headers.get("user-agent", ""))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
    return token


def end_session(state: AppState, request: Request, response: Response) -> None:
    """Revoke the session of a request, if it has one, and delete the cookie."""
    session = find_session(state, request)
    if session is not None:
        state.store.sessions.revoke(session.user_id, session.id)
    response.delete_cookie(COOKIE, path="/")


def resolve_user(state: AppState, request: Request, profile: int | None) -> tuple[User | None, int]:
    """Resolve the user of a request, and the version of the user's marks."""
    if profile is not None:
        if state.settings.accounts:
            raise HTTPException(403, "X-Matinee-Profile is not allowed with accounts. Send a session token.")
        user, version = state.store.users.get_with_version(profile)
        if user.disabled:
            raise HTTPException(403, f"Profile {profile} is disabled. Pick another profile.")
        return user, version
    session = find_session(state, request)
    if session is not None:
        return state.store.users.get_with_version(session.user_id)
    if state.settings.accounts:
        raise _not_signed_in()
    return None, 0


def _not_signed_in() -> HTTPException:
    detail = "Not signed in. Send a session token, or pick a profile."
    return HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})
