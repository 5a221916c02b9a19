"""Imports of diaries: nothing is saved until it is kept, the same file adds nothing twice, and all can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.errors import ConflictError, NotFoundError
from matinee.store.changes import count_by_source, effective_changes, revert
from matinee.store.database import Database, insert, lock_user
from matinee.store.marks import Mark, MarkUpdate, mark_from, mark_rows, validated, write
from matinee.store.paging import Page, read_page
from matinee.store.tables import LIVE_IMPORT, imports
from matinee.store.validation import as_one_of, as_text, as_time, now

_KINDS = ("rating", "watchlist", "seen")


@dataclass(frozen=True)
class ImportRow:
    """A line of a diary. Without a movie it is shown and can be matched, and is not kept."""

    kind: str  # rating, watchlist, seen
    movie_id: str | None
    stars: float | None = None  # of a rating
    at: datetime | None = None  # None: the diary does not say
    entry: dict[str, Any] = field(default_factory=dict[str, Any])  # what a page shows: title, year, candidates


@dataclass(frozen=True)
class Import:
    """A file somebody brought: pending until it is kept or discarded; what was kept can be undone."""

    id: int
    user_id: int
    digest: str  # of the file
    source: str  # letterboxd, imdb, trakt, csv
    counts: dict[str, int]  # matched, unsure, missing
    status: str  # pending, kept, discarded, undone
    rows: list[ImportRow]  # until it is kept or discarded
    created_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class ImportOutcome:
    """What keeping or undoing an import did: how many marks it changed, and how many it left as they were."""

    imported: Import
    changed: int
    left: int


class Imports:
    """Diaries, from being read to being kept, discarded or undone."""

    def __init__(self, database: Database):
        self._database = database

    def begin(
        self, user_id: int, digest: str, source: str, rows: Sequence[ImportRow], counts: Mapping[str, int]
    ) -> tuple[Import, bool]:
        """Take a file in, as pending. The flag says whether it is new.

        A file that the person has pending or has kept is returned as it is there; one that was discarded or undone
        may come again. Raises `InputError` for rows that could not be kept.
        """
        values = {
            "user_id": user_id,
            "digest": as_text(digest, "the file's digest"),
            "source": as_text(source, "source"),
            "counts": dict(counts),
            "status": "pending",
            "rows": [_to_json(row) for row in rows],
            "created_at": now(),
        }
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            adding = insert(connection, imports).values(values).on_conflict_do_nothing().returning(imports)
            row = connection.execute(adding).mappings().one_or_none()
            if row is not None:
                return _import(row), True
            live = imports.c.user_id == user_id, imports.c.digest == digest, LIVE_IMPORT
            return _import(connection.execute(sa.select(imports).where(*live)).mappings().one()), False

    def get(self, user_id: int, import_id: int) -> Import:
        """One import of a person. Raises `NotFoundError` if they have none of this number."""
        with self._database.reading() as connection:
            return _one(connection, user_id, import_id)

    def page(self, user_id: int, *, cursor: str | None = None, limit: int = 50) -> Page[Import]:
        """The imports of a person, newest first."""
        query = sa.select(imports).where(imports.c.user_id == user_id)
        with self._database.reading() as connection:
            return read_page(connection, query, (imports.c.id,), _import, cursor, limit)

    def correct(self, user_id: int, import_id: int, rows: Sequence[ImportRow], counts: Mapping[str, int]) -> Import:
        """Replace the rows of a pending import: somebody chose the right movie. Raises `ConflictError` if decided."""
        with self._database.writing() as connection:
            _pending(connection, user_id, import_id)
            return _set(connection, import_id, rows=[_to_json(row) for row in rows], counts=dict(counts))

    def discard(self, user_id: int, import_id: int) -> Import:
        """Forget the rows of a pending import. Raises `ConflictError` if it was decided."""
        with self._database.writing() as connection:
            _pending(connection, user_id, import_id)
            return _set(connection, import_id, rows=None, status="discarded", decided_at=now())

    def keep(self, user_id: int, import_id: int) -> ImportOutcome:
        """Write the ratings, the watchlist and what was seen of a pending import, all or none of them.

        A mark that is there already stays if it is the same or newer; a row that does not say when counts as older
        than anything. Raises `ConflictError` if the import was decided.
        """
        with self._database.writing() as connection:
            rows = _last_words(_pending(connection, user_id, import_id).rows)
            news = _news(connection, user_id, rows)
            moment = now()
            write(connection, user_id, [_wish(row, f"import:{import_id}", moment) for row in news])
            kept = _set(connection, import_id, rows=None, status="kept", decided_at=moment)
        return ImportOutcome(kept, len(news), len(rows) - len(news))

    def undo(self, user_id: int, import_id: int) -> ImportOutcome:
        """Take back what an import wrote, all at once; what was said of a movie since then stays.

        Raises `ConflictError` if it is not kept.
        """
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            status = _one(connection, user_id, import_id).status
            if status != "kept":
                raise ConflictError(f"import {import_id} is {status}; expected one that is kept")
            source = f"import:{import_id}"
            changes = effective_changes(connection, user_id, source)
            revert(connection, user_id, changes)
            undone = _set(connection, import_id, status="undone", decided_at=now())
            return ImportOutcome(undone, len(changes), count_by_source(connection, user_id, source) - len(changes))


def _last_words(rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Of the rows of one kind about one movie, the newest; of those from the same moment, the last."""
    last: dict[tuple[str, str], ImportRow] = {}
    for row in rows:
        if row.movie_id is None:
            continue
        other = last.get((row.kind, row.movie_id))
        if other is None or other.at is None or (row.at is not None and row.at >= other.at):
            last[row.kind, row.movie_id] = row
    return list(last.values())


