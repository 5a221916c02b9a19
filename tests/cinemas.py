"""Cinemas that tests make for themselves."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.models.recommender import Recommender
from matinee.pipeline.engine import Engine
from tests.datasets import checkerboard


def cinema_of(
    ranker: Recommender,
    movies: pl.DataFrame | None = None,
    *,
    rated: npt.ArrayLike = 100,
    rated_lately: npt.ArrayLike = 0,
    questions: Sequence[int] = (),
    stars: Recommender | None = None,
    content: Recommender | None = None,
) -> Engine:
    """A cinema on half to five stars: the movies of a checkerboard unless told otherwise, all well known.

    `questions` are the rows of the movies to ask about, in that order.
    """
    catalogue = checkerboard(n_movies=ranker.n_movies).movies if movies is None else movies
    n = len(catalogue)
    asked: list[int | None] = [None] * n
    for place, row in enumerate(questions, 1):
        asked[row] = place
    columns = [
        pl.Series("rated", np.broadcast_to(np.asarray(rated, dtype=np.int64), n)),
        pl.Series("rated_lately", np.broadcast_to(np.asarray(rated_lately, dtype=np.int64), n)),
        pl.Series("question", asked, dtype=pl.Int32),
    ]
    return Engine(catalogue.with_columns(columns), ranker, (0.5, 5.0), stars, content)


def titled(movies: pl.DataFrame, titles: Mapping[int, tuple[str, int | None]]) -> pl.DataFrame:
    """The catalogue with other titles and years in some rows."""
    names, years = movies["title"].to_list(), movies["year"].to_list()
    for row, (title, year) in titles.items():
        names[row], years[row] = title, year
    return movies.with_columns(pl.Series("title", names), pl.Series("year", years, dtype=pl.Int32))
