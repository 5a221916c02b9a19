"""Batches of single ratings, and of movie rows."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


class RatingBatches:
    """Ratings (n,) in batches of `batch_size`, the last one shorter, shuffled in each epoch."""

    def __init__(self, users: npt.ArrayLike, movies: npt.ArrayLike, ratings: npt.ArrayLike, batch_size: int, seed: int):
        self.users = torch.from_numpy(np.array(users, dtype=np.int64))
        self.movies = torch.from_numpy(np.array(movies, dtype=np.int64))
        self.ratings = torch.from_numpy(np.array(ratings, dtype=np.float32))
        self.batch_size, self.seed = batch_size, seed

    def __len__(self) -> int:
        return -(-len(self.ratings) // self.batch_size)

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Yield users and movies (batch,) int64, and ratings (batch,) float32."""
        rng = np.random.default_rng([self.seed, number])
        order = torch.from_numpy(rng.permutation(len(self.ratings)))
        # Shuffled once per epoch, so that batches are slices, which are cheap.
        users, movies, ratings = self.users[order], self.movies[order], self.ratings[order]
        for start in range(0, len(order), self.batch_size):
            stop = start + self.batch_size
            yield users[start:stop], movies[start:stop], ratings[start:stop]


class RowBatches:
    """Rows (n,) in batches of `batch_size`, the last one shorter, shuffled in each epoch."""

    def __init__(self, rows: npt.ArrayLike, batch_size: int, seed: int):
        self.rows = torch.from_numpy(np.array(rows, dtype=np.int64))
        self.batch_size, self.seed = batch_size, seed

    def __len__(self) -> int:
        return -(-len(self.rows) // self.batch_size)

    def epoch(self, number: int) -> Iterator[tuple[Tensor]]:
        """Yield rows (batch,) int64."""
        rng = np.random.default_rng([self.seed, number])
        order = torch.from_numpy(rng.permutation(len(self.rows)))
        for batch in self.rows[order].split(self.batch_size):
            yield (batch,)