def _news(connection: sa.Connection, user_id: int, rows: Sequence[ImportRow]) -> list[ImportRow]:
    """The rows that say something that is not there yet, or say it anew."""
    news: list[ImportRow] = []
    for kind in _KINDS:
        of_kind = {row.movie_id: row for row in rows if row.kind == kind and row.movie_id is not None}
        there = mark_rows(connection, user_id, kind, of_kind)
        for movie_id, row in of_kind.items():
            mark = mark_from(there.get(movie_id))
            if mark is None or (mark.stars != row.stars and row.at is not None and row.at > mark.at):
                news.append(row)
    return news


def _wish(row: ImportRow, source: str, moment: datetime) -> MarkUpdate:
    mark = Mark(row.at or moment, source, row.stars)
    return validated(MarkUpdate(as_one_of(row.kind, _KINDS, "kind of row"), row.movie_id or "", mark, source))


def _to_json(row: ImportRow) -> dict[str, Any]:
    if row.movie_id is not None:
        _wish(row, "import:0", now())  # refuses what could not be kept, while there is somebody to tell
    return {
        "kind": as_one_of(row.kind, _KINDS, "kind of row"),
        "movie_id": row.movie_id,
        "stars": row.stars,
        "at": None if row.at is None else as_time(row.at, "the time of a row").isoformat(),
        "entry": row.entry,
    }


def _from_json(row: dict[str, Any]) -> ImportRow:
    at = None if row["at"] is None else datetime.fromisoformat(row["at"])
    return ImportRow(row["kind"], row["movie_id"], row["stars"], at, row["entry"])


def _one(connection: sa.Connection, user_id: int, import_id: int) -> Import:
    ours = imports.c.user_id == user_id, imports.c.id == import_id
    row = connection.execute(sa.select(imports).where(*ours)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"user {user_id} has no import with the number {import_id}")
    return _import(row)


def _pending(connection: sa.Connection, user_id: int, import_id: int) -> Import:
    lock_user(connection, user_id)
    found = _one(connection, user_id, import_id)
    if found.status != "pending":
        raise ConflictError(f"import {import_id} is {found.status}; expected one that is pending")
    return found


def _set(connection: sa.Connection, import_id: int, **values: Any) -> Import:
    changing = sa.update(imports).where(imports.c.id == import_id).values(values)
    return _import(connection.execute(changing.returning(imports)).mappings().one())


def _import(row: sa.RowMapping) -> Import:
    values: dict[str, Any] = {**row, "rows": [_from_json(one) for one in row["rows"] or []]}
    return Import(**values)
