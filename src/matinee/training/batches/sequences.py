"""Batches of sequences: the target of each position is the next movie."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from matinee.arrays import Entries
from matinee.data.histories import Histories

PADDING = 0  # row 0 of embedding tables; movie rows are shifted up by one

Windows = Literal["latest", "random"]


class SequenceBatches:
    """Windows of `length` + 1 movies of each history, shuffled in each epoch.

    `windows="latest"` takes the end of each history, as SASRec does. `"random"` cuts each long history into as few
    windows as possible, at other positions in each epoch, so that every rating but a user's first is a target once per
    epoch, each time with another part of the past before it.
    """

    def __init__(self, histories: Histories, length: int, batch_size: int, windows: Windows, seed: int):
        self.histories, self.length, self.batch_size, self.seed = histories, length, batch_size, seed
        self.random = windows == "random"
        self.users = np.flatnonzero(histories.lengths >= 2)  # those with a target
        targets = histories.lengths[self.users] - 1
        pieces = -(-targets // length) if self.random else np.ones_like(targets)
        self.owner = np.repeat(self.users, pieces)  # (windows,)
        self.piece = np.arange(len(self.owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)  # 0 is the latest
        # The latest window may be short, by as much as the others have room for.
        self.least = np.repeat(targets - (pieces - 1) * length, pieces)

    def __len__(self) -> int:
        return -(-len(self.owner) // self.batch_size)

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield inputs and targets: (batch, length) int64 each, padded on the right with `PADDING`."""
        rng = np.random.default_rng([self.seed, number])
        starts, stops = self._windows(rng)
        order = rng.permutation(len(self.owner))
        for start in range(0, len(order), self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield self._cut(starts[chosen], stops[chosen])

    def _windows(self, rng: np.random.Generator) -> tuple[Entries, Entries]:
        """Return the first entry of each window, and the one after its last: (windows,) each."""
        history_starts, history_ends = self.histories.offsets[self.owner], self.histories.offsets[self.owner + 1]
        if not self.random:
            return np.maximum(history_starts, history_ends - self.length - 1), history_ends
        most = np.minimum(history_ends - history_starts - 1, self.length)
        fraction = rng.random(len(self.histories))[self.owner]  # one number per user, so that windows fit together
        newest = self.least + (fraction * (most - self.least + 1)).astype(np.int64)  # targets in the latest window
        stops = history_ends - np.where(self.piece > 0, newest + (self.piece - 1) * self.length, 0)
        targets = np.where(self.piece > 0, self.length, newest)
        return np.maximum(history_starts, stops - targets - 1), stops

    def _cut(self, starts: Entries, stops: Entries) -> tuple[Tensor, Tensor]:
        steps = stops - starts - 1  # targets in each window
        position = np.arange(self.length)
        inside = position < steps[:, None]  # (batch, length)
        entry = np.minimum(starts[:, None] + position, len(self.histories.movies) - 2)
        inputs = np.where(inside, self.histories.movies[entry] + 1, PADDING)
        targets = np.where(inside, self.histories.movies[entry + 1] + 1, PADDING)
        return torch.from_numpy(inputs.astype(np.int64)), torch.from_numpy(targets.astype(np.int64))


def pad_latest(histories: Histories, length: int) -> tuple[Tensor, Tensor]:
    """Return the last `length` movies of each history, padded on the right: (n, length) int64; and counts: (n,)."""
    recent = histories.latest(length)
    rows = np.full((len(recent), length), PADDING, dtype=np.int64)
    position = np.arange(len(recent.movies)) - np.repeat(recent.offsets[:-1], recent.lengths)
    rows[recent.owner, position] = recent.movies + 1
    return torch.from_numpy(rows), torch.from_numpy(recent.lengths.copy())
