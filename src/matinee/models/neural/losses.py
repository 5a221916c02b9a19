"""Losses as pure functions of tensors.

`positive` (n,) is the score of the movie that a row's user rated, `negative` (n, k) the scores of sampled movies.
"""

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F

_CHUNK = 512  # rows of logits computed at a time, few enough to stay in the cache


class _FullSoftmax(Function):
    """Cross-entropy of `hidden @ weight.T` with only a chunk of the logits in memory.

    The gradient of a softmax is its probabilities minus the one-hot target. So loss and gradient are computed in one
    pass over chunks that stay in the cache, where separate passes would write and read (n, movies) five times.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
        n = len(hidden)
        by_hidden, by_weight = torch.empty_like(hidden), torch.zeros_like(weight)
        total = hidden.new_zeros(())
        buffer = hidden.new_empty(min(n, _CHUNK), len(weight))  # allocated once, not for every chunk
        for start in range(0, n, _CHUNK):
            part, target = hidden[start : start + _CHUNK], targets[start : start + _CHUNK, None]
            logits = torch.mm(part, weight.T, out=buffer[: len(part)])  # (chunk, movies)
            at_target = logits.gather(1, target)  # (chunk, 1)
            greatest = logits.amax(1, keepdim=True)
            probability = logits.sub_(greatest).exp_()
            normaliser = probability.sum(1, keepdim=True)
            total += (normaliser.log() + greatest - at_target).sum()
            probability.div_(normaliser).scatter_add_(1, target, -torch.ones_like(at_target))
            by_hidden[start : start + _CHUNK] = probability @ weight
            by_weight.addmm_(probability.T, part)
        ctx.save_for_backward(by_hidden, by_weight)
        ctx.n = n
        return total / n

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, Tensor, None]:
        by_hidden, by_weight = ctx.saved_tensors
        scale = slopes[0] / ctx.n
        return by_hidden * scale, by_weight * scale, None


def full_softmax(hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
    """Return the mean of -log softmax(hidden @ weight.T)[target]: (n, d), (movies, d), (n,) int64 -> scalar.

    It is computed in the precision of `weight`, even if autocast has reduced that of `hidden`.
    """
    with torch.autocast(hidden.device.type, enabled=False):
        return _FullSoftmax.apply(hidden.to(weight.dtype), weight, targets)  # pyright: ignore[reportReturnType]


def sampled_softmax(hidden: Tensor, weight: Tensor, targets: Tensor, negatives: Tensor) -> Tensor:
    """Return the softmax loss against negatives shared by all rows: (n, d), (movies, d), (n,), (m,) -> scalar.

    A negative that equals a row's own target is left out of that row.
    """
    positive = (hidden * weight[targets]).sum(-1, keepdim=True)  # (n, 1)
    others = hidden @ weight[negatives].T  # (n, m)
    others = others.masked_fill(targets[:, None] == negatives, -torch.inf)
    return -torch.log_softmax(torch.cat([positive, others], dim=-1), dim=-1)[:, 0].mean()


def binary_cross_entropy(positive: Tensor, negative: Tensor) -> Tensor:
    """Return the mean over n (1 + k) scores s of -log sigmoid(s) for positives and -log sigmoid(-s) for negatives."""
    return (F.softplus(-positive).sum() + F.softplus(negative).sum()) / (positive.numel() + negative.numel())


def triplet_loss(positive: Tensor, negative: Tensor, margin: float) -> Tensor:
    """Return the mean over n k pairs of max(0, margin - positive + negative)."""
    return F.relu(margin - positive[:, None] + negative).mean()


def softmax_of_negatives(positive: Tensor, negative: Tensor) -> Tensor:
    """Return the mean of -log softmax of each positive among itself and its row's own negatives.

    For negatives with unequal probabilities p, subtract log(k p) from `negative` first, and nothing from `positive`.
    The sum over negatives then estimates the sum over the catalogue (see `in_batch_softmax`).
    """
    logits = torch.cat([positive[:, None], negative], dim=1)  # (n, 1 + k)
    return -torch.log_softmax(logits, dim=1)[:, 0].mean()


def in_batch_softmax(users: Tensor, movies: Tensor, targets: Tensor, log_probability: Tensor | None) -> Tensor:
    """Return the softmax loss of each row's movie against those of other rows: (n, d), (n, d), (n,) -> scalar.

    `targets` are the rows of `movies`; rows with the same target are not negatives of each other. `log_probability`
    (movies,) is the log-probability of each movie to be a target, finite for those in the batch. With it, the score of
    a negative is lowered by the log of its expected count among the n - 1 others, so that their sum estimates the sum
    over the whole catalogue by importance sampling (Bengio & Senécal 2003; logQ correction: Yi et al., RecSys 2019).
    The positive is not sampled, so its score stays (Khrylchenko et al., "Correcting the LogQ Correction", RecSys 2025).
    """
    n = len(users)
    logits = users @ movies.T  # (n, n)
    own = torch.eye(n, dtype=torch.bool, device=users.device)  # (n, n)
    if log_probability is not None:
        expected = log_probability[targets] + math.log(max(n - 1, 1))  # (n,)
        logits = logits - expected.masked_fill(own, 0)  # (n, n)
    same = (targets[:, None] == targets) & ~own  # (n, n)
    return -torch.log_softmax(logits.masked_fill(same, -torch.inf), dim=1).diagonal().mean()
