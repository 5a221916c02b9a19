"""The best of many scores."""

import numpy as np
import numpy.typing as npt


def top_rows(scores: npt.NDArray[np.float32], k: int) -> npt.NDArray[np.int32]:
    """The columns of the k highest scores of each row, best first: (n, m) -> (n, k).

    Equal scores come in column order. Where fewer than k scores are above -inf, the rest is -1.
    """
    k = min(k, scores.shape[1])
    chosen = np.argpartition(scores, -k, axis=1)[:, -k:]
    chosen.sort(axis=1)  # equal scores then come in row order, whatever the partition did
    values = np.take_along_axis(scores, chosen, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    top = np.take_along_axis(chosen, order, axis=1).astype(np.int32)
    top[np.isneginf(np.take_along_axis(values, order, axis=1))] = -1
    return top
