"""`popularity`: the same list for everybody, and harder to beat than it should be."""

from typing import Self

import numpy as np
import numpy.typing as npt

from matinee.arrays import Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.models.recommender import Recommender, State, with_validation


class Popularity(Recommender):
    """A movie's score is the number of ratings it has."""

    name = "popularity"
    description = "the most-rated movies, the same for everybody"
    _counts: npt.NDArray[np.float32]  # (movies,)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Count ratings."""
        known = with_validation(train, validation)
        self._counts = known.counts.astype(np.float32)
        self.n_movies = known.n_movies
        return self

    def score(self, histories: Histories) -> Scores:
        """The counts, once for each history."""
        self.require_fitted()
        return np.tile(self._counts, (len(histories), 1))

    def state(self) -> State:
        """The counts."""
        return {"counts": self._counts}

    def restore(self, state: State) -> None:
        """Take the counts back."""
        self._counts = state["counts"]
