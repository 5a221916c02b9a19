"""`item_cf`: item-item collaborative filtering with cosine similarity.

Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW 2001. Movies are alike
when the same people rated both; a movie's score is the sum of its likeness to the movies in a history. The
usual variants are settings: inverse user frequency (Breese et al. 1998), by which people who rated
everything say less about what belongs together, and decay, by which recent movies count more.
"""

from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import sparse

from matinee.arrays import AnyFloats, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories, offsets_of
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.linear.sparse import Matrix, cooccurrence_blocks, recency_weights
from matinee.models.recommender import Config, with_validation


class ItemCFConfig(Config):
    """Settings of `item_cf`."""

    neighbours: int = Field(default=50, ge=1)  # most similar movies kept for each movie
    inverse_user_frequency: bool = False  # weigh each user by 1 / log(1 + movies they rated)
    half_life: float | None = Field(default=None, gt=0)  # movies back at which a history entry counts half


class ItemCF(LinearRecommender):
    """Sum of cosine similarities to the movies of a history."""

    name = "item_cf"
    description = "movies rated by the same people as yours (cosine)"
    config_class = ItemCFConfig
    config: ItemCFConfig

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Count which movies occur together, scale to cosines, keep the nearest of each."""
        known = with_validation(train, validation)
        histories = known.histories
        weights = None
        if self.config.inverse_user_frequency:
            weights = (1 / np.log1p(np.maximum(histories.lengths, 1))).astype(np.float32)
        per_entry = None if weights is None else np.repeat(weights, histories.lengths)
        size = np.bincount(histories.movies, weights=per_entry, minlength=known.n_movies)  # = diagonal of X'WX
        scale = (1 / np.sqrt(np.maximum(size, 1e-12))).astype(np.float32)
        blocks = [
            _nearest(counts, start, scale, self.config.neighbours)
            for start, counts in cooccurrence_blocks(histories, known.n_movies, weights)
        ]
        self.weights = Matrix(sparse.vstack(blocks, format="csr"))
        self.n_movies = known.n_movies
        return self

    def entry_weights(self, histories: Histories) -> list[AnyFloats | None]:
        """Ones, or less for older ones where `half_life` is set."""
        return [recency_weights(histories, self.config.half_life)]


def _nearest(counts: Scores, start: int, scale: npt.NDArray[np.float32], neighbours: int) -> Matrix:
    """Counts (block, movies) for movies `start`... -> their cosines, only the nearest of each row kept."""
    counts *= scale
    counts *= scale[start : start + len(counts), None]
    own = np.arange(len(counts))
    counts[own, start + own] = 0  # a movie is not its own neighbour
    keep = counts > 0
    if neighbours < counts.shape[1]:
        least = np.partition(counts, -neighbours, axis=1)[:, -neighbours]  # (block,)
        keep &= counts >= least[:, None]
    place = np.flatnonzero(keep)
    offsets = offsets_of(np.count_nonzero(keep, axis=1))
    return Matrix((counts.ravel()[place], place % counts.shape[1], offsets), shape=counts.shape)
