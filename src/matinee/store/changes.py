"""The history of what a person says of movies, and taking a change back."""

import sqlalchemy as sa

from matinee.errors import ConflictError, NotFoundError
from matinee.store.database import Database, lock_user
from matinee.store.marks import Change, Mark, MarkUpdate, mark_from, write
from matinee.store.paging import Page, read_page
from matinee.store.tables import KINDS, mark_changes, marks
from matinee.store.validation import as_one_of

_before = mark_changes.alias("before")
_WITH_BEFORE = sa.select(
    mark_changes,
    _before.c.at.label("before_at"),
    _before.c.source.label("before_source"),
    _before.c.stars.label("before_stars"),
).outerjoin(_before, _before.c.id == mark_changes.c.before_id)


class Changes:
    """Every change of every mark of a person: ratings, watchlist, not interested, left out."""

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
        """Changes, newest first; of one kind, of one movie, or of all."""
        query = _WITH_BEFORE.where(mark_changes.c.user_id == user_id)
        if kind is not None:
            query = query.where(mark_changes.c.kind == as_one_of(kind, KINDS, "kind"))
        if movie_id is not None:
            query = query.where(mark_changes.c.movie_id == movie_id)
        with self._database.reading() as connection:
            return read_page(connection, query, (mark_changes.c.id,), _change, cursor, limit)

    def version(self, user_id: int) -> int:
        """A number that grows with every change of a person's marks; 0 before the first."""
        newest = sa.select(sa.func.max(mark_changes.c.id)).where(mark_changes.c.user_id == user_id)
        with self._database.reading() as connection:
            return connection.execute(newest).scalar_one() or 0

    def undo(self, user_id: int, change_id: int) -> Change:
        """Restore what was before a change, exactly, as a change of its own; asked twice, it is done once.

        What can be taken back: the change that made what is there now, so one after the other back to the
        beginning; and the newest change, so that an undo can be undone too. Raises `NotFoundError` if the person
        has no such change, `ConflictError` if something else has been said since.
        """
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            change = _one(connection, user_id, change_id)
            if change is None:
                raise NotFoundError(f"user {user_id} has no change with the number {change_id}")
            here = marks.c.user_id == user_id, marks.c.kind == change.kind, marks.c.movie_id == change.movie_id
            mark = connection.execute(sa.select(marks.c.latest_id, marks.c.state_id).where(*here)).one()
            latest = _one(connection, user_id, mark.latest_id)
            if latest is not None and latest.undoes_id == change_id:
                return latest
            if change_id not in (mark.latest_id, mark.state_id):
                movie = f"movie {change.movie_id!r}"
                raise ConflictError(
                    f"change {change_id} is not the last word on {movie} any more; expected {mark.latest_id}"
                )
            return revert(connection, user_id, [change])[0]


def revert(connection: sa.Connection, user_id: int, changes: list[Change]) -> list[Change]:
    """Restore what was before changes, at most one for each kind and movie, each of which has the last word."""
    wishes = [
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
    return write(connection, user_id, wishes)


def effective_changes(connection: sa.Connection, user_id: int, source: str) -> list[Change]:
    """The changes that came in by `source` and made what is there now."""
    here = marks.c.user_id == user_id, marks.c.kind == mark_changes.c.kind, marks.c.movie_id == mark_changes.c.movie_id
    query = _WITH_BEFORE.join(marks, sa.and_(*here, marks.c.state_id == mark_changes.c.id)).where(
        mark_changes.c.user_id == user_id, mark_changes.c.source == source, mark_changes.c.undoes_id.is_(None)
    )
    return [_change(row) for row in connection.execute(query.order_by(mark_changes.c.id)).mappings()]


def count_by_source(connection: sa.Connection, user_id: int, source: str) -> int:
    """How many changes came in by `source`."""
    ours = mark_changes.c.user_id == user_id, mark_changes.c.source == source, mark_changes.c.undoes_id.is_(None)
    return connection.execute(sa.select(sa.func.count()).select_from(mark_changes).where(*ours)).scalar_one()


def _one(connection: sa.Connection, user_id: int, change_id: int) -> Change | None:
    query = _WITH_BEFORE.where(mark_changes.c.user_id == user_id, mark_changes.c.id == change_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _change(row)


def _change(row: sa.RowMapping) -> Change:
    gone = row["before_at"] is None
    return Change(
        id=row["id"],
        kind=row["kind"],
        movie_id=row["movie_id"],
        before=None if gone else Mark(row["before_at"], row["before_source"], row["before_stars"]),
        after=mark_from(row),
        source=row["source"],
        changed_at=row["changed_at"],
        before_id=row["before_id"],
        undoes_id=row["undoes_id"],
    )
