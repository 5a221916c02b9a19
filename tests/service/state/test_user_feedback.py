from pathlib import Path

import numpy as np
import pytest

from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedbackCache
from matinee.store.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path / "matinee.db") as store:
        yield store


def test_feedback_is_the_history_oldest_first(store: Store, run: ServedRun) -> None:
    ann = store.users.create("Ann").id
    store.ratings.rate(ann, "104", 5)
    store.ratings.rate(ann, "101", 0.5)
    store.ratings.rate(ann, "not in the catalogue", 3)
    store.lists.excluded.add(ann, "104")
    store.lists.seen.add(ann, "106")
    store.lists.not_interested.add(ann, "107")
    store.lists.watchlist.add(ann, "109")
    feedback = UserFeedbackCache(store).get(run, ann)
    assert feedback.history.movies.tolist() == [1]
    assert feedback.history.ratings is not None
    assert feedback.history.ratings.tolist() == [0.5]
    assert (feedback.hidden, feedback.skipped) == ((4, 6), 1)
    assert (feedback.not_interested.tolist(), feedback.watchlist.tolist()) == ([7], [9])


def test_feedback_is_read_again_after_a_change(store: Store, run: ServedRun) -> None:
    ann, ben = store.users.create("Ann").id, store.users.create("Ben").id
    cache = UserFeedbackCache(store)
    store.ratings.rate(ann, "100", 4)
    first = cache.get(run, ann)
    store.ratings.rate(ben, "102", 4)
    assert cache.get(run, ann) is first
    store.ratings.rate(ann, "102", 4)
    assert cache.get(run, ann).history.movies.tolist() == [0, 2]
    store.changes.undo(ann, store.changes.version(ann))
    assert cache.get(run, ann).history.movies.tolist() == [0]


def test_feedback_of_a_new_user_is_empty(store: Store, run: ServedRun) -> None:
    feedback = UserFeedbackCache(store).get(run, store.users.create("Ann").id)
    assert len(feedback.history) == 1
    assert not len(feedback.history.movies)
    assert feedback.history.timestamps is not None
    assert feedback.history.timestamps.dtype == np.int64
