"""`tfidf`: movies with similar content to those of a history, without any ratings.

A content profile (Pazzani and Billsus, "Content-based recommendation systems", 2007): a history is the sum of the
TF-IDF vectors of its movies, and a movie's score is its product with that sum. There is nothing to train, so a movie
that was released yesterday is scored like any other. `hybrid` learns from ratings which content matters, and ranks
movies that users rated next higher; docs/models.md compares both.
"""

from typing import Self

import numpy as np
from pydantic import Field

from matinee.arrays import AnyFloats, Indices, MovieRows, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.features.facts import fact_vectors
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.linear.sparse import Matrix, recency_weights
from matinee.models.recommender import Config


class TfIdfConfig(Config):
    """Settings of `tfidf`."""

    half_life: float | None = Field(
        default=None, gt=0, description="movies after which an entry of a history counts half; none: all count alike"
    )


class TfIdf(LinearRecommender):
    """Scores are histories x facts x facts'. The product of facts, movies x movies, is never stored."""

    name = "tfidf"
    description = "genres, people, decades and words in common with your movies; no ratings"
    config_class = TfIdfConfig
    config: TfIdfConfig
    scores_new_movies = True
    weights: Matrix  # (movies, facts)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Compute the facts of the catalogue. Ratings are not used."""
        self.weights = Matrix(fact_vectors(train.movies))
        self.n_movies = train.n_movies
        return self

    def entry_weights(self, histories: Histories) -> list[AnyFloats | None]:
        """Return ones, or less for older movies if `half_life` is set."""
        return [recency_weights(histories, self.config.half_life)]

    def score(self, histories: Histories) -> Scores:
        """Multiply the summed facts of each history by those of every movie."""
        self.require_fitted()
        return np.asarray(((self.query(histories) @ self.weights) @ self.weights.T).toarray(), dtype=np.float32)

    def _rows(self, rows: Indices, movies: MovieRows | None) -> Scores:
        columns = self.weights if movies is None else self.weights[movies]
        return np.asarray((self.weights[rows] @ columns.T).toarray(), dtype=np.float32)
