"""Lists that users keep themselves: a title, and any other known columns.

They include the columns of Letterboxd's import format (Title, Year, imdbID, tmdbID, Rating, Rating10, WatchedDate),
which many programs write: https://letterboxd.com/about/importing-data/
"""

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.diary_format import DiaryFormat, EntriesAndIssues
from matinee.data.diaries.issues import create_issue
from matinee.data.diaries.parsing import MAX_RATING, CellParser, parse_number
from matinee.data.diaries.spreadsheet import Row, Spreadsheet
from matinee.data.readers.tables import DataIssue
from matinee.data.titles import split_year
from matinee.errors import DataError

_TITLE = ("title", "name")
_RATING = ("rating", "stars", "score")
_OF_TEN = "rating10"
_DATE = ("date", "watcheddate", "datewatched", "watchedat")
_CATALOGUES = frozenset({"movieid", "genreids", "overview"})  # columns of catalogues
_SCALES = (MAX_RATING, 10.0, 100.0)


def _has_columns(columns: frozenset[str]) -> bool:
    personal = bool(columns & {*_RATING, _OF_TEN, *_DATE})
    return bool(columns & set(_TITLE)) and (personal or not columns & _CATALOGUES)


def read_table(sheet: Spreadsheet, cells: CellParser) -> EntriesAndIssues:
    """One entry per row, all watched. Without `cells.max_rating` the scale is inferred from the highest rating.

    Raises `DataError` if the ratings fit no known scale.
    """
    issues: list[DataIssue] = []
    column = next((name for name in _RATING if name in sheet.column_names), _OF_TEN)
    max_rating = cells.max_rating
    if max_rating is None:
        max_rating, issues = (10.0, []) if column == _OF_TEN else _infer_scale(sheet, column)
    return [_entry(row, sheet.name, line, cells, column, max_rating) for line, row in sheet.rows], issues


def _infer_scale(sheet: Spreadsheet, column: str) -> tuple[float, list[DataIssue]]:
    """5 for ratings up to 5, 10 for ratings up to 10, 100 for ratings up to 100."""
    ratings = [number for _, row in sheet.rows if (number := parse_number(row.get(column, ""))) is not None]
    highest = max(ratings, default=0.0)
    fitting = [max_rating for max_rating in _SCALES if highest <= max_rating]
    if not fitting:
        raise DataError(
            f"a rating of {highest:g} is above 100. Give the highest possible rating as the scale.",
            sheet.path,
            column=column,
        )
    issues = [create_issue("scale inferred", sheet.path, first=highest, scale=fitting[0])] if highest else []
    return fitting[0], issues


def _entry(row: Row, file: str, line: int, cells: CellParser, column: str, max_rating: float) -> DiaryEntry:
    title = _first_value(row, _TITLE)
    year = cells.year(row.get("year"), line)
    short_title, title_year = split_year(title)
    has_own_year = title_year is not None and year in (None, title_year)
    return DiaryEntry(
        title=short_title if has_own_year else title,
        year=title_year if has_own_year else year,
        original_title=row.get("originaltitle") or None,
        imdb_id=cells.imdb_id(row.get("imdbid"), line),
        tmdb_id=cells.tmdb_id(row.get("tmdbid"), line),
        rating=cells.rating(row.get(column), line, max_rating),
        date=cells.date(_first_value(row, _DATE), line),
        date_of="viewing",
        watched=True,
        file=file,
        line=line,
    )


def _first_value(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


FORMAT = DiaryFormat("csv", "", "a table with title or name", _has_columns, read_table)
