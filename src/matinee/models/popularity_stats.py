"""What a run remembers of the people it was trained on: counts per movie, and nobody's ratings."""

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.dataset import Dataset
from matinee.data.readers.rating_checks import are_clocks
from matinee.models.elicitation import elicitation_order

_LATELY = 0.1  # the share of all ratings that are the latest


def popularity_stats(dataset: Dataset) -> pl.DataFrame:
    """Columns for the catalogue of a run, a row for each movie.

    `rated`: ratings it has. `rated_lately`: those among the latest tenth of all, or all of them where it is not
    known when ratings were given. `question`: its place, from 1, among the movies to ask somebody new about.
    """
    asked = elicitation_order(dataset.histories, dataset.n_movies)
    place = np.zeros(dataset.n_movies, dtype=np.int32)
    place[asked] = np.arange(1, len(asked) + 1)
    columns = pl.DataFrame({"rated": dataset.counts, "rated_lately": _lately(dataset), "question": place})
    return columns.with_columns(pl.when(pl.col("question") > 0).then("question"))


def _lately(dataset: Dataset) -> npt.NDArray[np.int64]:
    times = dataset.ratings.timestamp
    if times is None or not are_clocks(times):
        return dataset.counts
    recent = times >= np.quantile(times, 1 - _LATELY)
    return np.bincount(dataset.ratings.movie[recent], minlength=dataset.n_movies)
