"""Batches of sequences: each position's target is the movie that came next."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from matinee.arrays import Entries
from matinee.data.histories import Histories

PADDING = 0  # movie rows are shifted up by one, so that row 0 of an embedding table is for padding

Windows = Literal["latest", "random"]


class SequenceBatches:
    """Windows of `length` + 1 movies out of each history, shuffled anew each epoch.

    `windows="latest"` takes the end of each history, as SASRec does. `"random"` cuts each long history into as
    few windows as will hold it, at places drawn anew each epoch, so that every rating but a user's first is a
    target once in every epoch, and each time with another stretch of the past before it.
    """

    def __init__(self, histories: Histories, length: int, batch_size: int, windows: Windows, seed: int):
        self.histories, self.length, self.batch_size, self.seed = histories, length, batch_size, seed
        self.random = windows == "random"
        self.users = np.flatnonzero(histories.lengths >= 2)  # who has something to foretell
        targets = histories.lengths[self.users] - 1
        pieces = -(-targets // length) if self.random else np.ones_like(targets)
        self.owner = np.repeat(self.users, pieces)  # (windows,)
        self.piece = np.arange(len(self.owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)  # 0 is the latest
        # The latest window may be short by as much as the others can take over.
        self.least = np.repeat(targets - (pieces - 1) * length, pieces)

    def __len__(self) -> int:
        return -(-len(self.owner) // self.batch_size)

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of inputs and targets: (batch, length) int64 each, padded on the right with `PADDING`."""
        rng = np.random.default_rng([self.seed, number])
        starts, stops = self._windows(rng)
        order = rng.permutation(len(self.owner))
        for start in range(0, len(order), self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield self._cut(starts[chosen], stops[chosen])

    def _windows(self, rng: np.random.Generator) -> tuple[Entries, Entries]:
        """The first entry of each window, and the one after its last: (windows,) each."""
        begins, ends = self.histories.offsets[self.owner], self.histories.offsets[self.owner + 1]
        if not self.random:
            return np.maximum(begins, ends - self.length - 1), ends
        most = np.minimum(ends - begins - 1, self.length)
        drawn = rng.random(len(self.histories))[self.owner]  # one number per user, so that windows fit together
        newest = self.least + (drawn * (most - self.least + 1)).astype(np.int64)  # targets in the latest window
        stops = ends - np.where(self.piece > 0, newest + (self.piece - 1) * self.length, 0)
        targets = np.where(self.piece > 0, self.length, newest)
        return np.maximum(begins, stops - targets - 1), stops

    def _cut(self, starts: Entries, stops: Entries) -> tuple[Tensor, Tensor]:
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
