"""The tables of IMDb (Your ratings or Your watchlist, the three dots, Export), in the forms they have had.

- today: Position, Const, Created, Modified, Description, Title, Original Title, URL, Title Type, ..., Your
  Rating, Date Rated, for ratings, watchlists and other lists alike; types are spelt "TV Mini Series"
- from about 2017 on: Const, Your Rating, Date Rated, Title, URL, Title Type, ...; types are spelt "tvMiniSeries"
- before: position, const, created, ..., Title, Title type, Directors, You rated, ...
"""

import re
import unicodedata
from pathlib import PurePosixPath

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.issues import create_issue
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import Row, Spreadsheet
from matinee.data.readers.tables import DataIssue

_HIGHEST = 10.0
# The site writes types in the person's language: "Serie TV", "Série télévisée", "TV-Episode", "Videojuego".
_NOT_FILMS = {
    "podcast": re.compile("podcast"),
    "episode": re.compile("episod|folge"),
    "series": re.compile("serie"),
    "video game": re.compile("game|videojuego|videogioco|videospiel|jeuvideo|videojogo"),
    "music video": re.compile("musicvideo"),
}


def looks_like_imdb(columns: frozenset[str]) -> bool:
    """Whether these are the columns of a table of IMDb."""
    return {"const", "title"} <= columns


def imdb_entries(sheet: Spreadsheet, cells: CellParser) -> tuple[list[DiaryEntry], list[DataIssue]]:
    """One entry a row; of a list, films without a rating count as wanted, and a finding says so."""
    is_list = "position" in sheet.has
    named = "watchlist" in PurePosixPath(sheet.name).stem
    entries = [_entry(row, sheet.name, line, cells, is_list, named) for line, row in sheet.rows]
    wanted = sum(entry.watchlist for entry in entries)
    unsure = [create_issue("which list", sheet.path, wanted, first="wanted")] if wanted and not named else []
    return entries, unsure


def kind_of(title_type: str) -> str:
    """`"tvMiniSeries"` -> `"series"`; films made for television, specials and shorts are `"film"`."""
    plain = unicodedata.normalize("NFKD", title_type.casefold())
    letters = "".join(letter for letter in plain if letter.isalpha())
    return next((kind for kind, words in _NOT_FILMS.items() if words.search(letters)), "film")


def _entry(row: Row, file: str, line: int, cells: CellParser, is_list: bool, named: bool) -> DiaryEntry:
    rating = cells.rating(row.get("yourrating") or row.get("yourated"), line, _HIGHEST)
    # The oldest form has no date of its own for ratings: a film was rated when it came on the list of ratings.
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
        watchlist=is_list and (named or rating is None),
        kind=kind_of(row.get("titletype", "")),
        file=file,
        line=line,
    )
