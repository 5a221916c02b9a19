"""From raw tables to a `Dataset`: everything is checked here, once, whatever format the files had."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from matinee.arrays import MovieRows
from matinee.data.dataset import Dataset, Ratings
from matinee.data.readers.catalogue import check_movies, movie_table
from matinee.data.readers.rating_checks import check_ratings, in_seconds, kept_of_repeated, mixed_ids, repeated
from matinee.data.readers.tables import DataIssue, Tables
from matinee.data.vocabulary import Vocabulary

_FIRST_FEW = 5
_BLOCK = 1 << 22  # ids looked up at a time


def build_dataset(tables: Tables) -> tuple[Dataset, list[DataIssue]]:
    """Check the tables and join them into one dataset, with a list of what had to be repaired.

    `tables.users` is as `check_users` returns it: the reader calls that, since it knows the users' file.
    Ids are ascending in both vocabularies; ratings are ordered by user, then time, equal times in file order.
    Raises `DataError` (file, row, column) for what no rule can repair.
    """
    path, findings = tables.ratings_path, list(tables.issues)
    movies_path = tables.movies_path or path
    ratings = check_ratings(tables.ratings, path, tables.header_rows, tables.scale)
    movies, users = tables.movies, tables.users
    if movies is not None:
        movies, found = check_movies(movies, movies_path)
        findings += found
    ratings, movies = _ids_alike(ratings, movies, "movie_id")
    ratings, users = _ids_alike(ratings, users, "user_id")
    movie_ids = _all_ids(ratings, movies, "movie_id")
    user_ids = _all_ids(ratings, users, "user_id")
    findings += mixed_ids(user_ids, path) + mixed_ids(movie_ids, path)
    findings += _orphans(ratings, movies, tables) + _strangers(ratings, users, tables)
    catalogue, found = movie_table(movies, movie_ids, movies_path)
    findings += found
    cleaned, found = _cleaned(ratings, user_ids, movie_ids, tables)
    findings += found
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
    return dataset, findings


def rows_of(ids: pl.Series, vocabulary: pl.Series) -> MovieRows:
    """The position of each id in an ascending series of distinct ids that has them all: (n,) int32."""
    if ids.is_empty():
        return np.zeros(0, dtype=np.int32)
    if not ids.dtype.is_integer():
        rows = pl.Series(np.arange(len(vocabulary), dtype=np.int32))
        return ids.replace_strict(vocabulary, rows, return_dtype=pl.Int32).to_numpy()
    known, wanted = vocabulary.to_numpy(), ids.to_numpy()
    rows = np.empty(len(wanted), dtype=np.int32)
    for start in range(0, len(wanted), _BLOCK):  # a hash table of all would take four times the memory
        rows[start : start + _BLOCK] = np.searchsorted(known, wanted[start : start + _BLOCK])
    return rows


def _cleaned(
    ratings: pl.DataFrame, user_ids: pl.Series, movie_ids: pl.Series, tables: Tables
) -> tuple[Ratings, list[DataIssue]]:
    """Each user's last word on each movie, in order, with timestamps in seconds."""
    raw = Ratings(
        user=rows_of(ratings["user_id"], user_ids),
        movie=rows_of(ratings["movie_id"], movie_ids),
        rating=ratings["rating"].to_numpy() if "rating" in ratings.columns else None,
        timestamp=ratings["timestamp"].to_numpy() if "timestamp" in ratings.columns else None,
    )
    kept = kept_of_repeated(raw.user, raw.movie, raw.timestamp)
    findings = repeated(ratings, kept, tables.ratings_path, tables.header_rows)
    once = raw.keep(kept) if findings else raw
    cleaned, found = in_seconds(once.ordered(), tables.ratings_path)
    return cleaned, findings + found


def _ids_alike(
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
    everyone = user_ids.to_frame("user_id")
    return everyone.join(users, on="user_id", how="left", maintain_order="left", validate="1:1")


def _orphans(ratings: pl.DataFrame, movies: pl.DataFrame | None, tables: Tables) -> list[DataIssue]:
    path = tables.ratings_path
    if movies is None:
        message = 'there is no table of movies; each rated movie is called "Movie <id>"'
        return [DataIssue("no movies", message, path, ratings["movie_id"].n_unique())]
    lost, count = _absent(ratings["movie_id"], movies["movie_id"])
    if not lost:
        return []
    message = (
        f'{count} ratings are of {len(lost)} movies that are not listed ({_few(lost)}); each was added as "Movie <id>"'
    )
    return [DataIssue("orphan ratings", message, path, count, column="movie_id")]


def _strangers(ratings: pl.DataFrame, users: pl.DataFrame | None, tables: Tables) -> list[DataIssue]:
    if users is None:
        return []
    lost, _ = _absent(ratings["user_id"], users["user_id"])
    if not lost:
        return []
    message = f"{len(lost)} users gave ratings but are not listed ({_few(lost)}); what describes them is left empty"
    return [DataIssue("unlisted users", message, tables.ratings_path, len(lost), column="user_id")]


def _absent(ids: pl.Series, listed: pl.Series) -> tuple[list[int | str], int]:
    """The distinct ids that are not listed, ascending, and how many entries of `ids` they are."""
    distinct = ids.unique()
    absent = distinct.filter(~distinct.is_in(listed.implode())).sort()
    count = int(ids.is_in(absent.implode()).sum()) if len(absent) else 0
    return absent.to_list(), count


def _few(ids: Sequence[int | str]) -> str:
    return ", ".join(str(one) for one in ids[:_FIRST_FEW]) + (", ..." if len(ids) > _FIRST_FEW else "")
