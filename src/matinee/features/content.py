"""Content of movies, without ratings, as one matrix of named blocks.

Missing values count as average: every block has mean zero over the movies that have it, and zeros for the others. So a
weight on a column describes the movies, and not whether the catalogue is complete: catalogues are most complete for
movies that are popular today, which would leak popularity from after the ratings. For the same reason there are no
votes, critics' scores or prizes, except in `tutorial_features`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from matinee.arrays import AnyFloats, Embeddings, Floats, Mask
from matinee.errors import ProtocolError
from matinee.features.facts import genre_vectors
from matinee.features.text import overview_vectors, reduce_dimensions

VOTES = ("overview", "vote_average", "vote_count", "popularity")  # columns that `tutorial_features` needs

_NAME_COLUMNS = ("director", "writer", "cast")
_MIN_MOVIES = 2  # of a person or country; fewer connect no movies
_MIN_IN_CELL = 5  # movies of a genre in a decade, for a column of their own
_CELL_WEIGHT = 0.55
_YEAR_STEP, _MINUTE_STEP = 2, 15


@dataclass(frozen=True, eq=False)
class Content:
    """Blocks of columns side by side."""

    values: Embeddings  # (movies, columns)
    blocks: dict[str, slice]  # the columns of each, in order

    @classmethod
    def of(cls, blocks: Mapping[str, Embeddings]) -> "Content":
        """Join the blocks that have columns."""
        filled = {name: block for name, block in blocks.items() if block.shape[1]}
        ends = np.cumsum([0, *(block.shape[1] for block in filled.values())]).tolist()
        columns = {name: slice(ends[number], ends[number + 1]) for number, name in enumerate(filled)}
        rows = [len(block) for block in blocks.values()][:1] or [0]
        values = np.hstack([*filled.values()]) if filled else np.zeros((rows[0], 0))
        return cls(values.astype(np.float32), columns)


def content_features(movies: pl.DataFrame, text_width: int = 100, names_width: int = 128) -> Content:
    """Build the features of each movie that were available at its release: (movies, columns), constant ones left out.

    Blocks: genres, decade, years, genres_by_decade, overview, director, writer, cast, country, runtime. Blocks whose
    column is missing in `movies`, or is empty, are left out; title, year and genres are enough.
    """
    genres, _ = genre_vectors(movies)
    year = movies["year"].cast(pl.Float64).to_numpy()
    dated = ~np.isnan(year)
    decade = _decades(year)
    everywhere = np.ones(len(movies), dtype=bool)
    blocks = {
        "genres": _centred(genres, everywhere),
        "decade": _centred(decade, dated),
        "years": _centred(_bumps(year, _YEAR_STEP, width=_YEAR_STEP), dated),
        "genres_by_decade": _centred(_CELL_WEIGHT * _cells(genres, decade), dated),
    }
    if "overview" in movies.columns:
        available = (movies["overview"].fill_null("").str.strip_chars() != "").to_numpy()
        blocks["overview"] = _centred(overview_vectors(movies["overview"], text_width), available)
    for name in (column for column in (*_NAME_COLUMNS, "country") if column in movies.columns):
        available = (movies[name].list.len().fill_null(0) > 0).to_numpy()
        names = _unit_rows(_multi_hot(movies[name]))
        blocks[name] = _centred(reduce_dimensions(names, names_width), available)
    if "runtime" in movies.columns:
        minutes = movies["runtime"].cast(pl.Float64).to_numpy()
        bumps = _bumps(minutes, _MINUTE_STEP, width=0.8 * _MINUTE_STEP)
        blocks["runtime"] = _centred(bumps, ~np.isnan(minutes))
    return Content.of(blocks)


def tutorial_features(movies: pl.DataFrame, text_width: int = 100) -> Content:
    """Build the features of the tutorial on TMDB: overview, genres, and four numbers scaled to 0-1, 0 if missing.

    The numbers are vote_average, vote_count, popularity and year. Raises `ProtocolError` if a column is missing.
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
    """Raise `ProtocolError` if a column that `tutorial_features` needs is missing or empty."""
    missing = [name for name in VOTES if name not in movies.columns or movies[name].null_count() == len(movies)]
    if missing:
        raise ProtocolError(
            f"objective=votes needs a catalogue with {', '.join(VOTES)}, and this one has no {', '.join(missing)}. "
            "Use TMDB's catalogue."
        )


def _centred(block: AnyFloats, available: Mask) -> Embeddings:
    """Subtract the mean over `known` (movies,), set zeros elsewhere, and leave out constant columns."""
    values = block.astype(np.float64)
    if available.any():
        values -= values[available].mean(axis=0)
    values[~available] = 0
    return values[:, (np.abs(values) > 1e-9).any(axis=0)].astype(np.float32)


def _decades(year: Floats) -> Embeddings:
    """Return the one-hot decade of each year, zeros if it is missing: (movies,) -> (movies, decades)."""
    decade = np.floor(year / 10)
    return (decade[:, None] == np.unique(decade[~np.isnan(decade)])).astype(np.float32)


def _bumps(values: Floats, step: int, width: float) -> Embeddings:
    """Return exp(-distance^2 / 2 width^2) to points `step` apart, zeros for NaN: (n,) -> (n, points).

    The points run from the first to the last percentile of the values, so that outliers do not stretch them.
    """
    available = values[~np.isnan(values)]
    if not len(available):
        return np.zeros((len(values), 0), dtype=np.float32)
    low, high = np.percentile(available, [1, 99])
    points = np.arange(np.floor(low / step) * step, high + step, step)
    distance = np.clip(np.nan_to_num(values, nan=np.inf), points[0] - step, points[-1] + step)[:, None] - points
    near = np.exp(-0.5 * (distance / width) ** 2)
    near[np.isnan(values)] = 0
    return near.astype(np.float32)


def _cells(genres: Embeddings, decade: Embeddings) -> Embeddings:
    """Return a column for each genre in each decade with enough movies: westerns of 1955 and 1995 differ."""
    cells = (genres[:, :, None] * decade[:, None, :]).reshape(len(genres), -1)  # (movies, genres * decades)
    return cells[:, cells.sum(axis=0) >= _MIN_IN_CELL]


def _multi_hot(names: pl.Series) -> sparse.csr_matrix:
    """Return lists of names as ones in sorted columns, for names that occur often enough: (movies, names)."""
    pairs = pl.DataFrame({"row": np.arange(len(names)), "name": names}).explode("name").drop_nulls("name").unique()
    counted = pairs.group_by("name").len().filter(pl.col("len") >= _MIN_MOVIES).sort("name")
    pairs = pairs.join(counted.with_row_index("column"), on="name").sort("row", "column")
    coordinates = (pairs["row"].to_numpy(), pairs["column"].to_numpy())
    return sparse.csr_matrix((np.ones(len(pairs)), coordinates), shape=(len(names), len(counted)))


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
    return sparse.csr_matrix(sparse.diags_array(1 / np.maximum(lengths, 1e-12)) @ matrix)
