"""The current ratings of users. Their history is in `changes.py`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.store.database import Database, lock_user
from matinee.store.marks import Change, Mark, MarkUpdate, remove_mark, validate_update, write_marks
from matinee.store.paging import Page, read_page
from matinee.store.tables import marks
from matinee.store.validation import now


@dataclass(frozen=True, slots=True)
class Rating:
    """The current rating of a movie. `change_id` is the change that made it."""

    movie_id: str
    value: float  # 0.5 to 5
    rated_at: datetime
    source: str  # web, api, import:<number>
    change_id: int


# In the order of the fields.
_COLUMNS: list[sa.Column[Any]] = [marks.c.movie_id, marks.c.rating, marks.c.at, marks.c.source, marks.c.state_id]


class UserRatings:
    """The ratings of all users, from 0.5 to 5 in steps of 0.5."""

    def __init__(self, database: Database):
        self._database = database

    def rate(
        self, user_id: int, movie_id: str, value: float, *, source: str = "web", rated_at: datetime | None = None
    ) -> Change:
        """Add or replace a rating. It is on the disk when this returns.

        Of two simultaneous ratings, the later one is current and the history has both. Raises `InputError` for a
        value outside 0.5 to 5 and for a time without a zone, and `NotFoundError` for an unknown user.
        """
        update = validate_update(MarkUpdate("rating", movie_id, Mark(rated_at or now(), source, float(value)), source))
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            return write_marks(connection, user_id, [update])[0]

    def remove(self, user_id: int, movie_id: str, *, source: str = "web") -> Change | None:
        """Remove a rating. Its history stays. Returns None if there is no rating."""
        return remove_mark(self._database, user_id, MarkUpdate("rating", movie_id, None, source))

    def get(self, user_id: int, movie_id: str) -> Rating | None:
        """Return the rating of a movie, or None."""
        with self._database.reading() as connection:
            row = (
                connection.execute(_select_ratings(user_id).where(marks.c.movie_id == movie_id))
                .mappings()
                .one_or_none()
            )
        return None if row is None else _rating(row)

    def history(self, user_id: int) -> list[Rating]:
        """All ratings of a user, oldest first, as models need them."""
        with self._database.reading() as connection:
            rows = connection.execute(_select_ratings(user_id).order_by(marks.c.at, marks.c.state_id)).all()
        return [Rating(*row) for row in rows]

    def page(
        self, user_id: int, *, value: float | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[Rating]:
        """A page of ratings, newest first, optionally with one value."""
        query = _select_ratings(user_id) if value is None else _select_ratings(user_id).where(marks.c.rating == value)
        with self._database.reading() as connection:
            return read_page(connection, query, (marks.c.at, marks.c.state_id), _rating, cursor, limit)

    def counts(self, user_id: int) -> dict[float, int]:
        """Count the ratings of a user by value. Values without ratings are left out."""
        ratings = _select_ratings(user_id).subquery()
        query = sa.select(ratings.c.rating, sa.func.count()).group_by(ratings.c.rating).order_by(ratings.c.rating)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def count(self, user_id: int) -> int:
        """The number of ratings of a user."""
        with self._database.reading() as connection:
            return connection.execute(
                sa.select(sa.func.count()).select_from(_select_ratings(user_id).subquery())
            ).scalar_one()


def _select_ratings(user_id: int) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*_COLUMNS).where(marks.c.user_id == user_id, marks.c.kind == "rating", marks.c.at.is_not(None))


def _rating(row: sa.RowMapping) -> Rating:
    return Rating(*row.values())
