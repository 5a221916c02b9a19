"""Imports of diaries. Ratings are written when the user keeps an import, and an import can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.errors import ConflictError, NotFoundError
from matinee.store.changes import count_by_source, effective_changes, revert
from matinee.store.database import Database, insert, lock_user
from matinee.store.marks import Mark, MarkUpdate, mark_from_row, mark_rows, validate_update, write_marks
from matinee.store.paging import Page, read_page
from matinee.store.tables import LIVE_IMPORT, imports
from matinee.store.validation import as_one_of, as_text, as_time, now

_KINDS = ("rating", "watchlist", "seen")


@dataclass(frozen=True)
class ImportRow:
    """A line of a diary. A line without a movie is shown to be matched, and is skipped if it is not."""

    kind: str  # rating, watchlist, seen
    movie_id: str | None
    rating: float | None = None
    at: datetime | None = None  # None if the diary has no date
    entry: dict[str, Any] = field(default_factory=dict[str, Any])  # for display: title, year, candidates


@dataclass(frozen=True)
class Import:
    """An uploaded file: pending until the user keeps or discards it. A kept import can be undone."""

    id: int
    user_id: int
    digest: str  # of the file
    source: str  # letterboxd, imdb, trakt, csv
    counts: dict[str, int]  # rows per group: matched, ambiguous, missed
    status: str  # pending, kept, discarded, undone
    rows: list[ImportRow]  # empty once it is kept or discarded
    created_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class ImportOutcome:
    """The result of keeping or undoing an import: the numbers of marks changed and left unchanged."""

    imported: Import
    changed: int
    unchanged: int


class Imports:
    """The imports of all users."""

    def __init__(self, database: Database):
        self._database = database

    def create(
        self, user_id: int, digest: str, source: str, rows: Sequence[ImportRow], counts: Mapping[str, int]
    ) -> tuple[Import, bool]:
        """Store a file as a pending import. The flag is True if the file is new.

        If the user has the same file pending or kept, that import is returned. A file that was discarded or undone
        may be imported again. Raises `InputError` for rows that cannot be stored.
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
            statement = insert(connection, imports).values(values).on_conflict_do_nothing().returning(imports)
            row = connection.execute(statement).mappings().one_or_none()
            if row is not None:
                return _import(row), True
            is_live = imports.c.user_id == user_id, imports.c.digest == digest, LIVE_IMPORT
            return _import(connection.execute(sa.select(imports).where(*is_live)).mappings().one()), False

    def get(self, user_id: int, import_id: int) -> Import:
        """Return an import of a user. Raises `NotFoundError`."""
        with self._database.reading() as connection:
            return _find(connection, user_id, import_id)

    def page(self, user_id: int, *, cursor: str | None = None, limit: int = 50) -> Page[Import]:
        """A page of the imports of a user, newest first."""
        query = sa.select(imports).where(imports.c.user_id == user_id)
        with self._database.reading() as connection:
            return read_page(connection, query, (imports.c.id,), _import, cursor, limit)

    def correct(self, user_id: int, import_id: int, rows: Sequence[ImportRow], counts: Mapping[str, int]) -> Import:
        """Replace the rows of a pending import. Raises `ConflictError` if it is not pending."""
        with self._database.writing() as connection:
            _pending(connection, user_id, import_id)
            return _set(connection, import_id, rows=[_to_json(row) for row in rows], counts=dict(counts))

    def discard(self, user_id: int, import_id: int) -> Import:
        """Discard a pending import and its rows. Raises `ConflictError` if it is not pending."""
        with self._database.writing() as connection:
            _pending(connection, user_id, import_id)
            return _set(connection, import_id, rows=None, status="discarded", decided_at=now())

    def keep(self, user_id: int, import_id: int) -> ImportOutcome:
        """Write the ratings, watchlist entries and seen movies of a pending import in one transaction.

        An existing mark stays if it is equal or newer. A row without a date counts as older than any mark. Raises
        `ConflictError` if the import is not pending.
        """
        with self._database.writing() as connection:
            rows = _newest_rows(_pending(connection, user_id, import_id).rows)
            new_rows = _new_rows(connection, user_id, rows)
            moment = now()
            write_marks(connection, user_id, [_mark_update(row, f"import:{import_id}", moment) for row in new_rows])
            imported = _set(connection, import_id, rows=None, status="kept", decided_at=moment)
        return ImportOutcome(imported, len(new_rows), len(rows) - len(new_rows))

    def undo(self, user_id: int, import_id: int) -> ImportOutcome:
        """Undo a kept import in one transaction. Marks that changed since the import stay.

        Raises `ConflictError` if the import is not kept.
        """
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            status = _find(connection, user_id, import_id).status
            if status != "kept":
                raise ConflictError(f"Import {import_id} is {status}. Only a kept import can be undone.")
            source = f"import:{import_id}"
            changes = effective_changes(connection, user_id, source)
            revert(connection, user_id, changes)
            imported = _set(connection, import_id, status="undone", decided_at=now())
            return ImportOutcome(imported, len(changes), count_by_source(connection, user_id, source) - len(changes))


