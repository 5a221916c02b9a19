"""Accounts: argon2 passwords, sign-up by invitation, and throttled sign-in."""

import threading
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from fastapi import HTTPException

from matinee.errors import ConfigError, InputError
from matinee.service.state.app_state import AppState
from matinee.store.invitations import invitation_unusable
from matinee.store.users import User

MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 10, 200  # characters
INVITATION_LIFETIME = timedelta(days=7)
_MAX_HASHES = 2  # at the same time; each needs 64 MB
_hash_slots = threading.Semaphore(_MAX_HASHES)
_hasher = PasswordHasher()
# Compared with the password if there is no user, so that the response time does not reveal which names exist.
_DUMMY_HASH = "$argon2id$v=19$m=65536,t=3,p=4$C+GkyqBW9WXG7VbS+Y/i5A$tdQizMkdt2R7M27ZrYAvGG4oHciB2ZhvD/1AKcxvAAA"


def sign_up(state: AppState, name: str, password: str, invitation: str | None, *, as_admin: bool) -> User:
    """Create an account by invitation, or an admin account without one.

    Raises `ConfigError` if accounts are off, `InputError` for an invalid password, and `ConflictError` if the name is
    taken or the invitation cannot be used.
    """
    _require_accounts(state)
    if invitation is None and not as_admin:
        raise HTTPException(403, "An account needs an invitation. Send its token as `invitation`.")
    if invitation is not None and not as_admin and state.store.invitations.find(invitation) is None:
        # Checked before the slow hash, so that strangers cannot occupy the server. `use` checks again.
        raise invitation_unusable()
    hashed = hash_password(password)
    with state.store.transaction():
        role = "admin" if as_admin else "member"
        user = state.store.users.create(name, role=role, password_hash=hashed)
        if not as_admin and invitation is not None:
            state.store.invitations.use(invitation, user.id)
    return user


def sign_in(state: AppState, name: str, password: str, address: str) -> User:
    """Return the user with this name and password. Raises 401 for a wrong one, 429 after too many failures."""
    _require_accounts(state)
    keys = f"name {name.casefold()[:100]}", f"address {address}"
    seconds = state.login_throttle.seconds_until_allowed(*keys)
    if seconds:
        raise HTTPException(429, f"Too many failed attempts. Wait {seconds} seconds.", {"Retry-After": str(seconds)})
    user = state.store.users.find_by_name(name)
    hashed = None if user is None else state.store.users.password_hash(user.id)
    is_correct = _matches(hashed or _DUMMY_HASH, password)
    if user is None or hashed is None or not is_correct or user.disabled:
        state.login_throttle.record_failure(*keys)
        raise HTTPException(401, "No account has this name and password.", {"WWW-Authenticate": "Bearer"})
    state.login_throttle.reset(keys[0])
    if _hasher.check_needs_rehash(hashed):
        state.store.users.set_password_hash(user.id, hash_password(password))
    return user


def change_password(state: AppState, user: User, old: str, new: str, session_id: int | None) -> None:
    """Change a password and end the user's other sessions. Raises 403 if the old password is wrong."""
    _require_accounts(state)
    if not _matches(state.store.users.password_hash(user.id) or _DUMMY_HASH, old):
        raise HTTPException(403, "The old password is wrong.")
    hashed = hash_password(new)
    with state.store.transaction():
        state.store.users.set_password_hash(user.id, hashed)
        state.store.sessions.revoke_all(user.id, except_id=session_id)


def hash_password(password: str) -> str:
    """Hash a password for the store. Raises `InputError` if it is too short or too long."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise InputError(
            f"The password has {len(password)} characters. Use {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH}."
        )
    with _hash_slots:
        return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def _matches(hashed: str, password: str) -> bool:
    with _hash_slots:
        try:
            return _hasher.verify(hashed, password[: MAX_PASSWORD_LENGTH + 1].encode("utf-8", "surrogatepass"))
        except (Argon2Error, InvalidHashError):
            return False


def _require_accounts(state: AppState) -> None:
    if not state.settings.accounts:
        raise ConfigError("Accounts are off, and profiles have no passwords. Pick a profile, or start with --accounts.")
