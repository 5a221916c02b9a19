"""The highest of many scores."""

import numpy as np

from matinee.arrays import Floats32, Indices, MovieRows, Scores


def top_rows(scores: Scores, k: int) -> MovieRows:
    """The columns of the k highest scores of each row, best first: (n, m) -> (n, k).

    Equal scores are in column order. If fewer than k scores are above -inf, the rest is -1.
    """
    n, m = scores.shape
    k = min(k, m)
    if not k:
        return np.zeros((n, 0), dtype=np.int32)
    last = np.partition(scores, m - k, axis=1)[:, m - k, None]  # the k-th highest score
    tied = scores == last
    room = k - np.count_nonzero(scores > last, axis=1, keepdims=True)
    chosen = np.nonzero((scores > last) | (tied & (np.cumsum(tied, axis=1) <= room)))[1].reshape(n, k)
    values = np.take_along_axis(scores, chosen, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    top = np.take_along_axis(chosen, order, axis=1).astype(np.int32)
    top[np.isneginf(np.take_along_axis(values, order, axis=1))] = -1
    return top


def descending(scores: Floats32) -> Indices:
    """Positions from the highest score to the lowest, ties in their order: (n,) -> (n,). Scores must not be NaN.

    A stable sort of floats compares pairs; integers made of score and position sort six times as fast.
    """
    bits = (np.float32(0) - scores.astype(np.float32, copy=False)).view(np.uint32)  # 0 - x has no negative zero
    sign = np.uint32(1 << 31)
    ascending = np.where(bits & sign, ~bits, bits | sign).astype(np.uint64)
    keys = (ascending << np.uint64(32)) | np.arange(len(scores), dtype=np.uint64)
    keys.sort()
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
