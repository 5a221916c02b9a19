"""Building a `Dataset` from raw tables, with the same checks for every format."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from matinee.arrays import MovieRows
from matinee.data.dataset import Dataset, Ratings
from matinee.data.readers.catalogue import check_movies, movie_table
from matinee.data.readers.rating_checks import (
    check_ratings,
    convert_to_seconds,
    duplicate_issues,
    last_of_duplicates,
    mixed_ids,
)
from matinee.data.readers.tables import DataIssue, Tables
from matinee.data.vocabulary import Vocabulary

_MAX_IDS = 5
_BLOCK = 1 << 22  # ids looked up at a time


def build_dataset(tables: Tables) -> tuple[Dataset, list[DataIssue]]:
    """Check the tables and join them into one dataset, with a list of the issues that were repaired.

    `tables.users` is the result of `check_users`, which the reader calls because it knows the users' file. Ids are
    ascending in both vocabularies. Ratings are ordered by user, then time, equal times in file order. Raises
    `DataError` (file, row, column) for errors that no rule can repair.
    """
    path, issues = tables.ratings_path, list(tables.issues)
    movies_path = tables.movies_path or path
    ratings = check_ratings(tables.ratings, path, tables.header_rows, tables.scale)
    movies, users = tables.movies, tables.users
    if movies is not None:
        movies, more = check_movies(movies, movies_path)
        issues += more
    ratings, movies = _same_id_type(ratings, movies, "movie_id")
    ratings, users = _same_id_type(ratings, users, "user_id")
    movie_ids = _all_ids(ratings, movies, "movie_id")
    user_ids = _all_ids(ratings, users, "user_id")
    issues += mixed_ids(user_ids, path) + mixed_ids(movie_ids, path)
    issues += _unlisted_movies(ratings, movies, tables) + _unlisted_users(ratings, users, tables)
    catalogue, more = movie_table(movies, movie_ids, movies_path)
    issues += more
    cleaned, more = _clean(ratings, user_ids, movie_ids, tables)
    issues += more
    dataset = Dataset(
        name=tables.name,
        ratings=cleaned,
        movies=catalogue,
        users=None if users is None else _user_table(users, user_ids),
        user_ids=Vocabulary(_id_array(user_ids)),
        movie_ids=Vocabulary(_id_array(movie_ids)),
        scale=tables.scale,
        posters=tables.posters,
    )
    return dataset, issues


def rows_of(ids: pl.Series, vocabulary: pl.Series) -> MovieRows:
    """The position of each id in an ascending series of distinct ids that has them all: (n,) int32."""
    if ids.is_empty():
        return np.zeros(0, dtype=np.int32)
    if not ids.dtype.is_integer():
        rows = pl.Series(np.arange(len(vocabulary), dtype=np.int32))
        return ids.replace_strict(vocabulary, rows, return_dtype=pl.Int32).to_numpy()
    vocabulary_ids, values = vocabulary.to_numpy(), ids.to_numpy()
    rows = np.empty(len(values), dtype=np.int32)
    for start in range(0, len(values), _BLOCK):  # a hash table of all ids would take four times the memory
        rows[start : start + _BLOCK] = np.searchsorted(vocabulary_ids, values[start : start + _BLOCK])
    return rows


def _clean(
    ratings: pl.DataFrame, user_ids: pl.Series, movie_ids: pl.Series, tables: Tables
) -> tuple[Ratings, list[DataIssue]]:
    """The latest rating of each user and movie, in order, with timestamps in seconds."""
    raw = Ratings(
        user=rows_of(ratings["user_id"], user_ids),
        movie=rows_of(ratings["movie_id"], movie_ids),
        rating=ratings["rating"].to_numpy() if "rating" in ratings.columns else None,
        timestamp=ratings["timestamp"].to_numpy() if "timestamp" in ratings.columns else None,
    )
    keep = last_of_duplicates(raw.user, raw.movie, raw.timestamp)
    issues = duplicate_issues(ratings, keep, tables.ratings_path, tables.header_rows)
    distinct = raw.keep(keep) if issues else raw
    cleaned, more = convert_to_seconds(distinct.ordered(), tables.ratings_path)
    return cleaned, issues + more


def _same_id_type(
    ratings: pl.DataFrame, others: pl.DataFrame | None, name: str
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Both with text ids if one has them, so that 12 here and "12" there are the same movie."""
    if others is None or others[name].dtype == ratings[name].dtype:
        return ratings, others
    as_text = pl.col(name).cast(pl.String)
    return ratings.with_columns(as_text), others.with_columns(as_text)


def _all_ids(ratings: pl.DataFrame, others: pl.DataFrame | None, name: str) -> pl.Series:
    ids = ratings[name].unique()
    return (ids if others is None else pl.concat([ids, others[name]]).unique()).sort()


def _id_array(ids: pl.Series) -> np.ndarray[Any, Any]:
    return np.array(ids.to_list(), dtype=np.str_) if ids.dtype == pl.String else ids.to_numpy()


def _user_table(users: pl.DataFrame, user_ids: pl.Series) -> pl.DataFrame:
    all_users = user_ids.to_frame("user_id")
    return all_users.join(users, on="user_id", how="left", maintain_order="left", validate="1:1")


def _unlisted_movies(ratings: pl.DataFrame, movies: pl.DataFrame | None, tables: Tables) -> list[DataIssue]:
    path = tables.ratings_path
    if movies is None:
        message = 'no table of movies; each rated movie is called "Movie <id>"'
        return [DataIssue("no movies", message, path, ratings["movie_id"].n_unique())]
    unlisted, count = _unlisted_ids(ratings["movie_id"], movies["movie_id"])
    if not unlisted:
        return []
    n, first = len(unlisted), _first_ids(unlisted)
    message = f'{count} ratings are of {n} unlisted movies ({first}); each was added as "Movie <id>"'
    return [DataIssue("orphan ratings", message, path, count, column="movie_id")]


def _unlisted_users(ratings: pl.DataFrame, users: pl.DataFrame | None, tables: Tables) -> list[DataIssue]:
    if users is None:
        return []
    unlisted, _ = _unlisted_ids(ratings["user_id"], users["user_id"])
    if not unlisted:
        return []
    message = f"{len(unlisted)} users with ratings are not listed ({_first_ids(unlisted)}); their features are empty"
    return [DataIssue("unlisted users", message, tables.ratings_path, len(unlisted), column="user_id")]


def _unlisted_ids(ids: pl.Series, listed: pl.Series) -> tuple[list[int | str], int]:
    """The distinct ids that are not listed, ascending, and the number of entries of `ids` with them."""
    distinct = ids.unique()
    unlisted = distinct.filter(~distinct.is_in(listed.implode())).sort()
    count = int(ids.is_in(unlisted.implode()).sum()) if len(unlisted) else 0
    return unlisted.to_list(), count


def _first_ids(ids: Sequence[int | str]) -> str:
    return ", ".join(str(entry) for entry in ids[:_MAX_IDS]) + (", ..." if len(ids) > _MAX_IDS else "")
