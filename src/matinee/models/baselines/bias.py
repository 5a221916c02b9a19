"""`bias`: the mean rating, plus the bias of the movie, plus the bias of the user.

Koren, "Factor in the neighbors: scalable and accurate collaborative filtering", TKDD 2010, section 2.1. With mu
the mean of all ratings, a movie's bias is the sum of (rating - mu) over its n ratings divided by
(movie_damping + n), and a user's bias the sum of (rating - mu - movie bias) divided by (user_damping + n). These are
means that few ratings keep near zero. Any model that learns taste should predict ratings better.
"""

from typing import Self

import numpy as np
from pydantic import Field

from matinee.arrays import AnyFloats, AnyRows, Floats32, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.models.recommender import Config, Recommender, State, with_validation


class BiasConfig(Config):
    """Settings of `bias`."""

    movie_damping: float = Field(
        default=5.0, ge=0, description="ratings at the mean that are added to each movie's own"
    )
    user_damping: float = Field(default=5.0, ge=0, description="ratings at the mean that are added to each user's own")


class Bias(Recommender):
    """Mean + user bias + movie bias. A user's bias comes from the history alone, so new users have one too."""

    name = "bias"
    description = "mean rating, movie bias and user bias: the baseline of predicted ratings"
    config_class = BiasConfig
    config: BiasConfig
    predicts_ratings = True

    mean: float
    scale: tuple[float, float]
    movie_bias: Floats32  # (movies,)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Compute the mean and the biases of movies. Raises `ProtocolError` without ratings."""
        data = with_validation(train, validation)
        ratings, movie = data.ratings.rating, data.ratings.movie
        if ratings is None:
            raise ProtocolError(f"{self.name} needs ratings, and {data.name} has none, only who watched what.")
        mean = float(ratings.mean(dtype=np.float64))
        self.movie_bias = damped_means(movie, ratings - mean, data.n_movies, self.config.movie_damping)
        self.mean, self.scale, self.n_movies = mean, data.scale, data.n_movies
        return self

    def score(self, histories: Histories) -> Scores:
        """Predict ratings. A history without ratings or movies gets a user bias of zero."""
        self.require_fitted()
        histories = histories.without_gaps()
        expected = self.mean + self.movie_bias  # (movies,)
        user_bias = np.zeros(len(histories), dtype=np.float32)
        if histories.ratings is not None:
            deviation = histories.ratings - expected[histories.movies]
            user_bias = damped_means(histories.owner, deviation, len(histories), self.config.user_damping)
        return np.clip(expected + user_bias[:, None], *self.scale).astype(np.float32)

    def state(self) -> State:
        """Return the mean, the scale and the biases of movies."""
        return {
            "mean": np.array([self.mean]),
            "scale": np.array(self.scale),
            "movie_bias": self.movie_bias,
        }

    def restore(self, state: State) -> None:
        """Take over the mean, the scale and the biases."""
        self.mean = float(state["mean"][0])
        low, high = state["scale"].tolist()
        self.scale = (low, high)
        self.movie_bias = state["movie_bias"]


def damped_means(row: AnyRows, values: AnyFloats, n_rows: int, damping: float) -> Floats32:
    """Return the sum of each row's values over (damping + their count), 0 without values: (n_rows,) float32."""
    total = np.bincount(row, weights=values, minlength=n_rows)
    weight = np.bincount(row, minlength=n_rows) + damping
    return (total / np.where(weight > 0, weight, 1)).astype(np.float32)
