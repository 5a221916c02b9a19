"""The tables of a Letterboxd export (Settings, Data, Export your data).

`ratings.csv` has the columns Date, Name, Year, Letterboxd URI, Rating; `diary.csv` and `reviews.csv` add Rewatch,
Tags and Watched Date; `watched.csv`, `watchlist.csv` and `likes/films.csv` end after Letterboxd URI, so that only
their names tell them apart. The address in diary and reviews is that of the entry, not of the film, and there are
no ids: a film is its name and year.
"""

from pathlib import PurePosixPath
from typing import Literal

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.issues import create_issue
from matinee.data.diaries.parsing import STARS, CellParser
from matinee.data.diaries.spreadsheet import Row, Spreadsheet
from matinee.data.readers.tables import DataIssue

_Table = Literal["diary", "ratings", "watched", "watchlist", "likes"]


def looks_like_letterboxd(columns: frozenset[str]) -> bool:
    """Whether these are the columns of a table of Letterboxd."""
    return {"name", "letterboxduri"} <= columns


def letterboxd_entries(sheet: Spreadsheet, cells: CellParser) -> tuple[list[DiaryEntry], list[DataIssue]]:
    """One entry a row; a table that could be several counts as watched, with a finding."""
    table = _table(sheet)
    entries = [_entry(row, sheet.name, line, table or "watched", cells) for line, row in sheet.rows]
    unsure = [] if table else [create_issue("which list", sheet.path, len(entries), first="watched")]
    return entries, unsure


def _table(sheet: Spreadsheet) -> _Table | None:
    """By its columns, else by its name; None where neither tells."""
    if sheet.has & {"watcheddate", "rewatch"}:
        return "diary"
    if "rating" in sheet.has:
        return "ratings"
    place = PurePosixPath(sheet.name)
    if "watchlist" in place.stem:
        return "watchlist"
    if "watched" in place.stem:
        return "watched"
    return "likes" if place.stem == "films" or "like" in place.stem else None


def _entry(row: Row, file: str, line: int, table: _Table, cells: CellParser) -> DiaryEntry:
    marked = cells.date(row.get("date"), line) if table != "watchlist" else None
    watched = cells.date(row.get("watcheddate"), line)
    return DiaryEntry(
        title=row.get("name", ""),
        year=cells.year(row.get("year"), line),
        rating=cells.rating(row.get("rating"), line, STARS),
        date=watched or marked,
        date_of="viewing" if watched else "rating" if table == "ratings" else "marking",
        watched=table in ("diary", "ratings", "watched"),
        liked=table == "likes",
        watchlist=table == "watchlist",
        file=file,
        line=line,
    )
