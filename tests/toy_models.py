"""Models whose every score a test can work out by hand."""

from typing import Self

import numpy as np
import numpy.typing as npt

from matinee.arrays import Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import Split
from matinee.models.recommender import Recommender, State


class Toy(Recommender):
    """Learns nothing; by default all scores are zero."""

    name = "toy"
    description = "a model for tests"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        del validation
        self.n_movies = train.n_movies
        return self

    def score(self, histories: Histories) -> Scores:
        return np.zeros((len(histories), self.n_movies), dtype=np.float32)

    def state(self) -> State:
        return {}

    def restore(self, state: State) -> None:
        del state


class Linear(Toy):
    """The score of movie j is `bias[j]` and `weights[i, j]` for each i in the history; gaps add nothing."""

    name = "linear"

    def __init__(self, weights: npt.ArrayLike, bias: npt.ArrayLike = 0.0):
        super().__init__()
        self.weights = np.asarray(weights, dtype=np.float32)
        self.n_movies = self.weights.shape[1]
        self.bias = np.broadcast_to(np.asarray(bias, dtype=np.float32), self.n_movies)

    def score(self, histories: Histories) -> Scores:
        scores = np.tile(self.bias, (len(histories), 1))
        real = histories.without_gaps()
        np.add.at(scores, real.owner, self.weights[real.movies])
        return scores


class InTurn(Toy):
    """Returns the rows of a table of scores in turn: the first history gets the first row."""

    name = "in turn"

    def __init__(self, scores: npt.ArrayLike):
        super().__init__()
        self.scores = np.asarray(scores, dtype=np.float32)
        self.n_movies = self.scores.shape[1]
        self.n_scored = 0

    def score(self, histories: Histories) -> Scores:
        rows = np.arange(self.n_scored, self.n_scored + len(histories)) % len(self.scores)
        self.n_scored += len(histories)
        return self.scores[rows].copy()


class Constant(Toy):
    """Predicts the same rating for every movie."""

    name = "constant"
    predicts_ratings = True

    def __init__(self, rating: float, n_movies: int = 0):
        super().__init__()
        self.rating, self.n_movies = rating, n_movies

    def score(self, histories: Histories) -> Scores:
        return np.full((len(histories), self.n_movies), self.rating, dtype=np.float32)


def oracle(split: Split) -> InTurn:
    """Rank the test movies of each user first."""
    targets = split.targets
    scores = np.zeros((len(targets), split.test.n_movies), dtype=np.float32)
    scores[targets.owner, targets.movies] = 2.0 + np.arange(len(targets.movies)) / len(targets.movies)
    return InTurn(scores)
