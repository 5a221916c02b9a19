"""Adding to a dataset's movies what another catalogue knows: plots and dates of TMDB, directors of the film table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.dataset import Dataset
from matinee.data.linking.catalogue_matching import Evidence, Matches, match_catalogues
from matinee.data.linking.entries import AMBIGUOUS, MISSED

# Counted when the catalogue was made, long after most ratings were given.
LATER_FACTS = ("vote_average", "vote_count", "popularity")


@dataclass(frozen=True)
class JoinGroup:
    """Movies that fared alike in the search, the most rated first."""

    movies: int
    ratings: float  # their share of all ratings, 0-1
    names: tuple[str, ...]  # of those matched only the ones written or dated differently, as they may be wrong


@dataclass(frozen=True)
class JoinReport:
    """Which movies were found in a catalogue, and by what."""

    by_id: JoinGroup
    by_title: JoinGroup
    by_near_title: JoinGroup
    ambiguous: JoinGroup  # several films fit, or several movies fit one film: left alone
    missed: JoinGroup
    columns: tuple[str, ...]  # in which something was filled

    @property
    def matched(self) -> int:
        """How many movies were found."""
        return sum(group.movies for group in (self.by_id, self.by_title, self.by_near_title))

    @property
    def ratings_covered(self) -> float:
        """The share of all ratings that are of movies found, 0-1."""
        return sum(group.ratings for group in (self.by_id, self.by_title, self.by_near_title))


def join_catalogue(dataset: Dataset, films: pl.DataFrame) -> tuple[Dataset, JoinReport]:
    """The dataset with what `films` knows as further columns of its movies.

    `films` has `title`, `year` and `genres` (lists of names), and any facts: the movies of a TMDB catalogue, or
    `read_film_table`. They are matched by ids, title, year and genres (see `film_matching`). A column the
    dataset already has keeps its values: only empty cells are filled, and not even those if it is of another type.
    """
    matches = match_catalogues(dataset.movies, films)
    rows = pl.Series([int(row) if row >= 0 else None for row in matches.film], dtype=pl.UInt32)
    facts = films.select(pl.all().gather(rows))
    joined = dataset.movies.with_columns(_merged(dataset.movies, fact) for fact in facts)
    columns = tuple(fact.name for fact in facts if _filled(joined, fact.name) > _filled(dataset.movies, fact.name))
    return replace(dataset, movies=joined), _report(dataset, films, matches, columns)


def _merged(movies: pl.DataFrame, fact: pl.Series) -> pl.Series:
    merged = fact
    if fact.name in movies.columns:
        known = movies[fact.name]
        if known.dtype != fact.dtype:
            return known
        merged = known.zip_with(~_is_empty(known), fact)
    return merged.fill_null([]) if isinstance(merged.dtype, pl.List) else merged


def _is_empty(values: pl.Series) -> pl.Series:
    return values.list.len().fill_null(0) == 0 if isinstance(values.dtype, pl.List) else values.is_null()


def _filled(movies: pl.DataFrame, name: str) -> int:
    return int((~_is_empty(movies[name])).sum()) if name in movies.columns else 0


def _report(dataset: Dataset, films: pl.DataFrame, matches: Matches, columns: tuple[str, ...]) -> JoinReport:
    names, film_names = _names(dataset.movies), _names(films)
    often_first = np.argsort(-dataset.counts, kind="stable")

    def group(members: npt.NDArray[np.bool_], listed: Iterable[str]) -> JoinGroup:
        share = dataset.counts[members].sum() / max(len(dataset.ratings), 1)
        return JoinGroup(int(members.sum()), float(share), tuple(listed))

    def found_by(sign: Evidence) -> JoinGroup:
        members = matches.sign == sign
        pairs = [(names[row], film_names[matches.film[row]]) for row in often_first if members[row]]
        return group(members, (f"{mine} = {its}" for mine, its in pairs if mine.casefold() != its.casefold()))

    def not_found(why: int) -> JoinGroup:
        members = matches.film == why
        return group(members, (names[row] for row in often_first if members[row]))

    return JoinReport(
        by_id=found_by(Evidence.ID),
        by_title=found_by(Evidence.TITLE),
        by_near_title=found_by(Evidence.NEAR_TITLE),
        ambiguous=not_found(AMBIGUOUS),
        missed=not_found(MISSED),
        columns=columns,
    )


def _names(table: pl.DataFrame) -> list[str]:
    return [
        f"{title or 'untitled'} ({year or 'year unknown'})" for title, year in table.select("title", "year").iter_rows()
    ]
