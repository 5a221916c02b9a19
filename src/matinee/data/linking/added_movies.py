"""Unrated movies of a catalogue added to a dataset, so that models can recommend new releases by their content."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import polars as pl

from matinee.arrays import Ids, Indices
from matinee.data.dataset import Dataset
from matinee.data.linking.entries import IDS
from matinee.data.titles import title_keys
from matinee.data.vocabulary import Vocabulary

FIRST_ADDED = 1_000_000_000  # ids of added movies start here: the ids of no data set reach so far

_MAX_YEARS_APART = 1  # one side counts the festival, the other the release


def add_movies(dataset: Dataset, catalogue: pl.DataFrame) -> tuple[Dataset, int]:
    """The dataset with the movies of a catalogue that it lacks, and their number.

    Call it after `join_catalogue`, which gives a joined movie the catalogue's ids. A movie is in the dataset already
    if its `tmdb_id` or `imdb_id` is, or if a movie of the same title came out within a year of it: a missing movie does
    less harm than a duplicate. Its new id is the same whenever the same catalogue is added: its `tmdb_id`, else its
    row, behind a prefix.
    """
    rows = _missing_rows(dataset.movies, catalogue)
    if not len(rows):
        return dataset, 0
    added = catalogue[rows]
    ids = _new_ids(dataset, added, rows)
    columns = [name for name in catalogue.columns if name in dataset.movies.columns and name != "movie_id"]
    fitting = [name for name in columns if catalogue[name].dtype == dataset.movies[name].dtype]
    more = added.select(fitting).with_columns(movie_id=pl.Series(ids, dtype=dataset.movies["movie_id"].dtype))
    movies = pl.concat([dataset.movies, more], how="diagonal")
    empty = [name for name, kind in movies.schema.items() if isinstance(kind, pl.List)]
    movies = movies.with_columns(pl.col(empty).fill_null([]))
    movie_ids = Vocabulary(np.concatenate([dataset.movie_ids.ids, ids]))
    return replace(dataset, movies=movies, movie_ids=movie_ids), len(rows)


def _missing_rows(movies: pl.DataFrame, catalogue: pl.DataFrame) -> Indices:
    """The rows of the catalogue that neither the movies nor an earlier row of the catalogue have."""
    our_ids = {name: set(movies[name].drop_nulls().to_list()) for name in IDS if name in movies.columns}
    years: dict[str, set[int | None]] = defaultdict(set)
    for title, year in movies.select("title", "year").iter_rows():
        _remember(years, title, year)
    ids = [name for name in IDS if name in catalogue.columns]
    missing: list[int] = []
    for row, movie in enumerate(catalogue.select("title", "year", *ids).iter_rows(named=True)):
        same_id = any(movie[name] is not None and movie[name] in our_ids.get(name, ()) for name in ids)
        if movie["title"] is None or same_id or _is_listed(years, movie["title"], movie["year"]):
            continue
        missing.append(row)
        _remember(years, movie["title"], movie["year"])
    return np.array(missing, dtype=np.int64)


def _is_listed(years: dict[str, set[int | None]], title: str, year: int | None) -> bool:
    for key in title_keys(title):
        listed = years.get(key, set())
        if (year is None and listed) or None in listed:
            return True
        if year is not None and any(year + step in listed for step in range(-_MAX_YEARS_APART, _MAX_YEARS_APART + 1)):
            return True
    return False


def _remember(years: dict[str, set[int | None]], title: str | None, year: int | None) -> None:
    for key in title_keys(title or ""):
        years[key].add(year)


def _new_ids(dataset: Dataset, added: pl.DataFrame, rows: Indices) -> Ids:
    tmdb_ids = added["tmdb_id"] if "tmdb_id" in added.columns else pl.Series([None] * len(added), dtype=pl.Int64)
    pairs = zip(tmdb_ids.to_list(), rows.tolist(), strict=True)
    if dataset.movie_ids.ids.dtype.kind == "U":
        return np.array([f"row:{row}" if tmdb_id is None else f"tmdb:{tmdb_id}" for tmdb_id, row in pairs])
    return np.array([FIRST_ADDED + tmdb_id if tmdb_id is not None else 2 * FIRST_ADDED + row for tmdb_id, row in pairs])
