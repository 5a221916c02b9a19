"""Lists that people keep themselves: a title, and what else there is.

The columns of Letterboxd's import format (Title, Year, imdbID, tmdbID, Rating, Rating10, WatchedDate) are among
those known, as many programs write it: https://letterboxd.com/about/importing-data/
"""

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.issues import create_issue
from matinee.data.diaries.parsing import STARS, CellParser, parse_number
from matinee.data.diaries.spreadsheet import Row, Spreadsheet
from matinee.data.readers.tables import DataIssue
from matinee.data.titles import split_year
from matinee.errors import DataError

_TITLE = ("title", "name")
_RATING = ("rating", "stars", "score")
_OF_TEN = "rating10"
_DATE = ("date", "watcheddate", "datewatched", "watchedat")
_CATALOGUES = frozenset({"movieid", "genreids", "overview"})  # columns of lists of all films, seen or not
_SCALES = (STARS, 10.0, 100.0)


def looks_like_plain(columns: frozenset[str]) -> bool:
    """Whether a list of one's own could have these columns."""
    personal = bool(columns & {*_RATING, _OF_TEN, *_DATE})
    return bool(columns & set(_TITLE)) and (personal or not columns & _CATALOGUES)


def plain_entries(
    sheet: Spreadsheet, cells: CellParser, most: float | None
) -> tuple[list[DiaryEntry], list[DataIssue]]:
    """One entry a row, all watched; `most` is the highest rating there can be, or None to read it off the values.

    Raises `DataError` where the ratings are of no scale that is known.
    """
    findings: list[DataIssue] = []
    column = next((name for name in _RATING if name in sheet.has), _OF_TEN)
    if most is None:
        most, findings = (10.0, []) if column == _OF_TEN else _scale(sheet, column)
    return [_entry(row, sheet.name, line, cells, column, most) for line, row in sheet.rows], findings


def _scale(sheet: Spreadsheet, column: str) -> tuple[float, list[DataIssue]]:
    """5 for ratings up to 5, 10 for those up to 10, 100 for those up to 100."""
    known = [number for _, row in sheet.rows if (number := parse_number(row.get(column, ""))) is not None]
    highest = max(known, default=0.0)
    fitting = [most for most in _SCALES if highest <= most]
    if not fitting:
        raise DataError(
            f"a rating of {highest:g}; expected at most 100, or the highest there can be as the scale",
            sheet.path,
            column=column,
        )
    told_of = [create_issue("scale read off", sheet.path, first=highest, most=fitting[0])] if highest else []
    return fitting[0], told_of


def _entry(row: Row, file: str, line: int, cells: CellParser, rated: str, most: float) -> DiaryEntry:
    title = _first(row, _TITLE)
    year = cells.year(row.get("year"), line)
    bare, in_brackets = split_year(title)
    own = in_brackets is not None and year in (None, in_brackets)
    return DiaryEntry(
        title=bare if own else title,
        year=in_brackets if own else year,
        original_title=row.get("originaltitle") or None,
        imdb_id=cells.imdb_id(row.get("imdbid"), line),
        tmdb_id=cells.tmdb_id(row.get("tmdbid"), line),
        rating=cells.rating(row.get(rated), line, most),
        date=cells.date(_first(row, _DATE), line),
        date_of="viewing",
        watched=True,
        file=file,
        line=line,
    )


def _first(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
