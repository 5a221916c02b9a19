"""From what a person has said, as the store keeps it, to what the pipeline asks for.

Read once, and kept as long as nothing of it changes: the store counts every change of a person's marks, so a rating is
in the very next list, whichever process wrote it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matinee.arrays import MovieRows
from matinee.data.diaries.history import rescaled
from matinee.data.histories import Histories
from matinee.service.state.lru_cache import LRUCache
from matinee.service.state.served_run import ServedRun
from matinee.store.ratings import Rating
from matinee.store.store import Store

_KEPT = 2_000  # people


@dataclass(frozen=True, eq=False)
class UserFeedback:
    """One person in the rows of one stage. What its catalogue does not have stays in the store and is skipped."""

    history: Histories  # exactly one: what recommendations are built from
    hidden: tuple[int, ...]  # seen, and not in it: rated and left out, or seen without stars
    not_interested: MovieRows
    watchlist: MovieRows
    version: int  # of the person's marks
    skipped: int  # ratings of movies that the catalogue does not have


class UserFeedbackCache:
    """The tastes of people, as they are now."""

    def __init__(self, store: Store):
        self._store = store
        self._recent: LRUCache[tuple[int, str, int], UserFeedback] = LRUCache(_KEPT)

    def get(self, run: ServedRun, user_id: int, version: int | None = None) -> UserFeedback:
        """The taste of a person; empty for somebody who has said nothing. `version`: of their marks, if it is known."""
        if version is None:
            version = self._store.changes.version(user_id)
        key = (user_id, run.version, version)
        found = self._recent.get(key)
        if found is None:
            # What is written meanwhile has a higher version, so it is read again when it is asked for.
            found = self._recent.put(key, self._read(run, user_id, version))
        return found

    def _read(self, run: ServedRun, user_id: int, version: int) -> UserFeedback:
        ratings = self._store.ratings.history(user_id)
        excluded = self._store.lists.excluded.ids(user_id)
        known = [one for one in ratings if one.movie_id in run.rows]
        used = [one for one in known if one.movie_id not in excluded]
        return UserFeedback(
            history=history_of(run, used),
            hidden=tuple(_rows(run, excluded | self._store.lists.seen.ids(user_id)).tolist()),
            not_interested=_rows(run, self._store.lists.not_interested.ids(user_id)),
            watchlist=_rows(run, self._store.lists.watchlist.ids(user_id)),
            version=version,
            skipped=len(ratings) - len(known),
        )


def history_of(run: ServedRun, ratings: list[Rating]) -> Histories:
    """One history of ratings, oldest first, all of movies that the stage has, in stars of the stage's own scale."""
    scale = run.engine.scale
    return Histories(
        offsets=np.array([0, len(ratings)], dtype=np.int64),
        movies=np.array([run.rows[one.movie_id] for one in ratings], dtype=np.int32),
        ratings=np.array([rescaled(one.stars, scale) for one in ratings], dtype=np.float32),
        timestamps=np.array([int(one.rated_at.timestamp()) for one in ratings], dtype=np.int64),
    )


def _rows(run: ServedRun, movie_ids: set[str]) -> npt.NDArray[np.int32]:
    return np.array(sorted(run.rows[one] for one in movie_ids if one in run.rows), dtype=np.int32)
