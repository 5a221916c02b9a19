from datetime import timedelta

import pytest

from matinee.errors import RunError
from matinee.service.state.app_state import ResponseCache, open_state, purge_expired
from tests.service.conftest import NewSettings


def test_a_missing_run_is_refused_before_the_database_opens(new_settings: NewSettings, tmp_path) -> None:
    with pytest.raises(RunError, match="is not a run"):
        open_state(new_settings(run=tmp_path / "nothing", database=str(tmp_path / "new.db")))
    assert not (tmp_path / "new.db").exists()


def test_expired_sessions_are_purged(new_settings: NewSettings) -> None:
    state = open_state(new_settings())
    ann = state.store.users.create("Ann").id
    state.store.sessions.create(ann, timedelta(days=-2))
    state.store.sessions.create(ann, timedelta(days=1))
    purge_expired(state.store)
    assert len(state.store.users.export(ann)["sessions"]) == 1
    state.close()


def test_the_least_recently_used_responses_are_dropped() -> None:
    cache = ResponseCache(2)
    cache.put("a", b"1")
    cache.put("b", b"2")
    assert cache.get("a") == b"1"
    cache.put("c", b"3")
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (b"1", None, b"3")
