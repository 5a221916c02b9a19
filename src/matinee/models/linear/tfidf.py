"""`tfidf`: movies with the most in common with those of a history, by what is known of them and by nobody's ratings.

A content profile (Pazzani and Billsus, "Content-based recommendation systems", 2007): a history is the sum of the facts
of its movies, weighed as in TF-IDF, and a movie's score is its product with that sum. There is nothing to train: a film
that came out yesterday is placed like any other. `hybrid`, which learns from ratings what content is worth, finds
more of the movies that people went on to rate: docs/models.md has both.
"""

from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import Field

from matinee.arrays import AnyFloats, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.features.facts import fact_vectors
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.linear.sparse import Matrix, recency_weights
from matinee.models.recommender import Config


class TfIdfConfig(Config):
    """Settings of `tfidf`."""

    half_life: float | None = Field(default=None, gt=0)  # movies back at which a history entry counts half


class TfIdf(LinearRecommender):
    """Scores are histories times facts, times facts again: movies x movies, which is never written down."""

    name = "tfidf"
    description = "genres, people, decades and words in common with yours; nobody's ratings"
    config_class = TfIdfConfig
    config: TfIdfConfig
    scores_new_movies = True
    weights: Matrix  # (movies, facts)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Write down the facts of the catalogue; no ratings are looked at."""
        self.weights = Matrix(fact_vectors(train.movies))
        self.n_movies = train.n_movies
        return self

    def entry_weights(self, histories: Histories) -> list[AnyFloats | None]:
        """Ones, or less for older ones where `half_life` is set."""
        return [recency_weights(histories, self.config.half_life)]

    def score(self, histories: Histories) -> Scores:
        """What each movie has in common with all movies of a history together."""
        self.require_fitted()
        return np.asarray(((self.query(histories) @ self.weights) @ self.weights.T).toarray(), dtype=np.float32)

    def _rows(self, rows: npt.NDArray[np.int64], movies: npt.NDArray[np.int32] | None) -> Scores:
        others = self.weights if movies is None else self.weights[movies]
        return np.asarray((self.weights[rows] @ others.T).toarray(), dtype=np.float32)
