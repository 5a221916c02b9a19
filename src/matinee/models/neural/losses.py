"""Losses: pure functions of tensors.

`positive` (n,) is the score of what a row's user chose, `negative` (n, k) the scores of movies they did not.
"""

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F

_CHUNK = 512  # rows of logits held at a time: few enough to stay in the cache


class _FullSoftmax(Function):
    """Cross-entropy of `hidden @ weight.T`, never holding more than a chunk of the logits.

    The gradient of a softmax is at hand while its logits are: chance minus one-hot. So both are done in one
    pass over chunks that stay in the cache, where the usual way writes and reads (n, movies) five times.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
        n = len(hidden)
        by_hidden, by_weight = torch.empty_like(hidden), torch.zeros_like(weight)
        total = hidden.new_zeros(())
        buffer = hidden.new_empty(min(n, _CHUNK), len(weight))  # asked of the system once, not for every chunk
        for start in range(0, n, _CHUNK):
            part, wanted = hidden[start : start + _CHUNK], targets[start : start + _CHUNK, None]
            logits = torch.mm(part, weight.T, out=buffer[: len(part)])  # (chunk, movies)
            at_target = logits.gather(1, wanted)  # (chunk, 1)
            greatest = logits.amax(1, keepdim=True)
            chance = logits.sub_(greatest).exp_()
            normaliser = chance.sum(1, keepdim=True)
            total += (normaliser.log() + greatest - at_target).sum()
            chance.div_(normaliser).scatter_add_(1, wanted, -torch.ones_like(at_target))
            by_hidden[start : start + _CHUNK] = chance @ weight
            by_weight.addmm_(chance.T, part)
        ctx.save_for_backward(by_hidden, by_weight)
        ctx.n = n
        return total / n

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, Tensor, None]:
        by_hidden, by_weight = ctx.saved_tensors
        scale = slopes[0] / ctx.n
        return by_hidden * scale, by_weight * scale, None


def full_softmax(hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
    """Mean of -log softmax(hidden @ weight.T)[target]: (n, d), (movies, d), (n,) int64 -> scalar.

    Computed in the precision of `weight`, also where autocast has made `hidden` coarser.
    """
    with torch.autocast(hidden.device.type, enabled=False):
        return _FullSoftmax.apply(hidden.to(weight.dtype), weight, targets)  # pyright: ignore[reportReturnType]


def sampled_softmax(hidden: Tensor, weight: Tensor, targets: Tensor, negatives: Tensor) -> Tensor:
    """Softmax of each target against negatives shared by all rows: (n, d), (movies, d), (n,), (m,) -> scalar.

    A negative that happens to be a row's own target is left out of that row.
    """
    positive = (hidden * weight[targets]).sum(-1, keepdim=True)  # (n, 1)
    others = hidden @ weight[negatives].T  # (n, m)
    others = others.masked_fill(targets[:, None] == negatives, -torch.inf)
    return -torch.log_softmax(torch.cat([positive, others], dim=-1), dim=-1)[:, 0].mean()


def binary_cross_entropy(positive: Tensor, negative: Tensor) -> Tensor:
    """Mean over all n (1 + k) pairs of -log sigmoid(s) for a positive, -log sigmoid(-s) for a negative score s."""
    return (F.softplus(-positive).sum() + F.softplus(negative).sum()) / (positive.numel() + negative.numel())


def triplet(positive: Tensor, negative: Tensor, margin: float) -> Tensor:
    """Mean over all n k pairs of what a positive score lacks of being `margin` above the negative one."""
    return F.relu(margin - positive[:, None] + negative).mean()


def softmax_of_negatives(positive: Tensor, negative: Tensor) -> Tensor:
    """Mean of -log softmax of each positive among itself and its row's own negatives.

    Where negatives are drawn by unequal chances, subtract log(k chance) from `negative` first, and from `positive`
    nothing: the sum over negatives then estimates the sum over the catalogue (see `in_batch_softmax`).
    """
    logits = torch.cat([positive[:, None], negative], dim=1)  # (n, 1 + k)
    return -torch.log_softmax(logits, dim=1)[:, 0].mean()


def in_batch_softmax(users: Tensor, movies: Tensor, targets: Tensor, log_chance: Tensor | None) -> Tensor:
    """Softmax of each row's movie against the movies of the other rows: (n, d), (n, d), (n,) -> scalar.

    `targets` are the movie rows that `movies` are the vectors of; rows with the same target are no negatives to
    each other. `log_chance` (movies,) is the log of each movie's chance to be a row's target, finite for those
    here. With it a negative's score is lowered by the log of how often it is expected among the n - 1 others, so
    that their sum estimates the sum over the whole catalogue by importance sampling (Bengio & Senécal 2003; logQ
    correction: Yi et al., RecSys 2019). The positive was not sampled but is always there, so its score is left
    as it is (Khrylchenko et al., "Correcting the LogQ Correction", RecSys 2025).
    """
    n = len(users)
    logits = users @ movies.T  # (n, n)
    own = torch.eye(n, dtype=torch.bool, device=users.device)  # (n, n)
    if log_chance is not None:
        expected = log_chance[targets] + math.log(max(n - 1, 1))  # (n,)
        logits = logits - expected.masked_fill(own, 0)  # (n, n)
    same = (targets[:, None] == targets) & ~own  # (n, n)
    return -torch.log_softmax(logits.masked_fill(same, -torch.inf), dim=1).diagonal().mean()
