"""The files of a Trakt export: JSON lists (Settings, Data, Export), and the tables of its CSV export.

A row of JSON is `{"rated_at": ..., "rating": 8, "type": "movie", "movie": {"title": ..., "year": ..., "ids": {"imdb":
..., "tmdb": ...}}}`, or has `watched_at`, `last_watched_at` or `listed_at` instead of `rated_at`. A table has these as
columns: rated_at, type, title, year, trakt_rating, trakt_id, imdb_id, tmdb_id, ..., rating. Source:
https://trakt.docs.apiary.io (Sync).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from matinee.data.diaries.archive_files import ArchiveFile
from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.diary_format import DiaryFormat, EntriesAndIssues
from matinee.data.diaries.issues import create_issue
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import Row, Spreadsheet, decode
from matinee.errors import DataError

Item = Mapping[str, Any]

_HIGHEST = 10.0
_DATES = ("rated_at", "watched_at", "last_watched_at", "listed_at")
_COLUMNS = frozenset(date.replace("_", "") for date in _DATES)
_KINDS = {"movie": "movie", "episode": "episode", "season": "series", "show": "series"}  # episodes have a show too


def _has_columns(columns: frozenset[str]) -> bool:
    return {"title", "type"} <= columns and bool(columns & (_COLUMNS | {"traktid"}))


def read_table(sheet: Spreadsheet, cells: CellParser) -> EntriesAndIssues:
    """One entry per row."""
    return _read_items([(line, _to_item(row)) for line, row in sheet.rows], sheet.path, sheet.name, cells)


def read_json(file: ArchiveFile, cells: CellParser) -> EntriesAndIssues | None:
    """One entry per item of a list of movies seen, rated or listed; None if the file holds anything else.

    Raises `DataError` if it is not JSON.
    """
    try:
        content = json.loads(decode(file.data, file.path)[0])
    except (ValueError, RecursionError) as error:
        raise DataError(f"not a JSON file ({error})", file.path) from error
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        return None
    if not all(item.keys() & _KINDS.keys() and item.keys() & set(_DATES) for item in content):
        return None
    return _read_items(list(enumerate(content, 1)), file.path, file.name, cells)


def _read_items(items: Sequence[tuple[int, Item]], path: Path, name: str, cells: CellParser) -> EntriesAndIssues:
    """One entry per item. The name tells lists apart: favorites are liked, any other list is a watchlist."""
    stem = PurePosixPath(name).stem
    favorites = "favorite" in stem or "favourite" in stem
    entries = [_entry(item, name, line, cells, favorites) for line, item in items]
    count = sum(entry.watchlist for entry in entries)
    unclear = count and "watchlist" not in stem
    return entries, [create_issue("which list", path, count, first="watchlist")] if unclear else []


def _to_item(row: Row) -> Item:
    """A row of a table in the form of a JSON item."""
    kind = row.get("type", "").casefold()
    movie = {"title": row.get("title"), "year": row.get("year")}
    ids = {"imdb": row.get("imdbid"), "tmdb": row.get("tmdbid")}
    dates = {date: row.get(date.replace("_", "")) for date in _DATES}
    return {kind if kind in _KINDS else "movie": movie | {"ids": ids}, "rating": row.get("rating"), **dates}


def _entry(item: Item, file: str, line: int, cells: CellParser, favorites: bool) -> DiaryEntry:
    key = next(kind for kind in _KINDS if kind in item)
    movie = _nested(item, "show") or _nested(item, key)
    ids = _nested(movie, "ids")
    watched_on = cells.date(_text(item, "watched_at") or _text(item, "last_watched_at"), line)
    rating = cells.rating(_text(item, "rating"), line, _HIGHEST)
    listed = not any(item.get(date) for date in _DATES[:3]) and rating is None and bool(item.get("listed_at"))
    return DiaryEntry(
        title=_text(movie, "title"),
        year=cells.year(_text(movie, "year"), line),
        imdb_id=cells.imdb_id(_text(ids, "imdb"), line),
        tmdb_id=cells.tmdb_id(_text(ids, "tmdb"), line),
        rating=rating,
        date=watched_on or cells.date(_text(item, "rated_at"), line),
        date_of="viewing" if watched_on else "rating",
        watched=not listed,
        liked=listed and favorites,
        watchlist=listed and not favorites,
        kind=_KINDS[key],
        file=file,
        line=line,
    )


def _nested(item: Item, key: str) -> Item:
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def _text(item: Item, key: str) -> str:
    value = item.get(key)
    return "" if value is None else str(value).strip()


FORMAT = DiaryFormat(
    "trakt", "Trakt", "JSON, or a table with title, type and rated_at", _has_columns, read_table, read_json
)
