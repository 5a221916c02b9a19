"""The feedback of users in catalogue rows, as the pipeline needs it.

It is read once and cached until it changes. The store counts every change of a user's marks, so a rating is in the
next list, regardless of the process that wrote it.
"""

import threading
from collections.abc import MutableMapping
from dataclasses import dataclass

import numpy as np
from cachetools import LRUCache

from matinee.arrays import MovieRows
from matinee.data.diaries.history import rescale_rating
from matinee.data.histories import Histories
from matinee.service.state.served_run import ServedRun
from matinee.store.ratings import Rating
from matinee.store.store import Store

_MAX_USERS = 2_000  # cached


@dataclass(frozen=True, eq=False)
class UserFeedback:
    """The feedback of one user in the rows of one run. Movies that the catalogue lacks are skipped."""

    history: Histories  # exactly one: the ratings that recommendations use
    hidden: tuple[int, ...]  # seen movies that are not in the history: excluded, or seen without a rating
    not_interested: MovieRows
    watchlist: MovieRows
    version: int  # of the user's marks
    skipped: int  # ratings of movies that the catalogue lacks


class UserFeedbackCache:
    """The current feedback of users."""

    def __init__(self, store: Store):
        self._store = store
        self._cache: MutableMapping[tuple[int, str, int], UserFeedback] = LRUCache(_MAX_USERS)
        self._lock = threading.Lock()

    def get(self, run: ServedRun, user_id: int, version: int | None = None) -> UserFeedback:
        """Return the feedback of a user. `version` is that of the user's marks, if the caller has it."""
        if version is None:
            version = self._store.changes.version(user_id)
        key = (user_id, run.version, version)
        with self._lock:
            feedback = self._cache.get(key)
        if feedback is None:
            # A change during the read has a higher version, so the next request reads again.
            feedback = self._read(run, user_id, version)
            with self._lock:
                self._cache[key] = feedback
        return feedback

    def _read(self, run: ServedRun, user_id: int, version: int) -> UserFeedback:
        lists = self._store.lists
        ratings = self._store.ratings.history(user_id)
        excluded = lists.excluded.ids(user_id)
        in_catalogue = [rating for rating in ratings if rating.movie_id in run.rows]
        used = [rating for rating in in_catalogue if rating.movie_id not in excluded]
        return UserFeedback(
            history=user_history(run, used),
            hidden=tuple(_rows(run, excluded | lists.seen.ids(user_id)).tolist()),
            not_interested=_rows(run, lists.not_interested.ids(user_id)),
            watchlist=_rows(run, lists.watchlist.ids(user_id)),
            version=version,
            skipped=len(ratings) - len(in_catalogue),
        )


def user_history(run: ServedRun, ratings: list[Rating]) -> Histories:
    """Build one history of ratings, oldest first, on the scale of the run. The catalogue must have all movies."""
    scale = run.engine.scale
    return Histories(
        offsets=np.array([0, len(ratings)], dtype=np.int64),
        movies=np.array([run.rows[rating.movie_id] for rating in ratings], dtype=np.int32),
        ratings=np.array([rescale_rating(rating.value, scale) for rating in ratings], dtype=np.float32),
        timestamps=np.array([int(rating.rated_at.timestamp()) for rating in ratings], dtype=np.int64),
    )


def _rows(run: ServedRun, movie_ids: set[str]) -> MovieRows:
    return np.array(sorted(run.rows[movie_id] for movie_id in movie_ids if movie_id in run.rows), dtype=np.int32)
