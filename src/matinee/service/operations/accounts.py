"""Accounts: passwords by argon2, joining by invitation, signing in not too often."""

import threading
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from fastapi import HTTPException

from matinee.errors import ConfigError, ConflictError, InputError
from matinee.service.state.app_state import AppState
from matinee.store.users import User

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200  # characters
INVITED_FOR = timedelta(days=7)
_AT_ONCE = 2  # each takes 64 MB
_turns = threading.Semaphore(_AT_ONCE)
_hasher = PasswordHasher()
# What a password is compared with where there is none, so that the time says nothing of who is here.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$C+GkyqBW9WXG7VbS+Y/i5A$tdQizMkdt2R7M27ZrYAvGG4oHciB2ZhvD/1AKcxvAAA"


def sign_up(state: AppState, name: str, password: str, invitation: str | None, *, as_admin: bool) -> User:
    """Add somebody who was invited; or, by the admin token, an admin, who needs no invitation.

    Raises `ConfigError` where there are no accounts, `InputError` for a password that will not do, `ConflictError` if
    the name is taken or the invitation cannot be used.
    """
    _need_accounts(state)
    if invitation is None and not as_admin:
        raise HTTPException(403, "an account is made by invitation; expected the token of one as 'invitation'")
    if invitation is not None and not as_admin and state.store.invitations.find(invitation) is None:
        # Asked before hashing, so that strangers cannot keep us busy with that; `use` has the last word.
        raise ConflictError("this invitation cannot be used: expected one that is neither used nor expired")
    hashed = hash_of(password)
    with state.store.transaction():
        role = "admin" if as_admin else "member"
        user = state.store.users.create(name, role=role, password_hash=hashed)
        if not as_admin and invitation is not None:
            state.store.invitations.use(invitation, user.id)
    return user


def sign_in(state: AppState, name: str, password: str, address: str) -> User:
    """Who has this name and password. Raises 401 if nobody has, 429 after too many failures."""
    _need_accounts(state)
    keys = f"name {name.casefold()[:100]}", f"address {address}"
    seconds = state.login_throttle.seconds_until_allowed(*keys)
    if seconds:
        raise HTTPException(
            429, f"too many failures; expected to wait {seconds} seconds", {"Retry-After": str(seconds)}
        )
    user = state.store.users.by_name(name)
    hashed = None if user is None else state.store.users.password_hash(user.id)
    right = _matches(hashed or _NOBODY, password)
    if user is None or hashed is None or not right or user.disabled:
        state.login_throttle.record_failure(*keys)
        raise HTTPException(401, "no account has this name and password", {"WWW-Authenticate": "Bearer"})
    state.login_throttle.reset(keys[0])
    if _hasher.check_needs_rehash(hashed):
        state.store.users.set_password_hash(user.id, hash_of(password))
    return user


def change_password(state: AppState, user: User, old: str, new: str, session_id: int | None) -> None:
    """Give a person another password, and end their other sessions. Raises 403 if the old one is wrong."""
    _need_accounts(state)
    if not _matches(state.store.users.password_hash(user.id) or _NOBODY, old):
        raise HTTPException(403, "the old password is another one")
    hashed = hash_of(new)
    with state.store.transaction():
        state.store.users.set_password_hash(user.id, hashed)
        state.store.sessions.revoke_all(user.id, except_id=session_id)


def hash_of(password: str) -> str:
    """What is kept of a password. Raises `InputError` for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InputError(f"a password of {len(password)} characters; expected {SHORTEST_PASSWORD}-{LONGEST_PASSWORD}")
    with _turns:
        return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def _matches(hashed: str, password: str) -> bool:
    with _turns:
        try:
            return _hasher.verify(hashed, password[: LONGEST_PASSWORD + 1].encode("utf-8", "surrogatepass"))
        except (Argon2Error, InvalidHashError):
            return False


def _need_accounts(state: AppState) -> None:
    if not state.settings.accounts:
        raise ConfigError("accounts are off: profiles have no passwords; expected --accounts, or pick a profile")
