"""Adding facts from another catalogue to a dataset's movies: TMDB's plots and dates, the movie table's directors."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from matinee.arrays import Mask
from matinee.data.dataset import Dataset
from matinee.data.linking.catalogue_matching import Evidence, Matches, match_catalogues
from matinee.data.linking.entries import AMBIGUOUS, MISSED

# Counted when the catalogue was made, long after most ratings.
LATER_FACTS = ("vote_average", "vote_count", "popularity")


@dataclass(frozen=True)
class JoinGroup:
    """Movies with the same result, the most rated first."""

    movies: int
    ratings: float  # their share of all ratings, 0-1
    names: tuple[str, ...]  # of matched movies only those written or dated differently, as they may be wrong


@dataclass(frozen=True)
class JoinReport:
    """The movies matched with a catalogue, by evidence."""

    by_id: JoinGroup
    by_title: JoinGroup
    by_near_title: JoinGroup
    ambiguous: JoinGroup  # several candidates fit, or several movies fit one candidate: nothing is filled
    missed: JoinGroup
    columns: tuple[str, ...]  # in which a cell was filled

    @property
    def matched(self) -> int:
        """The number of matched movies."""
        return sum(group.movies for group in (self.by_id, self.by_title, self.by_near_title))

    @property
    def ratings_covered(self) -> float:
        """The share of all ratings that are of matched movies, 0-1."""
        return sum(group.ratings for group in (self.by_id, self.by_title, self.by_near_title))


def join_catalogue(dataset: Dataset, catalogue: pl.DataFrame) -> tuple[Dataset, JoinReport]:
    """The dataset with the columns of `catalogue` added to its movies, and a report.

    `catalogue` has `title`, `year` and `genres` (lists of names), and any facts: the movies of a TMDB catalogue, or
    `read_movie_table`. Movies are matched by ids, title, year and genres (see `catalogue_matching`). A column that the
    dataset already has keeps its values: only empty cells are filled, and none if the column is of another type.
    """
    matches = match_catalogues(dataset.movies, catalogue)
    rows = pl.Series([int(row) if row >= 0 else None for row in matches.rows], dtype=pl.UInt32)
    facts = catalogue.select(pl.all().gather(rows))
    joined = dataset.movies.with_columns(_merge(dataset.movies, fact) for fact in facts)
    columns = tuple(
        fact.name for fact in facts if _count_filled(joined, fact.name) > _count_filled(dataset.movies, fact.name)
    )
    return replace(dataset, movies=joined), _report(dataset, catalogue, matches, columns)


def _merge(movies: pl.DataFrame, fact: pl.Series) -> pl.Series:
    merged = fact
    if fact.name in movies.columns:
        ours = movies[fact.name]
        if ours.dtype != fact.dtype:
            return ours
        merged = ours.zip_with(~_is_empty(ours), fact)
    return merged.fill_null([]) if isinstance(merged.dtype, pl.List) else merged


def _is_empty(values: pl.Series) -> pl.Series:
    return values.list.len().fill_null(0) == 0 if isinstance(values.dtype, pl.List) else values.is_null()


def _count_filled(movies: pl.DataFrame, name: str) -> int:
    return int((~_is_empty(movies[name])).sum()) if name in movies.columns else 0


def _report(dataset: Dataset, catalogue: pl.DataFrame, matches: Matches, columns: tuple[str, ...]) -> JoinReport:
    names, other_names = _names(dataset.movies), _names(catalogue)
    most_rated_first = np.argsort(-dataset.counts, kind="stable")

    def group(members: Mask, listed: Iterable[str]) -> JoinGroup:
        share = dataset.counts[members].sum() / max(len(dataset.ratings), 1)
        return JoinGroup(int(members.sum()), float(share), tuple(listed))

    def matched_by(evidence: Evidence) -> JoinGroup:
        members = matches.evidence == evidence
        pairs = [(names[row], other_names[matches.rows[row]]) for row in most_rated_first if members[row]]
        return group(members, (f"{mine} = {other}" for mine, other in pairs if mine.casefold() != other.casefold()))

    def unmatched(reason: int) -> JoinGroup:
        members = matches.rows == reason
        return group(members, (names[row] for row in most_rated_first if members[row]))

    return JoinReport(
        by_id=matched_by(Evidence.ID),
        by_title=matched_by(Evidence.TITLE),
        by_near_title=matched_by(Evidence.NEAR_TITLE),
        ambiguous=unmatched(AMBIGUOUS),
        missed=unmatched(MISSED),
        columns=columns,
    )


def _names(table: pl.DataFrame) -> list[str]:
    return [
        f"{title or 'untitled'} ({year or 'year unknown'})" for title, year in table.select("title", "year").iter_rows()
    ]
