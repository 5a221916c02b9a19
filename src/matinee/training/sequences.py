"""Batches of sequences: each position's target is the movie that came next."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from matinee.data.histories import Histories

PADDING = 0  # movie rows are shifted up by one, so that row 0 of an embedding table is for padding

Windows = Literal["latest", "random"]


class SequenceBatches:
    """Windows of `length` + 1 movies out of each history, shuffled anew each epoch.

    `windows="latest"` takes the end of each history, as SASRec does. `"random"` cuts each long history into as
    many whole windows as it holds, at an offset drawn anew each epoch, so that in time every rating is a target.
    """

    def __init__(self, histories: Histories, length: int, batch_size: int, windows: Windows, seed: int):
        self.histories, self.length, self.batch_size, self.seed = histories, length, batch_size, seed
        self.random = windows == "random"
        self.users = np.flatnonzero(histories.lengths >= 2)
        lengths = histories.lengths[self.users]
        pieces = np.maximum(1, -(-(lengths - 1) // length)) if self.random else np.ones(len(lengths), dtype=np.int64)
        self.owner = np.repeat(self.users, pieces)
        first = np.concatenate([[0], np.cumsum(pieces)[:-1]])
        self.piece = np.arange(len(self.owner)) - np.repeat(first, pieces)  # 0 is the latest

    def __len__(self) -> int:
        return -(-len(self.owner) // self.batch_size)

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of inputs and targets: (batch, length) int64 each, padded on the right with `PADDING`."""
        rng = np.random.default_rng([self.seed, number])
        stops = self._stops(rng)
        order = rng.permutation(len(self.owner))
        for start in range(0, len(order), self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield self._cut(self.owner[chosen], stops[chosen])

    def _stops(self, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Where each window ends: the entry after its last target."""
        starts, ends = self.histories.offsets[self.owner], self.histories.offsets[self.owner + 1]
        # One shift per user, so that a user's windows do not overlap; the earliest target is entry 1.
        shift = rng.integers(0, self.length, len(self.histories))[self.owner] if self.random else 0
        long = ends - starts > self.length + 1
        return np.maximum(ends - self.piece * self.length - np.where(long, shift, 0), starts + 2)

    def _cut(self, owner: npt.NDArray[np.int64], stops: npt.NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        starts = np.maximum(self.histories.offsets[owner], stops - self.length - 1)
        steps = stops - starts - 1  # targets in each window
        place = np.arange(self.length)
        inside = place < steps[:, None]  # (batch, length)
        entry = np.minimum(starts[:, None] + place, len(self.histories.movies) - 2)
        inputs = np.where(inside, self.histories.movies[entry] + 1, PADDING)
        targets = np.where(inside, self.histories.movies[entry + 1] + 1, PADDING)
        return torch.from_numpy(inputs.astype(np.int64)), torch.from_numpy(targets.astype(np.int64))


def padded(histories: Histories, length: int) -> tuple[Tensor, Tensor]:
    """The last `length` movies of each history, padded on the right: (n, length) int64; and how many: (n,)."""
    recent = histories.latest(length)
    rows = np.full((len(recent), length), PADDING, dtype=np.int64)
    place = np.arange(len(recent.movies)) - np.repeat(recent.offsets[:-1], recent.lengths)
    rows[recent.owner, place] = recent.movies + 1
    return torch.from_numpy(rows), torch.from_numpy(recent.lengths.copy())
