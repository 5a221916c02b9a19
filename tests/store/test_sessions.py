"""Sessions: on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from matinee.errors import NotFoundError
from matinee.store import sessions
from matinee.store.store import Store
from matinee.store.users import User

DAY = timedelta(days=1)


def test_a_token_opens_its_session_and_no_other(store: Store, ann: User, ben: User) -> None:
    token, session = store.sessions.create(ann.id, DAY, "Firefox")
    other, _ = store.sessions.create(ben.id, DAY)
    assert store.sessions.find(token) == session
    assert (session.user_id, session.user_agent) == (ann.id, "Firefox")
    assert session.expires_at - session.created_at == DAY
    found = store.sessions.find(other)
    assert found is not None
    assert found.user_id == ben.id
    for wrong in ("", token[:-1], token.swapcase(), "\ud800\x00", "x" * 10_000):
        assert store.sessions.find(wrong) is None


def test_the_token_is_kept_nowhere(store: Store, ann: User) -> None:
    token, session = store.sessions.create(ann.id, DAY)
    assert token not in repr(session)
    assert token not in repr(store.users.export(ann.id))
    with store._database.reading() as connection:
        assert token not in repr(connection.exec_driver_sql("SELECT * FROM sessions").all())


def test_an_expired_session_opens_nothing_and_is_forgotten(store: Store, ann: User) -> None:
    token, _ = store.sessions.create(ann.id, -DAY)
    store.sessions.create(ann.id, DAY)
    assert store.sessions.find(token) is None
    assert len(store.sessions.of(ann.id)) == 1
    assert store.sessions.forget(datetime.now(UTC)) == 1
    assert store.sessions.forget(datetime.now(UTC)) == 0


def test_a_revoked_session_opens_nothing(store: Store, ann: User, ben: User) -> None:
    token, session = store.sessions.create(ann.id, DAY)
    with pytest.raises(NotFoundError, match=f"user {ben.id} has no session with the number {session.id}"):
        store.sessions.revoke(ben.id, session.id)
    assert store.sessions.find(token) is not None
    store.sessions.revoke(ann.id, session.id)
    store.sessions.revoke(ann.id, session.id)
    assert store.sessions.find(token) is None


def test_all_sessions_but_this_one_are_revoked(store: Store, ann: User, ben: User) -> None:
    tokens = [store.sessions.create(ann.id, DAY)[0] for _ in range(3)]
    others, _ = store.sessions.create(ben.id, DAY)
    this = store.sessions.find(tokens[1])
    assert this is not None
    assert store.sessions.revoke_all(ann.id, except_id=this.id) == 2
    assert [store.sessions.find(token) is not None for token in [*tokens, others]] == [False, True, False, True]
    assert store.sessions.revoke_all(ann.id) == 1


def test_somebody_disabled_is_not_let_in(store: Store, ann: User) -> None:
    token, _ = store.sessions.create(ann.id, DAY)
    store.users.update(ann.id, disabled=True)
    assert store.sessions.find(token) is None
    store.users.update(ann.id, disabled=False)
    assert store.sessions.find(token) is not None


def test_last_seen_is_written_once_a_minute(store: Store, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token, session = store.sessions.create(ann.id, DAY)

    def seen_after(**later: float) -> datetime:
        monkeypatch.setattr(sessions, "now", lambda: session.created_at + timedelta(**later))
        store.sessions.find(token)
        return store.sessions.of(ann.id)[0].last_seen_at

    assert seen_after(seconds=59) == session.last_seen_at
    assert seen_after(seconds=61) == session.created_at + timedelta(seconds=61)
    assert seen_after(seconds=90) == session.created_at + timedelta(seconds=61)


def test_what_a_browser_says_of_itself_is_kept_as_far_as_it_can(store: Store, ann: User) -> None:
    _, session = store.sessions.create(ann.id, DAY, "Mozilla\x00 \ud800 é " + "x" * 300)
    assert session.user_agent == "Mozilla? ? ? " + "x" * 187
