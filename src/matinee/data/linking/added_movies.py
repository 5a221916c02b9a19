"""Films that nobody rated, added to a catalogue: so that one of this year can be recommended for what it is."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import polars as pl

from matinee.arrays import Ids, Indices
from matinee.data.dataset import Dataset
from matinee.data.linking.entries import IDS
from matinee.data.titles import title_keys
from matinee.data.vocabulary import Vocabulary

FIRST_ADDED = 1_000_000_000  # added films are numbered from here on: no data set counts so far

_YEARS_APART = 1  # one side counts the festival, the other the release


def add_movies(dataset: Dataset, films: pl.DataFrame) -> tuple[Dataset, int]:
    """The dataset with the films of a catalogue that it does not have as further movies, and how many they are.

    To be asked after `join_films`: what was joined has the film's ids. A film is known already if its `tmdb_id` or
    `imdb_id` is, or if a movie of the same title came out within a year of it: rather one film too few than one twice.
    A film's new id is the same whenever the same catalogue is added: its `tmdb_id`, else its row, behind a prefix.
    """
    rows = _unknown(dataset.movies, films)
    if not len(rows):
        return dataset, 0
    added = films[rows]
    ids = _new_ids(dataset, added, rows)
    columns = [name for name in films.columns if name in dataset.movies.columns and name != "movie_id"]
    fitting = [name for name in columns if films[name].dtype == dataset.movies[name].dtype]
    more = added.select(fitting).with_columns(movie_id=pl.Series(ids, dtype=dataset.movies["movie_id"].dtype))
    movies = pl.concat([dataset.movies, more], how="diagonal")
    empty = [name for name, kind in movies.schema.items() if isinstance(kind, pl.List)]
    movies = movies.with_columns(pl.col(empty).fill_null([]))
    known = Vocabulary(np.concatenate([dataset.movie_ids.ids, ids]))
    return replace(dataset, movies=movies, movie_ids=known), len(rows)


def _unknown(movies: pl.DataFrame, films: pl.DataFrame) -> Indices:
    """The rows of films that the movies do not have, nor an earlier row of the films."""
    known_ids = {name: set(movies[name].drop_nulls().to_list()) for name in IDS if name in movies.columns}
    years: dict[str, set[int | None]] = defaultdict(set)
    for title, year in movies.select("title", "year").iter_rows():
        _remember(years, title, year)
    ids = [name for name in IDS if name in films.columns]
    found: list[int] = []
    for row, film in enumerate(films.select("title", "year", *ids).iter_rows(named=True)):
        same_id = any(film[name] is not None and film[name] in known_ids.get(name, ()) for name in ids)
        if film["title"] is None or same_id or _is_known(years, film["title"], film["year"]):
            continue
        found.append(row)
        _remember(years, film["title"], film["year"])
    return np.array(found, dtype=np.int64)


def _is_known(years: dict[str, set[int | None]], title: str, year: int | None) -> bool:
    for key in title_keys(title):
        there = years.get(key, set())
        if (year is None and there) or None in there:
            return True
        if year is not None and any(year + step in there for step in range(-_YEARS_APART, _YEARS_APART + 1)):
            return True
    return False


def _remember(years: dict[str, set[int | None]], title: str | None, year: int | None) -> None:
    for key in title_keys(title or ""):
        years[key].add(year)


def _new_ids(dataset: Dataset, added: pl.DataFrame, rows: Indices) -> Ids:
    own = added["tmdb_id"] if "tmdb_id" in added.columns else pl.Series([None] * len(added), dtype=pl.Int64)
    places = zip(own.to_list(), rows.tolist(), strict=True)
    if dataset.movie_ids.ids.dtype.kind == "U":
        return np.array([f"row:{row}" if number is None else f"tmdb:{number}" for number, row in places])
    return np.array([FIRST_ADDED + number if number is not None else 2 * FIRST_ADDED + row for number, row in places])
