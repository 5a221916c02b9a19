"""What is known of movies without any rating, as one matrix of named blocks.

What a catalogue does not know of a movie counts as average: every block has mean zero over the movies it is known for,
and zeros for the others. So a weight on a column says something of films, and not of whether somebody wrote about
them: catalogues list the films that are famous today, and being listed is a sign of fame that came after the ratings.
For the same reason there are no votes, critics' scores or prizes here; those are in `as_written` alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from matinee.arrays import Embeddings, Mask
from matinee.errors import ProtocolError
from matinee.features.genres import genre_vectors
from matinee.features.text import overview_vectors, reduced

VOTES = ("overview", "vote_average", "vote_count", "popularity")  # what `as_written` cannot do without

_PEOPLE = ("director", "writer", "cast")
_LEAST_FILMS = 2  # people and countries with fewer films say nothing of another film
_LEAST_IN_CELL = 5  # films of a genre in a decade from which the two together are a column
_CELL_WEIGHT = 0.55
_YEARS_APART, _MINUTES_APART = 2, 15


@dataclass(frozen=True, eq=False)
class Content:
    """Blocks of columns side by side."""

    values: Embeddings  # (movies, columns)
    blocks: dict[str, slice]  # the columns of each, in order

    @classmethod
    def of(cls, blocks: Mapping[str, Embeddings]) -> "Content":
        """The blocks that have columns."""
        kept = {name: block for name, block in blocks.items() if block.shape[1]}
        ends = np.cumsum([0, *(block.shape[1] for block in kept.values())]).tolist()
        places = {name: slice(ends[place], ends[place + 1]) for place, name in enumerate(kept)}
        rows = [len(block) for block in blocks.values()][:1] or [0]
        values = np.hstack([*kept.values()]) if kept else np.zeros((rows[0], 0))
        return cls(values.astype(np.float32), places)


def content_of(movies: pl.DataFrame, text_width: int = 100, people_width: int = 128) -> Content:
    """Everything that is known of each movie and was known when it came out; (movies, columns), columns that vary.

    Blocks: genres, decade, years, genres_by_decade, overview, director, writer, cast, country, runtime. Those whose
    column `movies` lacks, or that are empty throughout, are left out; title, year and genres are enough.
    """
    genres, _ = genre_vectors(movies)
    year = movies["year"].cast(pl.Float64).to_numpy()
    dated = ~np.isnan(year)
    decade = _decades(year)
    everywhere = np.ones(len(movies), dtype=bool)
    blocks = {
        "genres": _centred(genres, everywhere),
        "decade": _centred(decade, dated),
        "years": _centred(_bumps(year, _YEARS_APART, width=_YEARS_APART), dated),
        "genres_by_decade": _centred(_CELL_WEIGHT * _cells(genres, decade), dated),
    }
    if "overview" in movies.columns:
        known = (movies["overview"].fill_null("").str.strip_chars() != "").to_numpy()
        blocks["overview"] = _centred(overview_vectors(movies["overview"], text_width), known)
    for name in (column for column in (*_PEOPLE, "country") if column in movies.columns):
        known = (movies[name].list.len().fill_null(0) > 0).to_numpy()
        names = _of_length_one(_multi_hot(movies[name]))
        blocks[name] = _centred(reduced(names, people_width), known)
    if "runtime" in movies.columns:
        minutes = movies["runtime"].cast(pl.Float64).to_numpy()
        bumps = _bumps(minutes, _MINUTES_APART, width=0.8 * _MINUTES_APART)
        blocks["runtime"] = _centred(bumps, ~np.isnan(minutes))
    return Content.of(blocks)


def as_written(movies: pl.DataFrame, text_width: int = 100) -> Content:
    """The features of the tutorial on TMDB: overview, genres, and four numbers scaled to 0-1, unknown ones 0.

    The numbers are vote_average, vote_count, popularity and year. Raises `ProtocolError` if `movies` lacks a column.
    """
    require_votes(movies)
    numbers = movies.select("vote_average", "vote_count", "popularity", "year").cast(pl.Float64).fill_null(0).to_numpy()
    low, high = numbers.min(axis=0), numbers.max(axis=0)
    return Content.of(
        {
            "overview": overview_vectors(movies["overview"], text_width),
            "genres": genre_vectors(movies)[0],
            "numbers": (numbers - low) / np.maximum(high - low, 1e-12),
        }
    )


def require_votes(movies: pl.DataFrame) -> None:
    """Raise `ProtocolError` if `movies` lacks a column that `as_written` is made of, or all of it is unknown."""
    missing = [name for name in VOTES if name not in movies.columns or movies[name].null_count() == len(movies)]
    if missing:
        raise ProtocolError(
            f"objective=votes needs a catalogue with {', '.join(VOTES)}, as TMDB's, and this one has no "
            f"{', '.join(missing)}"
        )


def _centred(block: npt.NDArray[np.floating], known: Mask) -> Embeddings:
    """The block minus its mean over `known` (movies,), and zeros elsewhere; columns that never vary are left out."""
    values = block.astype(np.float64)
    if known.any():
        values -= values[known].mean(axis=0)
    values[~known] = 0
    return values[:, (np.abs(values) > 1e-9).any(axis=0)].astype(np.float32)


def _decades(year: npt.NDArray[np.float64]) -> Embeddings:
    """Each year's decade, one-hot; nothing where it is unknown: (movies,) -> (movies, decades)."""
    decade = np.floor(year / 10)
    return (decade[:, None] == np.unique(decade[~np.isnan(decade)])).astype(np.float32)


def _bumps(values: npt.NDArray[np.float64], step: int, width: float) -> Embeddings:
    """How near each value is to points `step` apart, exp(-distance^2 / 2 width^2); NaN near none: (n,) -> (n, points).

    The points run from the first to the last hundredth of the values, so that slips do not stretch them.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return np.zeros((len(values), 0), dtype=np.float32)
    low, high = np.percentile(known, [1, 99])
    points = np.arange(np.floor(low / step) * step, high + step, step)
    distance = np.clip(np.nan_to_num(values, nan=np.inf), points[0] - step, points[-1] + step)[:, None] - points
    near = np.exp(-0.5 * (distance / width) ** 2)
    near[np.isnan(values)] = 0
    return near.astype(np.float32)


def _cells(genres: Embeddings, decade: Embeddings) -> Embeddings:
    """A column for each genre in each decade that has enough films: a western of 1955 is not one of 1995."""
    cells = (genres[:, :, None] * decade[:, None, :]).reshape(len(genres), -1)  # (movies, genres * decades)
    return cells[:, cells.sum(axis=0) >= _LEAST_IN_CELL]


def _multi_hot(names: pl.Series) -> sparse.csr_matrix:
    """Lists of names as ones in the columns of those that occur often enough, sorted: (movies, names)."""
    pairs = pl.DataFrame({"row": np.arange(len(names)), "name": names}).explode("name").drop_nulls("name").unique()
    counted = pairs.group_by("name").len().filter(pl.col("len") >= _LEAST_FILMS).sort("name")
    pairs = pairs.join(counted.with_row_index("column"), on="name").sort("row", "column")
    places = (pairs["row"].to_numpy(), pairs["column"].to_numpy())
    return sparse.csr_matrix((np.ones(len(pairs)), places), shape=(len(names), len(counted)))


def _of_length_one(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
    return sparse.csr_matrix(sparse.diags_array(1 / np.maximum(lengths, 1e-12)) @ matrix)
