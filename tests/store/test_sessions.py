"""Sessions and tokens, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from matinee.errors import NotFoundError
from matinee.store import sessions
from matinee.store.sessions import hash_token, new_token
from matinee.store.store import Store
from matinee.store.users import User

DAY = timedelta(days=1)


def test_a_token_finds_only_its_session(store: Store, ann: User, ben: User) -> None:
    token, session = store.sessions.create(ann.id, DAY, "Firefox")
    other, _ = store.sessions.create(ben.id, DAY)
    assert store.sessions.find(token) == session
    assert (session.user_id, session.user_agent) == (ann.id, "Firefox")
    assert session.expires_at - session.created_at == DAY
    session_of_ben = store.sessions.find(other)
    assert session_of_ben is not None
    assert session_of_ben.user_id == ben.id
    for wrong in ("", token[:-1], token.swapcase(), "\ud800\x00", "x" * 10_000):
        assert store.sessions.find(wrong) is None


def test_the_token_is_not_stored(store: Store, ann: User) -> None:
    token, session = store.sessions.create(ann.id, DAY)
    assert token not in repr(session)
    assert token not in repr(store.users.export(ann.id))
    with store._database.reading() as connection:
        assert token not in repr(connection.exec_driver_sql("SELECT * FROM sessions").all())


def test_expired_sessions_are_not_found_and_are_purged(store: Store, ann: User) -> None:
    token, _ = store.sessions.create(ann.id, -DAY)
    store.sessions.create(ann.id, DAY)
    assert store.sessions.find(token) is None
    assert len(store.sessions.open_sessions(ann.id)) == 1
    assert store.sessions.purge(datetime.now(UTC)) == 1
    assert store.sessions.purge(datetime.now(UTC)) == 0


def test_a_revoked_session_is_not_found(store: Store, ann: User, ben: User) -> None:
    token, session = store.sessions.create(ann.id, DAY)
    with pytest.raises(NotFoundError, match=f"User {ben.id} has no session {session.id}"):
        store.sessions.revoke(ben.id, session.id)
    assert store.sessions.find(token) is not None
    store.sessions.revoke(ann.id, session.id)
    store.sessions.revoke(ann.id, session.id)
    assert store.sessions.find(token) is None


def test_all_sessions_except_one_are_revoked(store: Store, ann: User, ben: User) -> None:
    tokens = [store.sessions.create(ann.id, DAY)[0] for _ in range(3)]
    others, _ = store.sessions.create(ben.id, DAY)
    this = store.sessions.find(tokens[1])
    assert this is not None
    assert store.sessions.revoke_all(ann.id, except_id=this.id) == 2
    assert [store.sessions.find(token) is not None for token in [*tokens, others]] == [False, True, False, True]
    assert store.sessions.revoke_all(ann.id) == 1


def test_a_disabled_user_has_no_session(store: Store, ann: User) -> None:
    token, _ = store.sessions.create(ann.id, DAY)
    store.users.update(ann.id, disabled=True)
    assert store.sessions.find(token) is None
    store.users.update(ann.id, disabled=False)
    assert store.sessions.find(token) is not None


def test_last_seen_is_updated_once_a_minute(store: Store, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token, session = store.sessions.create(ann.id, DAY)

    def seen_after(**later: float) -> datetime:
        monkeypatch.setattr(sessions, "now", lambda: session.created_at + timedelta(**later))
        store.sessions.find(token)
        return store.sessions.open_sessions(ann.id)[0].last_seen_at

    assert seen_after(seconds=59) == session.last_seen_at
    assert seen_after(seconds=61) == session.created_at + timedelta(seconds=61)
    assert seen_after(seconds=90) == session.created_at + timedelta(seconds=61)


def test_invalid_characters_of_a_user_agent_are_replaced(store: Store, ann: User) -> None:
    _, session = store.sessions.create(ann.id, DAY, "Mozilla\x00 \ud800 é " + "x" * 300)
    assert session.user_agent == "Mozilla? ? ? " + "x" * 187


def test_tokens_are_long_and_unique() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 43 for token in tokens)


def test_the_hash_is_sha_256() -> None:
    # FIPS 180-2, B.1
    assert hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
