"""The tables of IMDb (Your ratings or Your watchlist, the three dots, Export), in their versions over time.

- today: Position, Const, Created, Modified, Description, Title, Original Title, URL, Title Type, ..., Your
  Rating, Date Rated, for ratings, watchlists and other lists alike; types are spelt "TV Mini Series"
- from about 2017 on: Const, Your Rating, Date Rated, Title, URL, Title Type, ...; types are spelt "tvMiniSeries"
- before: position, const, created, ..., Title, Title type, Directors, You rated, ...
"""

import re
import unicodedata
from pathlib import PurePosixPath

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.diary_format import DiaryFormat, EntriesAndIssues
from matinee.data.diaries.issues import create_issue
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import Row, Spreadsheet

_HIGHEST = 10.0
# The site writes types in the user's language: "Serie TV", "Série télévisée", "TV-Episode", "Videojuego".
_NOT_MOVIES = {
    "podcast": re.compile("podcast"),
    "episode": re.compile("episod|folge"),
    "series": re.compile("serie"),
    "video game": re.compile("game|videojuego|videogioco|videospiel|jeuvideo|videojogo"),
    "music video": re.compile("musicvideo"),
}


def _has_columns(columns: frozenset[str]) -> bool:
    return {"const", "title"} <= columns


def read_table(sheet: Spreadsheet, cells: CellParser) -> EntriesAndIssues:
    """One entry per row; in a list, movies without a rating count as watchlist, with an issue."""
    is_list = "position" in sheet.column_names
    is_watchlist = "watchlist" in PurePosixPath(sheet.name).stem
    entries = [_entry(row, sheet.name, line, cells, is_list, is_watchlist) for line, row in sheet.rows]
    count = sum(entry.watchlist for entry in entries)
    issues = [create_issue("which list", sheet.path, count, first="watchlist")] if count and not is_watchlist else []
    return entries, issues


def kind_of(title_type: str) -> str:
    """`"tvMiniSeries"` -> `"series"`; movies made for television, specials and shorts are `"movie"`."""
    decomposed = unicodedata.normalize("NFKD", title_type.casefold())
    letters = "".join(letter for letter in decomposed if letter.isalpha())
    return next((kind for kind, pattern in _NOT_MOVIES.items() if pattern.search(letters)), "movie")


def _entry(row: Row, file: str, line: int, cells: CellParser, is_list: bool, is_watchlist: bool) -> DiaryEntry:
    rating = cells.rating(row.get("yourrating") or row.get("yourated"), line, _HIGHEST)
    # The oldest version has no date of the rating: a movie was rated when it was added to the list of ratings.
    rated_on = row.get("created") if "yourated" in row else row.get("daterated")
    original = row.get("originaltitle", "")
    title = row.get("title", "")
    return DiaryEntry(
        title=title,
        original_title=original if original and original.casefold() != title.casefold() else None,
        year=cells.year(row.get("year"), line),
        imdb_id=cells.imdb_id(row.get("const"), line),
        rating=rating,
        date=cells.date(rated_on, line) if rating is not None or not is_list else None,
        date_of="rating",
        watched=rating is not None or not is_list,
        watchlist=is_list and (is_watchlist or rating is None),
        kind=kind_of(row.get("titletype", "")),
        file=file,
        line=line,
    )


FORMAT = DiaryFormat("imdb", "IMDb", "a table with Const and Title", _has_columns, read_table)
