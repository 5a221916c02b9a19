"""A summary of a dataset: its size, distributions and issues."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.dataset import Dataset
from matinee.data.readers.rating_checks import are_clocks
from matinee.data.readers.tables import DataIssue


@dataclass(frozen=True)
class Spread:
    """The minimum, median and maximum of some counts."""

    minimum: int
    median: float
    maximum: int


@dataclass(frozen=True)
class Summary:
    """The content of `matinee data inspect`, as plain data. Shares are between 0 and 1."""

    name: str
    users: int
    movies: int
    ratings: int
    rated_movies: int
    density: float  # ratings per pair of a user and a movie of the catalogue
    scale: tuple[float, float]
    first: str | None  # date of the first and last rating, None if timestamps are missing or not clock times
    last: str | None
    histogram: dict[float, int]  # rating -> number of such ratings, ascending
    per_user: Spread | None  # over users with ratings; None without ratings
    per_movie: Spread | None  # over movies with ratings
    top_tenth_share: float | None  # share of all ratings that the most rated tenth of the movies has
    genres: dict[str, int]  # genre -> number of movies, most frequent first
    filled: dict[str, float]  # column of the catalogue -> share of movies with a value
    posters: bool
    issues: list[DataIssue]  # the worst first

    def to_json(self) -> str:
        """The same as a JSON object; the paths of issues become text."""
        return json.dumps(asdict(self), indent=2, default=str, ensure_ascii=False)


def summarise(dataset: Dataset, issues: Sequence[DataIssue]) -> Summary:
    """Summarise a dataset. `issues` are those of reading it."""
    ratings = dataset.ratings
    per_movie = dataset.counts[dataset.counts > 0]
    per_user = np.bincount(ratings.user, minlength=dataset.n_users)
    pairs = dataset.n_users * dataset.n_movies
    first, last = _dates(ratings.timestamp)
    return Summary(
        name=dataset.name,
        users=dataset.n_users,
        movies=dataset.n_movies,
        ratings=len(ratings),
        rated_movies=len(per_movie),
        density=len(ratings) / pairs if pairs else 0.0,
        scale=dataset.scale,
        first=first,
        last=last,
        histogram=_histogram(ratings.rating),
        per_user=_spread(per_user[per_user > 0]),
        per_movie=_spread(per_movie),
        top_tenth_share=_top_tenth_share(per_movie),
        genres=_genres(dataset.movies),
        filled={name: _filled(dataset.movies[name]) for name in dataset.movies.columns},
        posters=dataset.posters is not None,
        issues=sorted(issues, key=_sort_key),
    )


def _dates(timestamps: npt.NDArray[np.int64] | None) -> tuple[str | None, str | None]:
    if timestamps is None or not are_clocks(timestamps):
        return None, None
    first, last = (datetime.fromtimestamp(int(seconds), UTC) for seconds in (timestamps.min(), timestamps.max()))
    return first.date().isoformat(), last.date().isoformat()


def _histogram(ratings: npt.NDArray[np.float32] | None) -> dict[float, int]:
    if ratings is None:
        return {}
    values, counts = np.unique(ratings, return_counts=True)
    # str() of a float32 is its shortest form: 0.1, where float() alone would give 0.10000000149.
    return {float(str(value)): int(count) for value, count in zip(values, counts, strict=True)}


def _spread(counts: npt.NDArray[np.int64]) -> Spread | None:
    if not len(counts):
        return None
    return Spread(int(counts.min()), float(np.median(counts)), int(counts.max()))


def _top_tenth_share(per_movie: npt.NDArray[np.int64]) -> float | None:
    if not len(per_movie):
        return None
    tenth = max(1, round(len(per_movie) / 10))
    return float(np.sort(per_movie)[-tenth:].sum() / per_movie.sum())


def _genres(movies: pl.DataFrame) -> dict[str, int]:
    counts = movies["genres"].explode().drop_nulls().value_counts()
    ordered = counts.sort(["count", "genres"], descending=[True, False])
    return dict(ordered.rows())


def _filled(column: pl.Series) -> float:
    if not len(column):
        return 0.0
    has = column.list.len().fill_null(0) > 0 if column.dtype == pl.List else column.is_not_null()
    return int(has.sum()) / len(column)


def _sort_key(issue: DataIssue) -> tuple[bool, int]:
    return issue.severity == "note", -issue.count
