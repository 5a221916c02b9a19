"""Where given columns stand among all scores of their row."""

import numpy as np
import numpy.typing as npt

_FEW = 8  # wanted columns of a row up to which counting for each is quicker than sorting the row


def ranks_against_ties(
    scores: npt.NDArray[np.float32], offsets: npt.NDArray[np.int64], columns: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Ranks, 1 the best, of some columns of each row; a column comes after all others with its score.

    Takes scores (n, m) and, for row i, the wanted columns `columns[offsets[i]:offsets[i + 1]]`. Returns their
    ranks, ascending within each row, and the entries of `columns` in that order. Wanted columns that share a
    score take consecutive ranks behind all unwanted ones with it.
    """
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    own = scores[owner, columns]
    order = np.lexsort((-own, owner))
    own = own[order]
    not_below = np.empty(len(own), dtype=np.int64)  # columns with at least this score, wanted ones included
    for row, values in enumerate(scores):
        first, last = int(offsets[row]), int(offsets[row + 1])
        if last - first <= _FEW:
            for place in range(first, last):
                not_below[place] = np.count_nonzero(values >= own[place])
        else:
            not_below[first:last] = scores.shape[1] - np.searchsorted(np.sort(values), own[first:last], side="left")
    # Of g wanted columns sharing a score, the first comes after all unwanted ones: not_below - g + 1.
    new_group = np.ones(len(own), dtype=bool)
    new_group[1:] = (own[1:] != own[:-1]) | (owner[1:] != owner[:-1])
    group = np.cumsum(new_group) - 1
    size = np.bincount(group)
    place = np.arange(len(own)) - np.flatnonzero(new_group)[group]
    return (not_below - size[group] + 1 + place).astype(np.int32), order
