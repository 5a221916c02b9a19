"""`item_cf`: item-item collaborative filtering with cosine similarity.

Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW 2001. Movies are similar if the same
users rated both. A movie's score is the sum of its similarities to the movies of a history. The usual variants are
settings: with inverse user frequency (Breese et al. 1998) users with many ratings count less, and with a half-life
recent movies count more.
"""

from typing import Self

import numpy as np
from pydantic import Field
from scipy import sparse

from matinee.arrays import AnyFloats, Floats32, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories, offsets_of
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.linear.sparse import Matrix, cooccurrence_blocks, recency_weights
from matinee.models.recommender import Config, with_validation


class ItemCFConfig(Config):
    """Settings of `item_cf`."""

    neighbours: int = Field(default=50, ge=1, description="most similar movies kept for each movie")
    inverse_user_frequency: bool = Field(default=False, description="weigh each user by 1 / log(1 + ratings)")
    half_life: float | None = Field(
        default=None, gt=0, description="movies after which an entry of a history counts half; none: all count alike"
    )


class ItemCF(LinearRecommender):
    """Sum of cosine similarities to the movies of a history."""

    name = "item_cf"
    description = "movies rated by the same users as yours (cosine)"
    config_class = ItemCFConfig
    config: ItemCFConfig

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Count movies that were rated together, scale to cosines, and keep the nearest neighbours of each."""
        data = with_validation(train, validation)
        histories = data.histories
        weights = None
        if self.config.inverse_user_frequency:
            weights = (1 / np.log1p(np.maximum(histories.lengths, 1))).astype(np.float32)
        per_entry = None if weights is None else np.repeat(weights, histories.lengths)
        size = np.bincount(histories.movies, weights=per_entry, minlength=data.n_movies)  # = diagonal of X'WX
        scale = (1 / np.sqrt(np.maximum(size, 1e-12))).astype(np.float32)
        blocks = [
            _nearest(counts, start, scale, self.config.neighbours)
            for start, counts in cooccurrence_blocks(histories, data.n_movies, weights)
        ]
        self.weights = Matrix(sparse.vstack(blocks, format="csr"))
        self.n_movies = data.n_movies
        return self

    def entry_weights(self, histories: Histories) -> list[AnyFloats | None]:
        """Return ones, or less for older movies if `half_life` is set."""
        return [recency_weights(histories, self.config.half_life)]


def _nearest(counts: Scores, start: int, scale: Floats32, neighbours: int) -> Matrix:
    """Scale counts (block, movies) of the movies from `start` on to cosines, and keep the nearest of each row."""
    counts *= scale
    counts *= scale[start : start + len(counts), None]
    own = np.arange(len(counts))
    counts[own, start + own] = 0  # a movie is not its own neighbour
    keep = counts > 0
    if neighbours < counts.shape[1]:
        least = np.partition(counts, -neighbours, axis=1)[:, -neighbours]  # (block,)
        keep &= counts >= least[:, None]
    kept_entries = np.flatnonzero(keep)
    offsets = offsets_of(np.count_nonzero(keep, axis=1))
    return Matrix((counts.ravel()[kept_entries], kept_entries % counts.shape[1], offsets), shape=counts.shape)
