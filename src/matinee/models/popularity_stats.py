"""Statistics of a catalogue's ratings that a run keeps: counts per movie, no ratings."""

import numpy as np
import polars as pl

from matinee.arrays import Indices
from matinee.data.dataset import Dataset
from matinee.data.readers.rating_checks import are_clocks
from matinee.models.elicitation import elicitation_order

_RECENT = 0.1  # share of all ratings that count as recent


def popularity_stats(dataset: Dataset) -> pl.DataFrame:
    """Return columns for the catalogue of a run, with a row per movie.

    `rated`: its ratings. `rated_recently`: those among the latest tenth of all ratings, or all of them without
    timestamps. `question`: its rank, from 1, among the movies to ask a new user about.
    """
    questions = elicitation_order(dataset.histories, dataset.n_movies)
    rank = np.zeros(dataset.n_movies, dtype=np.int32)
    rank[questions] = np.arange(1, len(questions) + 1)
    columns = pl.DataFrame({"rated": dataset.counts, "rated_recently": _recent_counts(dataset), "question": rank})
    return columns.with_columns(pl.when(pl.col("question") > 0).then("question"))


def _recent_counts(dataset: Dataset) -> Indices:
    times = dataset.ratings.timestamp
    if times is None or not are_clocks(times):
        return dataset.counts
    recent = times >= np.quantile(times, 1 - _RECENT)
    return np.bincount(dataset.ratings.movie[recent], minlength=dataset.n_movies)
