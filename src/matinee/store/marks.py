"""What a person says of a movie: reading it, and writing it together with its history.

A mark is a rating, a place on the watchlist, "not interested", "leave it out of what my recommendations are built
from", or, of a film without stars, "seen". A person has one of each kind for a movie at most. Removing it is a change
like any other, and every change names the one that had made what it replaced, which is what makes taking it back
exact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.errors import InputError
from matinee.store.database import Database, lock_user, upsert
from matinee.store.tables import KINDS, mark_changes, marks
from matinee.store.validation import as_one_of, as_source, as_stars, as_text, as_time, now


@dataclass(frozen=True, slots=True)
class Mark:
    """Something said of a movie: since when, and how it came in (`web`, `api`, `import:7`); stars of a rating."""

    at: datetime
    source: str
    stars: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a mark: what was there before and what after, where None is nothing."""

    id: int
    kind: str  # rating, watchlist, not_interested, excluded, seen
    movie_id: str
    before: Mark | None
    after: Mark | None
    source: str  # how the change came in
    changed_at: datetime
    before_id: int | None  # the change that had made what was there before
    undoes_id: int | None  # the change it takes back


@dataclass(frozen=True, slots=True)
class MarkUpdate:
    """A mark to set, or, where `mark` is None, to remove. The last two are for taking a change back."""

    kind: str
    movie_id: str
    mark: Mark | None
    source: str
    undoes_id: int | None = None
    restores_id: int | None = None


def validated(wish: MarkUpdate) -> MarkUpdate:
    """The wish with its times in UTC. Raises `InputError` for what cannot be stored."""
    kind, movie_id = as_one_of(wish.kind, KINDS, "kind"), as_text(wish.movie_id, "the movie's id")
    mark = wish.mark
    if mark is not None:
        if (mark.stars is None) == (kind == "rating"):
            raise InputError(
                f"a {kind} of movie {movie_id!r} with stars {mark.stars}; expected stars for ratings alone"
            )
        stars = None if mark.stars is None else as_stars(mark.stars)
        mark = Mark(as_time(mark.at, "the time of a rating"), as_source(mark.source), stars)
    return MarkUpdate(kind, movie_id, mark, as_source(wish.source), wish.undoes_id, wish.restores_id)


def write(connection: sa.Connection, user_id: int, wishes: Sequence[MarkUpdate]) -> list[Change]:
    """Set or remove marks, at most one for each kind and movie; the transaction must hold the person."""
    written: list[Change] = []
    for kind in dict.fromkeys(wish.kind for wish in wishes):
        of_kind = [wish for wish in wishes if wish.kind == kind]
        there = mark_rows(connection, user_id, kind, {wish.movie_id for wish in of_kind})
        written += _write_kind(connection, user_id, of_kind, there)
    return written


def remove_mark(database: Database, user_id: int, wish: MarkUpdate) -> Change | None:
    """Remove a mark of any kind. None if there is none."""
    wish = validated(wish)
    with database.writing() as connection:
        lock_user(connection, user_id)
        row = mark_rows(connection, user_id, wish.kind, [wish.movie_id]).get(wish.movie_id)
        if row is None or row["at"] is None:
            return None
        return write(connection, user_id, [wish])[0]


def mark_rows(connection: sa.Connection, user_id: int, kind: str, movie_ids: Iterable[str]) -> dict[str, sa.RowMapping]:
    """The rows of `marks`, by movie: at least those of `movie_ids` that are there."""
    query = sa.select(marks).where(marks.c.user_id == user_id, marks.c.kind == kind)
    wanted = list(movie_ids)
    if len(wanted) == 1:  # one by its key; for several, all of a person's are read at once
        query = query.where(marks.c.movie_id == wanted[0])
    return {row["movie_id"]: row for row in connection.execute(query).mappings()}


def mark_from(row: sa.RowMapping | None) -> Mark | None:
    """The mark that a row of `marks` or `mark_changes` holds, if it holds one."""
    return Mark(row["at"], row["source"], row["stars"]) if row is not None and row["at"] is not None else None


def _write_kind(
    connection: sa.Connection, user_id: int, wishes: Sequence[MarkUpdate], there: Mapping[str, sa.RowMapping]
) -> list[Change]:
    changed_at = now()
    rows: list[dict[str, Any]] = []
    for wish in wishes:
        before = there.get(wish.movie_id)
        rows.append(
            {
                "user_id": user_id,
                "kind": wish.kind,
                "movie_id": wish.movie_id,
                "stars": wish.mark.stars if wish.mark else None,
                "at": wish.mark.at if wish.mark else None,
                "source": wish.source,
                "changed_at": changed_at,
                "before_id": before["state_id"] if before else None,
                "undoes_id": wish.undoes_id,
            }
        )
    adding = sa.insert(mark_changes).returning(mark_changes.c.id, sort_by_parameter_order=True)
    ids = connection.execute(adding, rows).scalars().all()
    upsert(connection, marks, [_mark_row(*one) for one in zip(rows, wishes, ids, strict=True)])
    return [
        Change(
            id=id_,
            kind=wish.kind,
            movie_id=wish.movie_id,
            before=mark_from(there.get(wish.movie_id)),
            after=wish.mark,
            source=wish.source,
            changed_at=changed_at,
            before_id=row["before_id"],
            undoes_id=wish.undoes_id,
        )
        for row, wish, id_ in zip(rows, wishes, ids, strict=True)
    ]


def _mark_row(row: dict[str, Any], wish: MarkUpdate, change_id: int) -> dict[str, Any]:
    return {
        "user_id": row["user_id"],
        "kind": wish.kind,
        "movie_id": wish.movie_id,
        "stars": row["stars"],
        "at": row["at"],
        "source": wish.mark.source if wish.mark else None,
        "state_id": change_id if wish.undoes_id is None else wish.restores_id,
        "latest_id": change_id,
    }
