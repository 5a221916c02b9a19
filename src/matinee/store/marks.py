"""Marks: the feedback of a user on a movie, written together with its history.

A mark is a rating, a watchlist entry, "not interested", "excluded" (rated, but left out of the history for
recommendations), or "seen" without a rating. A user has at most one mark of each kind per movie. A removal is a change
too. Every change refers to the change that made the state before it, so an undo restores that state exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.errors import InputError
from matinee.store.database import Database, lock_user, upsert
from matinee.store.tables import KINDS, mark_changes, marks
from matinee.store.validation import as_one_of, as_rating, as_source, as_text, as_time, now


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark with its time, its source (`web`, `api`, `import:7`), and the value of a rating."""

    at: datetime
    source: str
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a mark: the mark before and after, where None means no mark."""

    id: int
    kind: str  # rating, watchlist, not_interested, excluded, seen
    movie_id: str
    before: Mark | None
    after: Mark | None
    source: str  # of the change
    changed_at: datetime
    before_id: int | None  # the change that made the state before this one
    undoes_id: int | None  # the change that this one undoes


@dataclass(frozen=True, slots=True)
class MarkUpdate:
    """A mark to set, or without `mark` to remove. The last two fields are for undo."""

    kind: str
    movie_id: str
    mark: Mark | None
    source: str
    undoes_id: int | None = None
    restores_id: int | None = None


def validate_update(update: MarkUpdate) -> MarkUpdate:
    """Return the update with its times in UTC. Raises `InputError` for values that cannot be stored."""
    kind, movie_id = as_one_of(update.kind, KINDS, "kind"), as_text(update.movie_id, "the movie's id")
    mark = update.mark
    if mark is not None:
        if (mark.rating is None) == (kind == "rating"):
            raise InputError(
                f"Movie {movie_id!r} has a mark of kind {kind} with rating {mark.rating}. "
                "Only marks of kind rating have a rating, and all of them have one."
            )
        rating = None if mark.rating is None else as_rating(mark.rating)
        mark = Mark(as_time(mark.at, "the time of a rating"), as_source(mark.source), rating)
    return MarkUpdate(kind, movie_id, mark, as_source(update.source), update.undoes_id, update.restores_id)


def write_marks(connection: sa.Connection, user_id: int, updates: Sequence[MarkUpdate]) -> list[Change]:
    """Set or remove marks, at most one per kind and movie. The transaction must have locked the user."""
    changes: list[Change] = []
    for kind in dict.fromkeys(update.kind for update in updates):
        of_kind = [update for update in updates if update.kind == kind]
        existing = mark_rows(connection, user_id, kind, {update.movie_id for update in of_kind})
        changes += _write_kind(connection, user_id, of_kind, existing)
    return changes


def remove_mark(database: Database, user_id: int, update: MarkUpdate) -> Change | None:
    """Remove a mark of any kind. Returns None if there is no such mark."""
    update = validate_update(update)
    with database.writing() as connection:
        lock_user(connection, user_id)
        row = mark_rows(connection, user_id, update.kind, [update.movie_id]).get(update.movie_id)
        if row is None or row["at"] is None:
            return None
        return write_marks(connection, user_id, [update])[0]


def mark_rows(connection: sa.Connection, user_id: int, kind: str, movie_ids: Iterable[str]) -> dict[str, sa.RowMapping]:
    """Read rows of `marks` by movie: at least the rows that exist of `movie_ids`."""
    query = sa.select(marks).where(marks.c.user_id == user_id, marks.c.kind == kind)
    ids = list(movie_ids)
    if len(ids) == 1:  # one row by its key; for several ids, read all rows of the user at once
        query = query.where(marks.c.movie_id == ids[0])
    return {row["movie_id"]: row for row in connection.execute(query).mappings()}


def mark_from_row(row: sa.RowMapping | None) -> Mark | None:
    """Return the mark of a row of `marks` or `mark_changes`, or None if the row has no mark."""
    return Mark(row["at"], row["source"], row["rating"]) if row is not None and row["at"] is not None else None


def _write_kind(
    connection: sa.Connection, user_id: int, updates: Sequence[MarkUpdate], existing: Mapping[str, sa.RowMapping]
) -> list[Change]:
    changed_at = now()
    rows: list[dict[str, Any]] = []
    for update in updates:
        before = existing.get(update.movie_id)
        rows.append(
            {
                "user_id": user_id,
                "kind": update.kind,
                "movie_id": update.movie_id,
                "rating": update.mark.rating if update.mark else None,
                "at": update.mark.at if update.mark else None,
                "source": update.source,
                "changed_at": changed_at,
                "before_id": before["state_id"] if before else None,
                "undoes_id": update.undoes_id,
            }
        )
    statement = sa.insert(mark_changes).returning(mark_changes.c.id, sort_by_parameter_order=True)
    ids = connection.execute(statement, rows).scalars().all()
    upsert(connection, marks, [_mark_row(*triple) for triple in zip(rows, updates, ids, strict=True)])
    return [
        Change(
            id=change_id,
            kind=update.kind,
            movie_id=update.movie_id,
            before=mark_from_row(existing.get(update.movie_id)),
            after=update.mark,
            source=update.source,
            changed_at=changed_at,
            before_id=row["before_id"],
            undoes_id=update.undoes_id,
        )
        for row, update, change_id in zip(rows, updates, ids, strict=True)
    ]


def _mark_row(row: dict[str, Any], update: MarkUpdate, change_id: int) -> dict[str, Any]:
    return {
        "user_id": row["user_id"],
        "kind": update.kind,
        "movie_id": update.movie_id,
        "rating": row["rating"],
        "at": row["at"],
        "source": update.mark.source if update.mark else None,
        "state_id": change_id if update.undoes_id is None else update.restores_id,
        "latest_id": change_id,
    }
