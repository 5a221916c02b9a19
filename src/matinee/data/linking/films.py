"""Adding what the film table knows (director, cast, country, critics' scores) to a dataset's movies."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.dataset import Dataset
from matinee.data.linking.film_matching import AMBIGUOUS, MISSED, match_films

EXAMPLES = 10


@dataclass(frozen=True)
class FilmsReport:
    """How many movies were found in the film table; examples are the most rated of each kind."""

    matched: int
    ambiguous: int  # several films fit, or several movies fit one film: left alone
    missed: int
    ratings_covered: float  # the share of all ratings that are of matched movies, 0-1
    matched_examples: tuple[str, ...]  # those whose title or year is written differently, as they may be wrong
    ambiguous_examples: tuple[str, ...]
    missed_examples: tuple[str, ...]


def join_films(dataset: Dataset, films: pl.DataFrame) -> tuple[Dataset, FilmsReport]:
    """The dataset with the facts of `films` (from `read_film_table`) as further columns of its movies.

    Movies and films are matched by title, year and genres (see `film_matching`). A column the dataset
    already has keeps its values: only nulls are filled, and not even those if it is of another type.
    """
    found = match_films(dataset.movies, films)
    rows = pl.Series([int(row) if row >= 0 else None for row in found], dtype=pl.UInt32)
    facts = films.select(pl.all().gather(rows))
    movies = dataset.movies.with_columns(_merged(dataset.movies, fact) for fact in facts)
    return replace(dataset, movies=movies), _report(dataset, films, found)


def _merged(movies: pl.DataFrame, fact: pl.Series) -> pl.Series:
    if fact.name not in movies.columns:
        return fact
    known = movies[fact.name]
    if known.dtype != fact.dtype:
        return known
    return pl.select(pl.coalesce(known, fact)).to_series()


def _report(dataset: Dataset, films: pl.DataFrame, found: npt.NDArray[np.int64]) -> FilmsReport:
    names, film_names = _names(dataset.movies), _names(films)
    often_first = np.argsort(-dataset.counts, kind="stable")
    different = [
        f"{names[row]} = {film_names[found[row]]}"
        for row in often_first
        if found[row] >= 0 and names[row].casefold() != film_names[found[row]].casefold()
    ]
    return FilmsReport(
        matched=int((found >= 0).sum()),
        ambiguous=int((found == AMBIGUOUS).sum()),
        missed=int((found == MISSED).sum()),
        ratings_covered=float(dataset.counts[found >= 0].sum() / max(len(dataset.ratings), 1)),
        matched_examples=tuple(different[:EXAMPLES]),
        ambiguous_examples=tuple(names[row] for row in often_first if found[row] == AMBIGUOUS)[:EXAMPLES],
        missed_examples=tuple(names[row] for row in often_first if found[row] == MISSED)[:EXAMPLES],
    )


def _names(table: pl.DataFrame) -> list[str]:
    return [
        f"{title or 'untitled'} ({year or 'year unknown'})" for title, year in table.select("title", "year").iter_rows()
    ]
