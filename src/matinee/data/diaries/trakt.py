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

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.issues import create_issue
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import Row, Spreadsheet, decode
from matinee.data.readers.tables import DataIssue
from matinee.errors import DataError

Item = Mapping[str, Any]

_HIGHEST = 10.0
_DATES = ("rated_at", "watched_at", "last_watched_at", "listed_at")
_COLUMNS = frozenset(date.replace("_", "") for date in _DATES)
_KINDS = {"movie": "film", "episode": "episode", "season": "series", "show": "series"}  # an episode names its show too


def looks_like_trakt(columns: frozenset[str]) -> bool:
    """Whether these are the columns of a table of Trakt."""
    return {"title", "type"} <= columns and bool(columns & (_COLUMNS | {"traktid"}))


def trakt_items(data: bytes, path: Path) -> list[Item] | None:
    """The rows of a JSON file of films seen, rated or listed; None if it holds something else.

    Raises `DataError` if it is no JSON.
    """
    try:
        content = json.loads(decode(data, path)[0])
    except (ValueError, RecursionError) as error:
        raise DataError(f"not a JSON file ({error})", path) from error
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        return None
    known = all(item.keys() & _KINDS.keys() and item.keys() & set(_DATES) for item in content)
    return content if known else None


def items_of(sheet: Spreadsheet) -> list[tuple[int, Item]]:
    """The rows of a table in the form those of JSON have, each with its line."""
    return [(line, _item(row)) for line, row in sheet.rows]


def trakt_entries(
    items: Sequence[tuple[int, Item]], path: Path, name: str, cells: CellParser
) -> tuple[list[DiaryEntry], list[DataIssue]]:
    """One entry an item. Lists are told apart by name: favorites are liked, anything else is wanted."""
    stem = PurePosixPath(name).stem
    favorites = "favorite" in stem or "favourite" in stem
    entries = [_entry(item, name, line, cells, favorites) for line, item in items]
    wanted = sum(entry.watchlist for entry in entries)
    unsure = [create_issue("which list", path, wanted, first="wanted")] if wanted and "watchlist" not in stem else []
    return entries, unsure


def _item(row: Row) -> Item:
    kind = row.get("type", "").casefold()
    about = {"title": row.get("title"), "year": row.get("year")}
    ids = {"imdb": row.get("imdbid"), "tmdb": row.get("tmdbid")}
    dates = {date: row.get(date.replace("_", "")) for date in _DATES}
    return {kind if kind in _KINDS else "movie": about | {"ids": ids}, "rating": row.get("rating"), **dates}


def _entry(item: Item, file: str, line: int, cells: CellParser, favorites: bool) -> DiaryEntry:
    key = next(one for one in _KINDS if one in item)
    about = _inside(item, "show") or _inside(item, key)
    ids = _inside(about, "ids")
    watched_on = cells.date(_text(item, "watched_at") or _text(item, "last_watched_at"), line)
    rating = cells.rating(_text(item, "rating"), line, _HIGHEST)
    listed = not any(item.get(date) for date in _DATES[:3]) and rating is None and bool(item.get("listed_at"))
    return DiaryEntry(
        title=_text(about, "title"),
        year=cells.year(_text(about, "year"), line),
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


def _inside(item: Item, key: str) -> Item:
    inside = item.get(key)
    return inside if isinstance(inside, dict) else {}


def _text(item: Item, key: str) -> str:
    value = item.get(key)
    return "" if value is None else str(value).strip()
