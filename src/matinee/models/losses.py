"""Losses: pure functions of tensors."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

_CHUNK = 2048  # rows of logits held at a time


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
        for start in range(0, n, _CHUNK):
            part, wanted = hidden[start : start + _CHUNK], targets[start : start + _CHUNK, None]
            logits = part @ weight.T  # (chunk, movies)
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
