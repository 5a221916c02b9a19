"""Batches of movie rows, for models that learn from movies."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


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
