"""From a diary somebody brings to an import that waits for their word, and their choices where it is not certain."""

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

_STARS = (0.5, 5.0)  # the scale of the store
_NAME = re.compile(r"[^\w. ()-]+")
_LONGEST_NAME = 80
_GROUPS = ("matched", "ambiguous", "missed")
_KEPT = ("matched", "seen")
GIVEN = "one for all"  # where stars come from that somebody gives to all films they have seen and not rated


def start_import(
    state: AppState, run: ServedRun, user: User, name: str, content: bytes, scale: float | None = None
) -> tuple[Import, bool]:
    """Read a diary and match it, as an import that is pending; the flag says whether the file is new to the person.

    Raises `DataError` (the file, row and column) for what is no diary, `ConfigError` for a scale that is none.
    """
    given = _read(name, content, scale)
    matched = match_diary(given, run.diary_index, _STARS)
    rows = _rows(run, given, matched)
    digest = hashlib.sha256(content).hexdigest()
    return state.store.imports.begin(user.id, digest, given.source, rows, counts_of(rows))


def bundle_files(files: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Several files of one export as the archive they came in, the same for the same files; one stays as it is.

    Raises `InputError` if one of several is an archive itself, and for none.
    """
    if len(files) == 1:
        return files[0]
    if not files:
        raise InputError("no file was brought; expected the export of a diary")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as together:
        for place, (name, content) in enumerate(sorted(files)):
            if zipfile.is_zipfile(io.BytesIO(content)):
                raise InputError(f"{_shown(name)}: an archive among {len(files)} files; expected it by itself")
            inside = _shown(name)
            inside = inside if inside not in together.namelist() else f"{place}/{inside}"
            together.writestr(zipfile.ZipInfo(inside), content)
    return "diary.zip", archive.getvalue()


def resolve_lines(state: AppState, run: ServedRun, user: User, import_id: int, choices: Sequence[ChoiceIn]) -> Import:
    """Say which movies lines are. Raises `InputError` for lines that are not there, `NotFoundError` for movies."""
    rows = list(state.store.imports.get(user.id, import_id).rows)
    for choice in choices:
        if choice.line >= len(rows):
            raise InputError(f"line {choice.line} of an import of {len(rows)} lines; expected 0 to {len(rows) - 1}")
        row = rows[choice.line]
        if choice.movie_id is not None:
            run.row(choice.movie_id)
        group = "left out" if choice.movie_id is None else _group_of(row.kind)
        entry = row.entry | {"group": group, "reason": "chosen by you"}
        rows[choice.line] = replace(row, movie_id=choice.movie_id, entry=entry)
    return state.store.imports.correct(user.id, import_id, rows, counts_of(rows))


def rate_seen(state: AppState, user: User, import_id: int, stars: float | None) -> Import:
    """Give all films that were seen and not rated these stars, or none again, as it was brought."""
    rows = list(state.store.imports.get(user.id, import_id).rows)
    for line, row in enumerate(rows):
        if row.kind == "seen" or row.entry.get("stars_from") == GIVEN:
            kind = "seen" if stars is None else "rating"
            group = row.entry["group"]
            told = {"group": _group_of(kind) if group in _KEPT else group, "stars_from": "" if stars is None else GIVEN}
            rows[line] = replace(row, kind=kind, stars=stars, entry=row.entry | told)
    return state.store.imports.correct(user.id, import_id, rows, counts_of(rows))


def counts_of(rows: Sequence[ImportRow]) -> dict[str, int]:
    """How many lines are in each group."""
    counted = Counter(str(row.entry.get("group", "")) for row in rows)
    return {group: counted.pop(group, 0) for group in _GROUPS} | dict(sorted(counted.items()))


def _read(name: str, content: bytes, scale: float | None) -> Diary:
    shown = _shown(name)
    with tempfile.TemporaryDirectory(prefix="matinee-") as folder:
        file = Path(folder) / shown
        file.write_bytes(content)
        try:
            return read_diary(file, scale)
        except DataError as error:
            # Whoever brought the file knows it by its name, and our folders are none of their business.
            raise InputError(str(error).replace(f"{folder}/", "")) from error


def _shown(name: str) -> str:
    return _NAME.sub("_", Path(name.replace("\\", "/")).name).strip(" .")[-_LONGEST_NAME:] or "diary"


def _rows(run: ServedRun, given: Diary, matched: MatchedDiary) -> list[ImportRow]:
    history = matched.history
    own = OwnRatings.of(given.entries, _STARS)
    rows: list[ImportRow] = []
    for place, one in enumerate(matched.matched):
        at = _moment(one.entry)
        if place >= len(history.movies):
            rows.append(_row(run, one, "watchlist", None, at))
            continue
        if history.timestamps is not None:
            at = datetime.fromtimestamp(int(history.timestamps[place]), UTC)
        rows.append(_row(run, one, "seen" if one.rating is None else "rating", one.rating, at))
    for one in (*matched.ambiguous, *matched.missed):
        rating, filled = own.rating(one.entry) if one.entry.seen else (None, "")
        kind = "watchlist" if not one.entry.seen else "seen" if rating is None else "rating"
        rows.append(_row(run, replace(one, filled=filled), kind, rating, _moment(one.entry)))
    return rows


def _row(run: ServedRun, outcome: MatchOutcome, kind: str, stars: float | None, at: datetime | None) -> ImportRow:
    """A line for the store. A film seen by somebody who rates nothing has no stars, and is kept as seen."""
    entry = outcome.entry
    told: dict[str, Any] = {
        "group": _group_of(kind) if outcome.row is not None else outcome.group,
        "title": entry.title,
        "year": entry.year,
        "file": entry.file,
        "line": entry.line,
        "reason": outcome.reason,
        "stars_given": entry.rating,
        "stars_from": outcome.filled,  # what stands in where none are given: median, upper quartile
        "choices": [run.ids[row] for row in outcome.choices],
    }
    return ImportRow(kind, None if outcome.row is None else run.ids[outcome.row], stars, at, told)


def _group_of(kind: str) -> str:
    return "seen" if kind == "seen" else "matched"


def _moment(entry: DiaryEntry) -> datetime | None:
    return None if entry.date is None else datetime.combine(entry.date, time(), UTC)
