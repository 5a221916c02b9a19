"""`random`: random scores, the floor of every report."""

from typing import Self
from zlib import crc32

import numpy as np
from pydantic import Field

from matinee.arrays import Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.models.recommender import Config, Recommender, State


class RandomConfig(Config):
    """Settings of `random`."""

    seed: int = Field(default=0, ge=0, description="seed that, with a history, decides its scores")


class Random(Recommender):
    """Scores drawn uniformly from [0, 1), the same for equal histories and seeds."""

    name = "random"
    description = "any movie at random: the floor"
    config_class = RandomConfig
    scores_new_movies = True
    config: RandomConfig

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Store the size of the catalogue."""
        self.n_movies = train.n_movies
        return self

    def score(self, histories: Histories) -> Scores:
        """Draw scores for each history from a generator seeded by the history itself."""
        self.require_fitted()
        scores = np.empty((len(histories), self.n_movies), dtype=np.float32)
        for row in range(len(histories)):
            movies = histories.movies[histories.offsets[row] : histories.offsets[row + 1]]
            rng = np.random.default_rng([self.config.seed, crc32(movies.tobytes())])
            scores[row] = rng.random(self.n_movies, dtype=np.float32)
        return scores

    def state(self) -> State:
        """Return the size of the catalogue: safetensors needs at least one array."""
        return {"movies": np.array([self.n_movies])}

    def restore(self, state: State) -> None:
        """Do nothing: there is no state besides the size of the catalogue."""
