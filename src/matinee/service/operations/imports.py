"""Diary imports: an uploaded file becomes a pending import, whose uncertain lines the user resolves."""

import hashlib
import io
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from matinee.data.diaries.diary import Diary, DiaryEntry
from matinee.data.diaries.history import OwnRatings
from matinee.data.diaries.matching import MatchedDiary, MatchOutcome, match_diary
from matinee.data.diaries.reading import read_diary
from matinee.errors import DataError, InputError
from matinee.service.schemas.requests import ChoiceIn
from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import ServedRun
from matinee.store.imports import Import, ImportRow
from matinee.store.users import User
from matinee.store.validation import MAX_RATING, MIN_RATING

_SCALE = (MIN_RATING, MAX_RATING)
_UNSAFE = re.compile(r"[^\w. ()-]+")
_MAX_NAME_LENGTH = 80
_GROUPS = ("matched", "ambiguous", "missed")
_IMPORTED = ("matched", "seen")
SAME_FOR_ALL = "one for all"  # the source of a rating that the user gives to all seen movies at once


def start_import(
    state: AppState, run: ServedRun, user: User, name: str, content: bytes, scale: float | None = None
) -> tuple[Import, bool]:
    """Read and match a diary, as a pending import. The flag is True if the file is new to the user.

    Raises `InputError`, with file, row and column, for a file that is no diary, and `ConfigError` for an invalid scale.
    """
    diary = _read(name, content, scale)
    matched = match_diary(diary, run.diary_index, _SCALE)
    rows = _rows(run, diary, matched)
    digest = hashlib.sha256(content).hexdigest()
    return state.store.imports.create(user.id, digest, diary.source, rows, count_groups(rows))


def bundle_files(files: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Bundle several files of one export as a zip archive, identical for the same files. One file stays unchanged.

    Raises `InputError` without files, and if one of several files is an archive.
    """
    if len(files) == 1:
        return files[0]
    if not files:
        raise InputError("No file was uploaded. Choose the export of a diary.")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as bundle:
        for number, (name, content) in enumerate(sorted(files)):
            if zipfile.is_zipfile(io.BytesIO(content)):
                raise InputError(f"{_safe_name(name)} is an archive among {len(files)} files. Upload it alone.")
            member = _safe_name(name)
            member = member if member not in bundle.namelist() else f"{number}/{member}"
            bundle.writestr(zipfile.ZipInfo(member), content)
    return "diary.zip", archive.getvalue()


def resolve_lines(state: AppState, run: ServedRun, user: User, import_id: int, choices: Sequence[ChoiceIn]) -> Import:
    """Set the movies of lines. Raises `InputError` for an unknown line, and `NotFoundError` for an unknown movie."""
    rows = list(state.store.imports.get(user.id, import_id).rows)
    for choice in choices:
        if choice.line >= len(rows):
            raise InputError(f"Line {choice.line} does not exist. This import has {len(rows)} lines, from 0.")
        row = rows[choice.line]
        if choice.movie_id is not None:
            run.row(choice.movie_id)
        group = "left out" if choice.movie_id is None else _group_of(row.kind)
        entry = row.entry | {"group": group, "reason": "chosen by you"}
        rows[choice.line] = replace(row, movie_id=choice.movie_id, entry=entry)
    return state.store.imports.correct(user.id, import_id, rows, count_groups(rows))


def rate_seen(state: AppState, user: User, import_id: int, rating: float | None) -> Import:
    """Give all movies that were seen without a rating this rating, or None to remove it again."""
    rows = list(state.store.imports.get(user.id, import_id).rows)
    for line, row in enumerate(rows):
        if row.kind == "seen" or row.entry.get("rating_source") == SAME_FOR_ALL:
            kind = "seen" if rating is None else "rating"
            group = row.entry["group"]
            group = _group_of(kind) if group in _IMPORTED else group
            changes = {"group": group, "rating_source": "" if rating is None else SAME_FOR_ALL}
            rows[line] = replace(row, kind=kind, rating=rating, entry=row.entry | changes)
    return state.store.imports.correct(user.id, import_id, rows, count_groups(rows))


def count_groups(rows: Sequence[ImportRow]) -> dict[str, int]:
    """Count the lines in each group."""
    counts = Counter(str(row.entry.get("group", "")) for row in rows)
    return {group: counts.pop(group, 0) for group in _GROUPS} | dict(sorted(counts.items()))


def _read(name: str, content: bytes, scale: float | None) -> Diary:
    file_name = _safe_name(name)
    with tempfile.TemporaryDirectory(prefix="matinee-") as folder:
        file = Path(folder) / file_name
        file.write_bytes(content)
        try:
            return read_diary(file, scale)
        except DataError as error:
            # The user knows the file by its name. The temporary folder stays private.
            raise InputError(str(error).replace(f"{folder}/", "")) from error


def _safe_name(name: str) -> str:
    return _UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip(" .")[-_MAX_NAME_LENGTH:] or "diary"


def _rows(run: ServedRun, diary: Diary, matched: MatchedDiary) -> list[ImportRow]:
    history = matched.history
    own = OwnRatings.of(diary.entries, _SCALE)
    rows: list[ImportRow] = []
    for position, outcome in enumerate(matched.matched):
        at = _midnight(outcome.entry)
        if position >= len(history.movies):
            rows.append(_row(run, outcome, "watchlist", None, at))
            continue
        if history.timestamps is not None:
            at = datetime.fromtimestamp(int(history.timestamps[position]), UTC)
        rows.append(_row(run, outcome, "seen" if outcome.rating is None else "rating", outcome.rating, at))
    for outcome in (*matched.ambiguous, *matched.missed):
        entry = outcome.entry
        rating, filled = own.rating(entry) if entry.seen else (None, "")
        kind = "watchlist" if not entry.seen else "seen" if rating is None else "rating"
        rows.append(_row(run, replace(outcome, filled=filled), kind, rating, _midnight(entry)))
    return rows


def _row(run: ServedRun, outcome: MatchOutcome, kind: str, rating: float | None, at: datetime | None) -> ImportRow:
    """Build a row for the store. In a diary without ratings, a seen movie has no rating and is stored as seen."""
    entry = outcome.entry
    details: dict[str, Any] = {
        "group": _group_of(kind) if outcome.row is not None else outcome.group,
        "title": entry.title,
        "year": entry.year,
        "file": entry.file,
        "line": entry.line,
        "reason": outcome.reason.to_json(),
        "diary_rating": entry.rating,
        "rating_source": outcome.filled,  # the substitute for a missing rating: median, upper quartile
        "choices": [run.ids[row] for row in outcome.choices],
    }
    return ImportRow(kind, None if outcome.row is None else run.ids[outcome.row], rating, at, details)


def _group_of(kind: str) -> str:
    return "seen" if kind == "seen" else "matched"


def _midnight(entry: DiaryEntry) -> datetime | None:
    return None if entry.date is None else datetime.combine(entry.date, time(), UTC)
