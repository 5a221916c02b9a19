"""Engines that tests build in memory."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.models.recommender import Recommender
from matinee.pipeline.engine import Engine
from tests.datasets import checkerboard


def engine_of(
    ranker: Recommender,
    movies: pl.DataFrame | None = None,
    *,
    rating_counts: npt.ArrayLike = 100,
    recent_rating_counts: npt.ArrayLike = 0,
    questions: Sequence[int] = (),
    rating_model: Recommender | None = None,
    content_model: Recommender | None = None,
) -> Engine:
    """An engine with ratings from 0.5 to 5, by default of a checkerboard's movies with many ratings each.

    `questions` are the rows of the movies to ask about, in that order.
    """
    catalogue = checkerboard(n_movies=ranker.n_movies).movies if movies is None else movies
    n = len(catalogue)
    question_ranks: list[int | None] = [None] * n
    for rank, row in enumerate(questions, 1):
        question_ranks[row] = rank
    columns = [
        pl.Series("rated", np.broadcast_to(np.asarray(rating_counts, dtype=np.int64), n)),
        pl.Series("rated_recently", np.broadcast_to(np.asarray(recent_rating_counts, dtype=np.int64), n)),
        pl.Series("question", question_ranks, dtype=pl.Int32),
    ]
    return Engine(catalogue.with_columns(columns), ranker, (0.5, 5.0), rating_model, content_model)


def with_titles(movies: pl.DataFrame, titles: Mapping[int, tuple[str, int | None]]) -> pl.DataFrame:
    """The catalogue with other titles and years in some rows."""
    names, years = movies["title"].to_list(), movies["year"].to_list()
    for row, (title, year) in titles.items():
        names[row], years[row] = title, year
    return movies.with_columns(pl.Series("title", names), pl.Series("year", years, dtype=pl.Int32))
