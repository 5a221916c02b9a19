"""Batches of positives: rated movies, the movies that the user had rated before, and negatives if a loss needs them.

Every batch is `user_codes` (batch, codes), `inputs` and `targets` (batch, length), `negatives` (batch, length, k), all
int64. Inputs and targets are movie rows plus one, and 0 is padding; negatives are movie rows. The model defines the
codes of users; they are looked up by the number of the history.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from matinee.arrays import Indices
from matinee.data.histories import Histories
from matinee.training.batches.sequences import PADDING, SequenceBatches
from matinee.training.negatives import NegativeSampler

Batch = tuple[Tensor, Tensor, Tensor, Tensor]

_NEGATIVES_AT_ONCE = 1 << 20  # drawn in one call


@dataclass(frozen=True, eq=False)
class Negatives:
    """A sampler of negatives, and their number per positive."""

    sampler: NegativeSampler
    k: int

    def draw(self, users: Indices, length: int, rng: np.random.Generator) -> Tensor:
        """Draw negatives for history numbers: (n,) -> (n, length, k)."""
        negatives = self.sampler.draw(users, length * self.k, rng).astype(np.int64)
        return torch.from_numpy(negatives).view(len(users), length, self.k)


class SingleBatches:
    """Single ratings, shuffled in each epoch, for models without histories. Length is 1, and the input is padding."""

    def __init__(
        self, histories: Histories, user_codes: Indices, batch_size: int, negatives: Negatives | None, seed: int
    ):
        self.owner, self.targets = histories.owner, histories.movies.astype(np.int64) + 1
        self.user_codes, self.negatives = user_codes, negatives
        self.batch_size, self.seed = batch_size, seed

    def __len__(self) -> int:
        return -(-len(self.targets) // self.batch_size)

    def epoch(self, number: int) -> Iterator[Batch]:
        """Yield the batches of an epoch."""
        rng = np.random.default_rng([self.seed, number])
        order = rng.permutation(len(self.targets))
        # Many batches are drawn at once, as slices are cheap.
        k = self.negatives.k if self.negatives is not None else 1
        at_once = self.batch_size * max(1, _NEGATIVES_AT_ONCE // (self.batch_size * k))
        for start in range(0, len(order), at_once):
            chosen = order[start : start + at_once]
            users = self.owner[chosen]
            yield from zip(
                torch.from_numpy(self.user_codes[users]).split(self.batch_size),
                torch.full((len(chosen), 1), PADDING).split(self.batch_size),
                torch.from_numpy(self.targets[chosen, None]).split(self.batch_size),
                _draw(self.negatives, users, 1, rng).split(self.batch_size),
                strict=True,
            )


class WindowBatches(SequenceBatches):
    """Windows of histories, in which every position but the first is a positive that follows the earlier ones.

    With `shuffled`, each epoch puts every history into another order, so that a positive follows a random part of the
    others: for models that ignore order.
    """

    def __init__(
        self,
        histories: Histories,
        user_codes: Indices,
        length: int,
        batch_size: int,
        negatives: Negatives | None,
        seed: int,
        shuffled: bool = False,
    ):
        super().__init__(histories, length, batch_size, "random", seed)
        self.in_order, self.shuffled = histories, shuffled
        self.user_codes, self.negatives = user_codes, negatives

    def epoch(self, number: int) -> Iterator[Batch]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Yield the batches of an epoch."""
        rng = np.random.default_rng([self.seed, number])
        if self.shuffled:
            self.histories = _shuffled(self.in_order, rng)
        starts, stops = self._windows(rng)
        order = rng.permutation(len(self.owner))
        for start in range(0, len(order), self.batch_size):
            chosen = order[start : start + self.batch_size]
            users = self.owner[chosen]
            negatives = _draw(self.negatives, users, self.length, rng)
            yield torch.from_numpy(self.user_codes[users]), *self._cut(starts[chosen], stops[chosen]), negatives


def _shuffled(histories: Histories, rng: np.random.Generator) -> Histories:
    """Shuffle the movies of each history."""
    order = np.lexsort((rng.random(len(histories.movies)), histories.owner))
    return Histories(histories.offsets, histories.movies[order])


def _draw(negatives: Negatives | None, users: Indices, length: int, rng: np.random.Generator) -> Tensor:
    if negatives is None:
        return torch.zeros((len(users), length, 0), dtype=torch.int64)
    return negatives.draw(users, length, rng)
