"""The tables of a Letterboxd export (Settings, Data, Export your data).

`ratings.csv` has the columns Date, Name, Year, Letterboxd URI, Rating; `diary.csv` and `reviews.csv` add Rewatch,
Tags and Watched Date; `watched.csv`, `watchlist.csv` and `likes/films.csv` end after Letterboxd URI, so that only
their names tell them apart. The URL in diary and reviews is that of the entry, not of the movie, and there are
no ids: a movie is its name and year.
"""

from pathlib import PurePosixPath
from typing import Literal

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.diary_format import DiaryFormat, EntriesAndIssues
from matinee.data.diaries.issues import create_issue
from matinee.data.diaries.parsing import MAX_RATING, CellParser
from matinee.data.diaries.spreadsheet import Row, Spreadsheet

_Table = Literal["diary", "ratings", "watched", "watchlist", "likes"]


def _has_columns(columns: frozenset[str]) -> bool:
    return {"name", "letterboxduri"} <= columns


def read_table(sheet: Spreadsheet, cells: CellParser) -> EntriesAndIssues:
    """One entry per row; a table whose kind is unclear counts as watched, with an issue."""
    table = _table_kind(sheet)
    entries = [_entry(row, sheet.name, line, table or "watched", cells) for line, row in sheet.rows]
    issues = [] if table else [create_issue("which list", sheet.path, len(entries), first="watched")]
    return entries, issues


def _table_kind(sheet: Spreadsheet) -> _Table | None:
    """The kind of table by its columns, else by its name; None if both are unclear."""
    if sheet.column_names & {"watcheddate", "rewatch"}:
        return "diary"
    if "rating" in sheet.column_names:
        return "ratings"
    path = PurePosixPath(sheet.name)
    if "watchlist" in path.stem:
        return "watchlist"
    if "watched" in path.stem:
        return "watched"
    return "likes" if path.stem == "films" or "like" in path.stem else None


def _entry(row: Row, file: str, line: int, table: _Table, cells: CellParser) -> DiaryEntry:
    listed = cells.date(row.get("date"), line) if table != "watchlist" else None
    watched = cells.date(row.get("watcheddate"), line)
    return DiaryEntry(
        title=row.get("name", ""),
        year=cells.year(row.get("year"), line),
        rating=cells.rating(row.get("rating"), line, MAX_RATING),
        date=watched or listed,
        date_of="viewing" if watched else "rating" if table == "ratings" else "marking",
        watched=table in ("diary", "ratings", "watched"),
        liked=table == "likes",
        watchlist=table == "watchlist",
        file=file,
        line=line,
    )


FORMAT = DiaryFormat("letterboxd", "Letterboxd", "a table with Name and Letterboxd URI", _has_columns, read_table)
