"""Ratings: one for each person and movie, as it stands; how it came about is in `changes.py`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.store.database import Database, lock_user
from matinee.store.marks import Change, Mark, MarkUpdate, remove_mark, validated, write
from matinee.store.paging import Page, read_page
from matinee.store.tables import marks
from matinee.store.validation import now


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as it stands. `change_id` is the change that made it so, and another one when it is another rating."""

    movie_id: str
    stars: float  # 0.5 to 5
    rated_at: datetime
    source: str  # web, api, import:<number>
    change_id: int


# In the order of the fields.
_COLUMNS: list[sa.Column[Any]] = [marks.c.movie_id, marks.c.stars, marks.c.at, marks.c.source, marks.c.state_id]


class UserRatings:
    """What people give to movies, in stars."""

    def __init__(self, database: Database):
        self._database = database

    def rate(
        self, user_id: int, movie_id: str, stars: float, *, source: str = "web", rated_at: datetime | None = None
    ) -> Change:
        """Rate a movie, for the first time or anew; once this returns, the rating is on the disk.

        Of two who rate it at once, the later has the last word, and the history has both. Raises `InputError` for
        stars outside 0.5 to 5 and for a time without a zone, `NotFoundError` for a person who is not there.
        """
        wish = validated(MarkUpdate("rating", movie_id, Mark(rated_at or now(), source, float(stars)), source))
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            return write(connection, user_id, [wish])[0]

    def remove(self, user_id: int, movie_id: str, *, source: str = "web") -> Change | None:
        """Take a rating away; its history stays. None if there is none."""
        return remove_mark(self._database, user_id, MarkUpdate("rating", movie_id, None, source))

    def get(self, user_id: int, movie_id: str) -> Rating | None:
        """One rating, if it is there."""
        with self._database.reading() as connection:
            row = connection.execute(_of(user_id).where(marks.c.movie_id == movie_id)).mappings().one_or_none()
        return None if row is None else _rating(row)

    def history(self, user_id: int) -> list[Rating]:
        """All ratings of a person, oldest first, as models want them."""
        with self._database.reading() as connection:
            rows = connection.execute(_of(user_id).order_by(marks.c.at, marks.c.state_id)).all()
        return [Rating(*row) for row in rows]

    def page(
        self, user_id: int, *, stars: float | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[Rating]:
        """Ratings of a person, newest first; of so many stars, or of all."""
        query = _of(user_id) if stars is None else _of(user_id).where(marks.c.stars == stars)
        with self._database.reading() as connection:
            return read_page(connection, query, (marks.c.at, marks.c.state_id), _rating, cursor, limit)

    def counts(self, user_id: int) -> dict[float, int]:
        """How many ratings of a person have how many stars; what was never given is left out."""
        given = _of(user_id).subquery()
        query = sa.select(given.c.stars, sa.func.count()).group_by(given.c.stars).order_by(given.c.stars)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def count(self, user_id: int) -> int:
        """How many ratings a person has."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(_of(user_id).subquery())).scalar_one()


def _of(user_id: int) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*_COLUMNS).where(marks.c.user_id == user_id, marks.c.kind == "rating", marks.c.at.is_not(None))


def _rating(row: sa.RowMapping) -> Rating:
    return Rating(*row.values())
