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


def sign_up(house: AppState, name: str, password: str, invitation: str | None, *, as_admin: bool) -> User:
    """Add somebody who was invited; or, by the admin token, an admin, who needs no invitation.

    Raises `ConfigError` where there are no accounts, `InputError` for a password that will not do, `ConflictError` if
    the name is taken or the invitation cannot be used.
    """
    _need_accounts(house)
    if invitation is None and not as_admin:
        raise HTTPException(403, "an account is made by invitation; expected the token of one as 'invitation'")
    if invitation is not None and not as_admin and house.store.invitations.find(invitation) is None:
        # Asked before hashing, so that strangers cannot keep us busy with that; `use` has the last word.
        raise ConflictError("this invitation cannot be used: expected one that is neither used nor expired")
    hashed = hash_of(password)
    with house.store.transaction():
        role = "admin" if as_admin else "member"
        person = house.store.users.create(name, role=role, password_hash=hashed)
        if not as_admin and invitation is not None:
            house.store.invitations.use(invitation, person.id)
    return person


def sign_in(house: AppState, name: str, password: str, address: str) -> User:
    """Who has this name and password. Raises 401 if nobody has, 429 after too many failures."""
    _need_accounts(house)
    keys = f"name {name.casefold()[:100]}", f"address {address}"
    seconds = house.login_throttle.seconds_until_allowed(*keys)
    if seconds:
        raise HTTPException(
            429, f"too many failures; expected to wait {seconds} seconds", {"Retry-After": str(seconds)}
        )
    person = house.store.users.by_name(name)
    hashed = None if person is None else house.store.users.password_hash(person.id)
    right = _matches(hashed or _NOBODY, password)
    if person is None or hashed is None or not right or person.disabled:
        house.login_throttle.record_failure(*keys)
        raise HTTPException(401, "no account has this name and password", {"WWW-Authenticate": "Bearer"})
    house.login_throttle.reset(keys[0])
    if _hasher.check_needs_rehash(hashed):
        house.store.users.set_password_hash(person.id, hash_of(password))
    return person


def change_password(house: AppState, person: User, old: str, new: str, session_id: int | None) -> None:
    """Give a person another password, and end their other sessions. Raises 403 if the old one is wrong."""
    _need_accounts(house)
    if not _matches(house.store.users.password_hash(person.id) or _NOBODY, old):
        raise HTTPException(403, "the old password is another one")
    hashed = hash_of(new)
    with house.store.transaction():
        house.store.users.set_password_hash(person.id, hashed)
        house.store.sessions.revoke_all(person.id, except_id=session_id)


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


def _need_accounts(house: AppState) -> None:
    if not house.settings.accounts:
        raise ConfigError("accounts are off: profiles have no passwords; expected --accounts, or pick a profile")
