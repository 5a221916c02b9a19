"""The history of a user's marks, and undo."""

import sqlalchemy as sa

from matinee.errors import ConflictError, NotFoundError
from matinee.store.database import Database, lock_user
from matinee.store.marks import Change, Mark, MarkUpdate, mark_from_row, write_marks
from matinee.store.paging import Page, read_page
from matinee.store.tables import KINDS, mark_changes, marks
from matinee.store.validation import as_one_of

_before = mark_changes.alias("before")
_WITH_BEFORE = sa.select(
    mark_changes,
    _before.c.at.label("before_at"),
    _before.c.source.label("before_source"),
    _before.c.rating.label("before_rating"),
).outerjoin(_before, _before.c.id == mark_changes.c.before_id)


class Changes:
    """Every change of every mark: ratings, watchlist, not interested, excluded, seen."""

    def __init__(self, database: Database):
        self._database = database

    def page(
        self,
        user_id: int,
        *,
        kind: str | None = None,
        movie_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Change]:
        """A page of changes, newest first, optionally of one kind or one movie."""
        query = _WITH_BEFORE.where(mark_changes.c.user_id == user_id)
        if kind is not None:
            query = query.where(mark_changes.c.kind == as_one_of(kind, KINDS, "kind"))
        if movie_id is not None:
            query = query.where(mark_changes.c.movie_id == movie_id)
        with self._database.reading() as connection:
            return read_page(connection, query, (mark_changes.c.id,), _change, cursor, limit)

    def version(self, user_id: int) -> int:
        """A number that grows with every change of a user's marks; 0 before the first."""
        newest = sa.select(sa.func.max(mark_changes.c.id)).where(mark_changes.c.user_id == user_id)
        with self._database.reading() as connection:
            return connection.execute(newest).scalar_one() or 0

    def undo(self, user_id: int, change_id: int) -> Change:
        """Restore the exact state before a change, as a new change. A repeated call has no further effect.

        A change can be undone if it made the current state, so changes can be undone in turn back to the first. The
        newest change can be undone as well, so an undo can be undone. Raises `NotFoundError` if the user has no such
        change, and `ConflictError` if the movie has changed since.
        """
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            change = _find(connection, user_id, change_id)
            if change is None:
                raise NotFoundError(f"User {user_id} has no change {change_id}.")
            is_same = marks.c.user_id == user_id, marks.c.kind == change.kind, marks.c.movie_id == change.movie_id
            mark = connection.execute(sa.select(marks.c.latest_id, marks.c.state_id).where(*is_same)).one()
            latest = _find(connection, user_id, mark.latest_id)
            if latest is not None and latest.undoes_id == change_id:
                return latest
            if change_id not in (mark.latest_id, mark.state_id):
                raise ConflictError(
                    f"Change {change_id} is not the latest change of movie {change.movie_id!r}. "
                    f"Undo change {mark.latest_id} first."
                )
            return revert(connection, user_id, [change])[0]


def revert(connection: sa.Connection, user_id: int, changes: list[Change]) -> list[Change]:
    """Restore the state before changes: at most one per kind and movie, each the one that made the current state."""
    updates = [
        MarkUpdate(
            kind=change.kind,
            movie_id=change.movie_id,
            mark=change.before,
            source=change.before.source if change.before else change.source,
            undoes_id=change.id,
            restores_id=change.before_id,
        )
        for change in changes
    ]
    return write_marks(connection, user_id, updates)


def effective_changes(connection: sa.Connection, user_id: int, source: str) -> list[Change]:
    """The changes from `source` that made the current state of a mark."""
    is_same = (
        marks.c.user_id == user_id,
        marks.c.kind == mark_changes.c.kind,
        marks.c.movie_id == mark_changes.c.movie_id,
        marks.c.state_id == mark_changes.c.id,
    )
    query = _WITH_BEFORE.join(marks, sa.and_(*is_same)).where(*_from_source(user_id, source))
    return [_change(row) for row in connection.execute(query.order_by(mark_changes.c.id)).mappings()]


def count_by_source(connection: sa.Connection, user_id: int, source: str) -> int:
    """The number of changes from `source`."""
    query = sa.select(sa.func.count()).select_from(mark_changes).where(*_from_source(user_id, source))
    return connection.execute(query).scalar_one()


def _from_source(user_id: int, source: str) -> tuple[sa.ColumnElement[bool], ...]:
    return mark_changes.c.user_id == user_id, mark_changes.c.source == source, mark_changes.c.undoes_id.is_(None)


def _find(connection: sa.Connection, user_id: int, change_id: int) -> Change | None:
    query = _WITH_BEFORE.where(mark_changes.c.user_id == user_id, mark_changes.c.id == change_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _change(row)


def _change(row: sa.RowMapping) -> Change:
    return Change(
        id=row["id"],
        kind=row["kind"],
        movie_id=row["movie_id"],
        before=None if row["before_at"] is None else Mark(row["before_at"], row["before_source"], row["before_rating"]),
        after=mark_from_row(row),
        source=row["source"],
        changed_at=row["changed_at"],
        before_id=row["before_id"],
        undoes_id=row["undoes_id"],
    )
