"""`bias`: the mean rating, how much more a movie gets than that, and how much more a person gives.

Koren, "Factor in the neighbors: scalable and accurate collaborative filtering", TKDD 2010, section 2.1. With mu
the mean of all ratings, a movie's bias is the sum of (rating - mu) over its n ratings divided by
(movie_damping + n), and a user's bias the sum of (rating - mu - movie bias) divided by (user_damping + n): means
that are pulled towards zero where there are few ratings. It knows nothing of taste, and any model of ratings that
does should predict better.
"""

from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import Field

from matinee.arrays import Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.models.recommender import Config, Recommender, State, with_validation


class BiasConfig(Config):
    """Settings of `bias`: how many ratings at the mean a movie or user is thought to have besides its own."""

    movie_damping: float = Field(default=5.0, ge=0)
    user_damping: float = Field(default=5.0, ge=0)


class Bias(Recommender):
    """Mean + user bias + movie bias. A user's bias comes from the history alone, so that anybody has one."""

    name = "bias"
    description = "mean rating, movie bias and user bias: the baseline of predicted stars"
    config_class = BiasConfig
    config: BiasConfig
    predicts_ratings = True

    mean: float
    scale: tuple[float, float]
    movie_bias: npt.NDArray[np.float32]  # (movies,)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Take the mean and the movies' biases. Raises `ProtocolError` without ratings."""
        known = with_validation(train, validation)
        stars, movie = known.ratings.rating, known.ratings.movie
        if stars is None:
            raise ProtocolError(
                f"{self.name} predicts ratings, and {known.name} has none: it only says who watched what"
            )
        mean = float(stars.mean(dtype=np.float64))
        self.movie_bias = damped_means(movie, stars - mean, known.n_movies, self.config.movie_damping)
        self.mean, self.scale, self.n_movies = mean, known.scale, known.n_movies
        return self

    def score(self, histories: Histories) -> Scores:
        """Predicted stars; a history without ratings, or without movies, is taken for an average person's."""
        self.require_fitted()
        histories = histories.without_gaps()
        expected = self.mean + self.movie_bias  # (movies,)
        user_bias = np.zeros(len(histories), dtype=np.float32)
        if histories.ratings is not None:
            more = histories.ratings - expected[histories.movies]
            user_bias = damped_means(histories.owner, more, len(histories), self.config.user_damping)
        return np.clip(expected + user_bias[:, None], *self.scale).astype(np.float32)

    def state(self) -> State:
        """The mean, the scale and the movies' biases."""
        return {
            "mean": np.array([self.mean]),
            "scale": np.array(self.scale),
            "movie_bias": self.movie_bias,
        }

    def restore(self, state: State) -> None:
        """Take them back."""
        self.mean = float(state["mean"][0])
        low, high = state["scale"].tolist()
        self.scale = (low, high)
        self.movie_bias = state["movie_bias"]


def damped_means(
    row: npt.NDArray[np.integer], values: npt.NDArray[np.floating], n_rows: int, damping: float
) -> npt.NDArray[np.float32]:
    """The sum of each row's values over (damping + their count), 0 for a row without any: (n_rows,) float32."""
    total = np.bincount(row, weights=values, minlength=n_rows)
    weight = np.bincount(row, minlength=n_rows) + damping
    return (total / np.where(weight > 0, weight, 1)).astype(np.float32)
