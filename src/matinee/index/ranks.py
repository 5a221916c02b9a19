"""Ranks of given columns among all scores of their row."""

import numpy as np

from matinee.arrays import Indices, MovieRows, Ranks, Scores

_FEW = 8  # target columns of a row up to which counting for each is faster than sorting the row


def ranks_against_ties(scores: Scores, offsets: Indices, columns: MovieRows) -> tuple[Ranks, Indices]:
    """Ranks, 1 the best, of target columns of each row; a target ranks after all other columns with its score.

    Takes scores (n, m) and, for row i, the targets `columns[offsets[i]:offsets[i + 1]]`. Returns their ranks, ascending
    within each row, and the entries of `columns` in that order. Targets that share a score have consecutive ranks after
    all other columns with it.
    """
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    target_scores = scores[owner, columns]
    order = np.lexsort((-target_scores, owner))
    target_scores = target_scores[order]
    not_below = np.empty(len(target_scores), dtype=np.int64)  # columns with at least this score, targets included
    for row, values in enumerate(scores):
        first, last = int(offsets[row]), int(offsets[row + 1])
        if last - first <= _FEW:
            for target in range(first, last):
                not_below[target] = np.count_nonzero(values >= target_scores[target])
        else:
            below = np.searchsorted(np.sort(values), target_scores[first:last], side="left")
            not_below[first:last] = scores.shape[1] - below
    # Of g targets with one score, the first ranks after all other columns with it: not_below - g + 1.
    new_group = np.ones(len(target_scores), dtype=bool)
    new_group[1:] = (target_scores[1:] != target_scores[:-1]) | (owner[1:] != owner[:-1])
    group = np.cumsum(new_group) - 1
    size = np.bincount(group)
    within_group = np.arange(len(target_scores)) - np.flatnonzero(new_group)[group]
    return (not_below - size[group] + 1 + within_group).astype(np.int32), order
