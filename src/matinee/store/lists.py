"""Lists of movies a person keeps: the watchlist, what does not interest them, what their taste is built without."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.store.database import Database, lock_user
from matinee.store.marks import Change, Mark, MarkUpdate, mark_rows, remove_mark, validated, write
from matinee.store.paging import Page, read_page
from matinee.store.tables import marks
from matinee.store.validation import now


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A movie on a list, since when, and how it came there."""

    movie_id: str
    added_at: datetime
    source: str
    change_id: int


# In the order of the fields.
_COLUMNS: list[sa.Column[Any]] = [marks.c.movie_id, marks.c.at, marks.c.source, marks.c.state_id]


class MovieList:
    """One list of each person. Every change can be taken back with `Changes.undo`."""

    def __init__(self, database: Database, kind: str):
        self._database, self._kind = database, kind

    def add(
        self, user_id: int, movie_id: str, *, source: str = "web", added_at: datetime | None = None
    ) -> Change | None:
        """Put a movie on the list. None if it is there already, and stays as it is."""
        wish = validated(MarkUpdate(self._kind, movie_id, Mark(added_at or now(), source), source))
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            row = mark_rows(connection, user_id, self._kind, [movie_id]).get(movie_id)
            if row is not None and row["at"] is not None:
                return None
            return write(connection, user_id, [wish])[0]

    def remove(self, user_id: int, movie_id: str, *, source: str = "web") -> Change | None:
        """Take a movie off the list. None if it is not there."""
        return remove_mark(self._database, user_id, MarkUpdate(self._kind, movie_id, None, source))

    def ids(self, user_id: int) -> set[str]:
        """The movies on the list."""
        query = self._of(user_id).with_only_columns(marks.c.movie_id)
        with self._database.reading() as connection:
            return set(connection.execute(query).scalars())

    def page(self, user_id: int, *, cursor: str | None = None, limit: int = 50) -> Page[ListEntry]:
        """The list of a person, newest first."""
        with self._database.reading() as connection:
            return read_page(connection, self._of(user_id), (marks.c.at, marks.c.state_id), _entry, cursor, limit)

    def _of(self, user_id: int) -> sa.Select[*tuple[Any, ...]]:
        return sa.select(*_COLUMNS).where(
            marks.c.user_id == user_id, marks.c.kind == self._kind, marks.c.at.is_not(None)
        )


class Lists:
    """The lists there are."""

    def __init__(self, database: Database):
        self.watchlist = MovieList(database, "watchlist")
        self.not_interested = MovieList(database, "not_interested")
        self.excluded = MovieList(database, "excluded")  # rated, but not what recommendations are built from
        self.seen = MovieList(database, "seen")  # without stars: never shown again, and says nothing else


def _entry(row: sa.RowMapping) -> ListEntry:
    return ListEntry(*row.values())
