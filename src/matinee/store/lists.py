"""The lists of a user: watchlist, not interested, excluded, and seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.store.database import Database, lock_user
from matinee.store.marks import Change, Mark, MarkUpdate, mark_rows, remove_mark, validate_update, write_marks
from matinee.store.paging import Page, read_page
from matinee.store.tables import marks
from matinee.store.validation import now


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A movie on a list, with the time and source of its addition."""

    movie_id: str
    added_at: datetime
    source: str
    change_id: int


# In the order of the fields.
_COLUMNS: list[sa.Column[Any]] = [marks.c.movie_id, marks.c.at, marks.c.source, marks.c.state_id]


class MovieList:
    """One list of every user. `Changes.undo` undoes its changes."""

    def __init__(self, database: Database, kind: str):
        self._database, self._kind = database, kind

    def add(
        self, user_id: int, movie_id: str, *, source: str = "web", added_at: datetime | None = None
    ) -> Change | None:
        """Add a movie to the list. Returns None if it is on the list, which then stays unchanged."""
        update = validate_update(MarkUpdate(self._kind, movie_id, Mark(added_at or now(), source), source))
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            row = mark_rows(connection, user_id, self._kind, [movie_id]).get(movie_id)
            if row is not None and row["at"] is not None:
                return None
            return write_marks(connection, user_id, [update])[0]

    def remove(self, user_id: int, movie_id: str, *, source: str = "web") -> Change | None:
        """Remove a movie from the list. Returns None if it is not on the list."""
        return remove_mark(self._database, user_id, MarkUpdate(self._kind, movie_id, None, source))

    def ids(self, user_id: int) -> set[str]:
        """The ids of the movies on the list."""
        query = self._entries(user_id).with_only_columns(marks.c.movie_id)
        with self._database.reading() as connection:
            return set(connection.execute(query).scalars())

    def page(self, user_id: int, *, cursor: str | None = None, limit: int = 50) -> Page[ListEntry]:
        """A page of the list of a user, newest first."""
        with self._database.reading() as connection:
            return read_page(connection, self._entries(user_id), (marks.c.at, marks.c.state_id), _entry, cursor, limit)

    def _entries(self, user_id: int) -> sa.Select[*tuple[Any, ...]]:
        return sa.select(*_COLUMNS).where(
            marks.c.user_id == user_id, marks.c.kind == self._kind, marks.c.at.is_not(None)
        )


class Lists:
    """The four lists."""

    def __init__(self, database: Database):
        self.watchlist = MovieList(database, "watchlist")
        self.not_interested = MovieList(database, "not_interested")
        self.excluded = MovieList(database, "excluded")  # rated, but left out of the history for recommendations
        self.seen = MovieList(database, "seen")  # seen without a rating: not recommended again, and no other effect


def _entry(row: sa.RowMapping) -> ListEntry:
    return ListEntry(*row.values())