def _newest_rows(rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Select the newest row per kind and movie; of rows with the same time, the last one."""
    newest: dict[tuple[str, str], ImportRow] = {}
    for row in rows:
        if row.movie_id is None:
            continue
        other = newest.get((row.kind, row.movie_id))
        if other is None or other.at is None or (row.at is not None and row.at >= other.at):
            newest[row.kind, row.movie_id] = row
    return list(newest.values())


def _new_rows(connection: sa.Connection, user_id: int, rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Select the rows that add a mark or replace an older one."""
    new_rows: list[ImportRow] = []
    for kind in _KINDS:
        of_kind = {row.movie_id: row for row in rows if row.kind == kind and row.movie_id is not None}
        existing = mark_rows(connection, user_id, kind, of_kind)
        for movie_id, row in of_kind.items():
            mark = mark_from_row(existing.get(movie_id))
            if mark is None or (mark.rating != row.rating and row.at is not None and row.at > mark.at):
                new_rows.append(row)
    return new_rows


def _mark_update(row: ImportRow, source: str, moment: datetime) -> MarkUpdate:
    mark = Mark(row.at or moment, source, row.rating)
    return validate_update(MarkUpdate(as_one_of(row.kind, _KINDS, "kind of row"), row.movie_id or "", mark, source))


def _to_json(row: ImportRow) -> dict[str, Any]:
    if row.movie_id is not None:
        _mark_update(row, "import:0", now())  # refuse invalid rows at upload, not when the import is kept
    return {
        "kind": as_one_of(row.kind, _KINDS, "kind of row"),
        "movie_id": row.movie_id,
        "rating": row.rating,
        "at": None if row.at is None else as_time(row.at, "the time of a row").isoformat(),
        "entry": row.entry,
    }


def _from_json(row: dict[str, Any]) -> ImportRow:
    at = None if row["at"] is None else datetime.fromisoformat(row["at"])
    return ImportRow(row["kind"], row["movie_id"], row["rating"], at, row["entry"])


def _find(connection: sa.Connection, user_id: int, import_id: int) -> Import:
    is_import = imports.c.user_id == user_id, imports.c.id == import_id
    row = connection.execute(sa.select(imports).where(*is_import)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"User {user_id} has no import {import_id}.")
    return _import(row)


def _pending(connection: sa.Connection, user_id: int, import_id: int) -> Import:
    lock_user(connection, user_id)
    imported = _find(connection, user_id, import_id)
    if imported.status != "pending":
        raise ConflictError(f"Import {import_id} is {imported.status}. Only a pending import can be changed.")
    return imported


def _set(connection: sa.Connection, import_id: int, **values: Any) -> Import:
    statement = sa.update(imports).where(imports.c.id == import_id).values(values)
    return _import(connection.execute(statement.returning(imports)).mappings().one())


def _import(row: sa.RowMapping) -> Import:
    values: dict[str, Any] = {**row, "rows": [_from_json(line) for line in row["rows"] or []]}
    return Import(**values)
