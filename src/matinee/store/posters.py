"""Posters and facts known of movies: what was found, what is missing, and when to ask again."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.store.database import Database, upsert
from matinee.store.tables import POSTER_STATES, posters
from matinee.store.validation import as_one_of, as_text, as_time, now

_AT_ONCE = 500  # ids asked for in one query


@dataclass(frozen=True)
class Poster:
    """What is known of a movie's poster and facts."""

    movie_id: str
    state: str  # found; missing: the source has none; failed: the source did not answer
    source: str  # tmdb, folder
    fetched_at: datetime
    path: str | None = None  # of the picture, inside the folder of posters
    facts: dict[str, Any] | None = None
    next_try_at: datetime | None = None  # None: do not ask again


class Posters:
    """A record of what was fetched, so that nothing is fetched twice and what failed is tried again in time."""

    def __init__(self, database: Database):
        self._database = database

    def put(self, known: Sequence[Poster]) -> None:
        """Keep what is known now of some movies, in place of what was known of them before."""
        rows = {poster.movie_id: _row(poster) for poster in known}  # the last word on each
        if rows:
            with self._database.writing() as connection:
                upsert(connection, posters, [rows[movie_id] for movie_id in sorted(rows)])

    def get(self, movie_id: str) -> Poster | None:
        """What is known of one movie."""
        return self.of([movie_id]).get(movie_id)

    def of(self, movie_ids: Iterable[str]) -> dict[str, Poster]:
        """What is known of some movies; those of which nothing is known are not in it."""
        wanted = list(dict.fromkeys(movie_ids))
        found: dict[str, Poster] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                some = posters.c.movie_id.in_(wanted[start : start + _AT_ONCE])
                for row in connection.execute(sa.select(posters).where(some)).mappings():
                    found[row["movie_id"]] = Poster(**row)
        return found

    def due(self, limit: int, at: datetime | None = None) -> list[str]:
        """Movies to ask for again by now, or by a given moment: those that have waited longest come first."""
        moment = now() if at is None else as_time(at, "at")
        query = sa.select(posters.c.movie_id).where(posters.c.next_try_at <= moment)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(posters.c.next_try_at, posters.c.movie_id).limit(limit))
            return list(rows.scalars())

    def counts(self) -> dict[str, int]:
        """How many movies are in each state."""
        query = sa.select(posters.c.state, sa.func.count()).group_by(posters.c.state)
        with self._database.reading() as connection:
            counted: dict[str, int] = dict(connection.execute(query).all())
        return {state: counted.get(state, 0) for state in POSTER_STATES}


def _row(poster: Poster) -> dict[str, Any]:
    as_text(poster.movie_id, "the movie's id")
    as_text(poster.source, "source")
    as_one_of(poster.state, POSTER_STATES, "state")
    if poster.path is not None:
        as_text(poster.path, "path", 1000)
    again = None if poster.next_try_at is None else as_time(poster.next_try_at, "the time of the next try")
    return asdict(poster) | {"fetched_at": as_time(poster.fetched_at, "the time of fetching"), "next_try_at": again}
