"""Checks of movies and users, and the two tables of a `Dataset`."""

from pathlib import Path

import polars as pl

from matinee.data.readers.columns import MOVIE_TYPES, format_value, parse_ids, raise_first, typed_movies
from matinee.data.readers.delimited import LINE, line_of, require_columns
from matinee.data.readers.tables import DataIssue
from matinee.data.titles import article_first, split_year
from matinee.errors import DataError


def check_movies(movies: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, list[DataIssue]]:
    """One row per movie in Matinee's types, with `LINE` (the row number if the column was missing).

    Raises `DataError` for a missing id or title column, a row without an id, and one id with two titles.
    """
    require_columns(movies.columns, ("movie_id", "title"), path)
    if LINE not in movies.columns:
        movies = movies.with_row_index(LINE, offset=1)
    typed, issues = typed_movies(movies, path)
    raise_first(movies, typed["movie_id"].is_null(), "movie_id", path, 0, "an id")
    duplicated = typed["movie_id"].is_duplicated()
    if not duplicated.any():
        return typed, issues
    _raise_if_two_titles(typed.filter(duplicated), path)
    distinct = typed.unique("movie_id", keep="first", maintain_order=True)
    index = typed["movie_id"].is_first_distinct().not_().arg_max() or 0
    count = len(typed) - len(distinct)
    message = f"{count} movies are listed again, first {typed['movie_id'][index]}; the first row of each was kept"
    issues.append(DataIssue("duplicate movies", message, path, count, line_of(typed, index, 0)))
    return distinct, issues


def movie_table(movies: pl.DataFrame | None, ids: pl.Series, path: Path) -> tuple[pl.DataFrame, list[DataIssue]]:
    """The catalogue, one row per id of `ids` in that order, ready for display.

    Titles lose the year and have the article in front; a movie without a title becomes "Movie <id>".
    """
    listed_movies = pl.DataFrame({"movie_id": ids}, schema={"movie_id": ids.dtype}) if movies is None else movies
    is_listed = ids.is_in(listed_movies["movie_id"].implode())
    table = ids.to_frame("movie_id").join(listed_movies, on="movie_id", how="left", maintain_order="left")
    for name in ("title", "year", "genres"):
        if name not in table.columns:
            table = table.with_columns(pl.lit(None, dtype=MOVIE_TYPES[name]).alias(name))
    table = table.with_columns(
        pl.col("genres").fill_null(pl.lit([], dtype=pl.List(pl.String))), *_titles_and_years(table)
    )
    issues = [] if movies is None else _untitled(table.filter(is_listed), path)
    placeholder = pl.format("Movie {}", "movie_id")
    columns = [name for name in MOVIE_TYPES if name in table.columns]
    return table.with_columns(pl.col("title").fill_null(placeholder)).select(columns), issues


def check_users(users: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, list[DataIssue]]:
    """One row per user; the first of a user listed again. Raises `DataError` for a row without an id."""
    ids = parse_ids(users["user_id"]).alias("user_id")
    raise_first(users, ids.is_null(), "user_id", path, 0, "an id")
    table = users.drop(LINE, strict=False).with_columns(
        ids, *(parse_ids(users[name]).alias(name) for name in ("age", "occupation") if name in users.columns)
    )
    first = ids.is_first_distinct()
    count = len(ids) - int(first.sum())
    if not count:
        return table, []
    index = first.not_().arg_max() or 0
    message = f"{count} users are listed again, first {ids[index]}; the first row of each was kept"
    return table.filter(first), [DataIssue("duplicate users", message, path, count, line_of(users, index, 0))]


def _raise_if_two_titles(repeated: pl.DataFrame, path: Path) -> None:
    titles = repeated.group_by("movie_id", maintain_order=True).agg(pl.col("title").unique(maintain_order=True))
    differing = titles.filter(pl.col("title").list.len() > 1)
    if differing.is_empty():
        return
    movie_id, (first, second) = differing["movie_id"][0], differing["title"][0][:2]
    rows = repeated.with_row_index("index").filter(
        pl.col("movie_id").eq(movie_id) & pl.col("title").eq_missing(pl.lit(second, dtype=pl.String))
    )
    row = line_of(repeated, rows["index"][0], 0)
    message = f"the id {movie_id} is both {format_value(first)} and {format_value(second)}. Give each movie one title."
    raise DataError(message, path, row, "movie_id")


def _titles_and_years(table: pl.DataFrame) -> list[pl.Series]:
    titles: list[str | None] = []
    years: list[int | None] = []
    for title, year in zip(table["title"], table["year"], strict=True):
        title = (title or "").strip()
        short_title, title_year = split_year(title)
        # A year in brackets is part of the title if it differs from the movie's year.
        is_own_year = year is None or year == title_year
        titles.append(article_first(short_title if is_own_year else title) or None)
        years.append(title_year if year is None else year)
    released = pl.Series("year", years, dtype=pl.Int32)
    if "release_date" in table.columns:
        released = released.zip_with(released.is_not_null(), table["release_date"].dt.year())
    return [pl.Series("title", titles, dtype=pl.String), released]


def _untitled(listed: pl.DataFrame, path: Path) -> list[DataIssue]:
    untitled = listed.filter(pl.col("title").is_null())
    if untitled.is_empty():
        return []
    first = untitled["movie_id"][0]
    message = f'{len(untitled)} movies have no title, first {first}; each is called "Movie <id>"'
    return [DataIssue("empty titles", message, path, len(untitled), untitled[LINE][0], "title")]
