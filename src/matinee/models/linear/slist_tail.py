"""The tail of `slist`: weights from and to movies outside the dense head, a small regression for each.

To a tail movie: ridge regression on the windows of its strongest head movies, as in the sparse solver. From a tail
movie: its own two windows only, a system of two unknowns, of which the strongest weights are kept. The movies before
and after tail movies are counted for a group of them at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from matinee.arrays import Floats32, Indices, Scores
from matinee.data.histories import Histories
from matinee.models.linear.ease_tail import solve_positive_definite, strongest_indices
from matinee.models.linear.head_tail import PopularityOrder
from matinee.models.linear.slist_statistics import DecayWindow, count_terms, geometric_sums
from matinee.models.linear.sparse import Matrix, prefetch
from matinee.progress import track

_GROUP_RATINGS = 50_000  # ratings of a group of tail movies


Windows = tuple[DecayWindow, DecayWindow]


def tail_weights(
    histories: Histories, order: PopularityOrder, gram: Scores, windows: Windows, ridge: float, neighbours: int
) -> Matrix:
    """Return all weights from or to a tail movie, (2 movies, movies) CSR.

    `histories` hold positions. `gram` (2h, 2h) is the lower triangle of X'X of the head, without the penalty.
    """
    n, h = len(order.movies), order.head
    spread = np.sqrt(np.maximum(np.diag(gram), 1e-12))
    rows, columns, weights = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]

    def count_group(group: _Group) -> _Counted:
        before, after = (_neighbouring_weights(group, histories, windows, n, step) for step in (-1, 1))
        return group, before, after, _window_grams(group, windows)

    for group, before, after, grams in prefetch(count_group, track(_groups(histories, order), "the tail's neighbours")):
        for index in range(len(group.ratings)):
            movie = group.first + index
            features, strengths = _weights_to(before, index, gram, spread, ridge, neighbours)
            rows.append((features // h * n + features % h).astype(np.int32))
            columns.append(np.full(len(features), movie, dtype=np.int32))
            weights.append(strengths)
            for part, (targets, strengths) in enumerate(_weights_from(after, index, grams[index], ridge, neighbours)):
                rows.append(np.full(len(targets), part * n + movie, dtype=np.int32))
                columns.append(targets.astype(np.int32))
                weights.append(strengths)
    coordinates = (np.concatenate(rows), np.concatenate(columns))
    return order.to_movie_rows(sparse.coo_matrix((np.concatenate(weights), coordinates), shape=(2 * n, n)), parts=2)


@dataclass(frozen=True, eq=False)
class _Group:
    """Consecutive tail movies, and all entries of histories with one of them."""

    first: int  # position of the first movie
    ratings: Indices  # (movies,) entries of each
    entries: Indices  # (entries,) movie by movie
    older: Indices  # (entries,) number of older entries in the same history
    newer: Indices  # (entries,) number of newer ones

    @property
    def movie(self) -> Indices:
        """The movie of each entry, numbered within the group: (entries,)."""
        return np.repeat(np.arange(len(self.ratings)), self.ratings)


_Counted = tuple[_Group, tuple[Matrix, Matrix], tuple[Matrix, Matrix], Scores]


def _groups(histories: Histories, order: PopularityOrder) -> list[_Group]:
    entries = np.flatnonzero(histories.movies >= order.head)
    entries = entries[np.argsort(histories.movies[entries], kind="stable")]
    counts = np.bincount(histories.movies[entries] - order.head, minlength=order.rated - order.head)
    ends = np.cumsum(counts)
    cuts = np.unique(np.searchsorted(ends, np.arange(0, len(entries), _GROUP_RATINGS), side="right"))
    bounds = [*cuts.tolist(), len(counts)] if len(entries) else []
    owner = np.searchsorted(histories.offsets, entries, side="right") - 1
    older, newer = entries - histories.offsets[owner], histories.offsets[owner + 1] - 1 - entries
    groups: list[_Group] = []
    for start, stop in pairwise(bounds):
        span = slice(ends[start] - counts[start], ends[stop - 1])
        groups.append(_Group(order.head + start, counts[start:stop], entries[span], older[span], newer[span]))
    return groups


def _neighbouring_weights(
    group: _Group, histories: Histories, windows: Windows, n: int, step: int
) -> tuple[Matrix, Matrix]:
    """Sum the weights of the movies before (step -1) or after (1) each movie of the group: (movies, n) per window."""
    available = group.older if step < 0 else group.newer
    matrices: list[Matrix] = []
    for window in windows:
        lags = np.arange(1, window.window + 1)
        entry_index, lag = np.nonzero(lags <= available[:, None])
        others = histories.movies[group.entries[entry_index] + step * lags[lag]]
        weight = (window.scale * window.rate**lag).astype(np.float32)
        shape = (len(group.ratings), n)

        matrices.append(Matrix(sparse.coo_matrix((weight, (group.movie[entry_index], others)), shape=shape).tocsr()))
    return matrices[0], matrices[1]


def _window_grams(group: _Group, windows: Windows) -> Scores:
    """Return X'X of each movie's own two windows: (movies, 2, 2)."""
    grams = np.empty((len(group.ratings), 2, 2), dtype=np.float32)
    for row, column in ((0, 0), (0, 1), (1, 1)):
        sums = geometric_sums(windows[row], windows[column], 0)[
            np.minimum(group.newer, count_terms(windows[row], windows[column], 0))
        ]
        grams[:, row, column] = grams[:, column, row] = np.bincount(group.movie, sums, minlength=len(grams))
    return grams


def _weights_to(
    before: tuple[Matrix, Matrix], index: int, gram: Scores, spread: Floats32, ridge: float, neighbours: int
) -> tuple[Indices, Floats32]:
    """Return the strongest features, of 2h, for a movie of the group, and the weights from them."""
    h = len(gram) // 2
    pairs = [_row(matrix, index) for matrix in before]
    features = np.concatenate([base + indices[indices < h] for base, (indices, _) in zip((0, h), pairs, strict=True)])
    cross = np.concatenate([values[indices < h] for indices, values in pairs])
    strongest = strongest_indices(cross / spread[features], neighbours)
    features, cross = features[strongest], cross[strongest]
    local = gram[np.maximum(features[:, None], features), np.minimum(features[:, None], features)]
    local[np.diag_indices(len(features))] += ridge
    return features, solve_positive_definite(local, cross)


def _weights_from(
    after: tuple[Matrix, Matrix], index: int, grams: Scores, ridge: float, neighbours: int
) -> Iterator[tuple[Indices, Floats32]]:
    """Yield the strongest targets of the short and the long window of a movie of the group, and the weights to them."""
    pairs = [_row(matrix, index) for matrix in after]
    targets = np.union1d(pairs[0][0], pairs[1][0])
    cross = np.zeros((2, len(targets)), dtype=np.float32)
    for window, (indices, values) in enumerate(pairs):
        cross[window, np.searchsorted(targets, indices)] = values
    for weights in np.linalg.solve(grams + ridge * np.eye(2), cross):
        strongest = strongest_indices(np.abs(weights), neighbours)
        yield targets[strongest], weights[strongest].astype(np.float32)


def _row(matrix: Matrix, index: int) -> tuple[Indices, Floats32]:
    """Return columns and values of one row."""
    span = slice(matrix.indptr[index], matrix.indptr[index + 1])
    return matrix.indices[span].astype(np.int64), matrix.data[span]
