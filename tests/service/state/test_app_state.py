from datetime import timedelta

import pytest

from matinee.errors import RunError
from matinee.service.state.app_state import open_state, purge_expired
from tests.service.conftest import NewSettings


def test_a_house_that_cannot_open_says_why(new_settings: NewSettings, tmp_path) -> None:
    with pytest.raises(RunError, match="not a run"):
        open_state(new_settings(run=tmp_path / "nothing", database=str(tmp_path / "new.db")))
    assert not (tmp_path / "new.db").exists()


def test_sessions_that_ended_are_forgotten(new_settings: NewSettings) -> None:
    state = open_state(new_settings())
    ann = state.store.users.create("Ann").id
    state.store.sessions.create(ann, timedelta(days=-2))
    state.store.sessions.create(ann, timedelta(days=1))
    purge_expired(state.store)
    assert len(state.store.users.export(ann)["sessions"]) == 1
    state.close()
