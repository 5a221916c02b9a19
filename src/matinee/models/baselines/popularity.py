"""`popularity`: the most-rated movies, the same list for all users."""

from typing import Self

import numpy as np

from matinee.arrays import Floats32, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.models.recommender import Recommender, State, with_validation


class Popularity(Recommender):
    """A movie's score is the number of ratings it has."""

    name = "popularity"
    description = "the most-rated movies, the same for all users"
    _counts: Floats32  # (movies,)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Count ratings."""
        data = with_validation(train, validation)
        self._counts = data.counts.astype(np.float32)
        self.n_movies = data.n_movies
        return self

    def score(self, histories: Histories) -> Scores:
        """Return the counts, once for each history."""
        self.require_fitted()
        return np.tile(self._counts, (len(histories), 1))

    def state(self) -> State:
        """Return the counts."""
        return {"counts": self._counts}

    def restore(self, state: State) -> None:
        """Take over the counts."""
        self._counts = state["counts"]
