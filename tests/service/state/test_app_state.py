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
    house = open_state(new_settings())
    ann = house.store.users.create("Ann").id
    house.store.sessions.create(ann, timedelta(days=-2))
    house.store.sessions.create(ann, timedelta(days=1))
    purge_expired(house.store)
    assert len(house.store.users.export(ann)["sessions"]) == 1
    house.close()
