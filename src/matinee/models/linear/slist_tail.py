"""The tail of `slist`: weights from and to movies outside the dense head, a small regression for each.

To a tail movie: ridge regression on the pasts of its strongest head movies, as the sparse solver does. From a tail
movie: its own two pasts alone, a system of two unknowns, of which the strongest weights are kept. What came before and
after tail movies is counted for some of them at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from matinee.arrays import Floats32, Indices, Scores
from matinee.data.histories import Histories
from matinee.models.linear.ease_tail import solved, strongest_places
from matinee.models.linear.head_tail import PopularityOrder
from matinee.models.linear.prefetch import prefetch
from matinee.models.linear.slist_statistics import DecayWindow, series, terms
from matinee.models.linear.sparse import Matrix
from matinee.progress import track

_GROUP_RATINGS = 50_000  # ratings of the tail movies that are counted at a time


Pasts = tuple[DecayWindow, DecayWindow]


def tail_weights(
    histories: Histories, ranked: PopularityOrder, gram: Scores, pasts: Pasts, ridge: float, neighbours: int
) -> Matrix:
    """All weights from or to a tail movie, (2 movies, movies) by rows.

    `histories` hold places; `gram` (2h, 2h) is the lower triangle of X'X of the head, without the ridge.
    """
    n, h = len(ranked.order), ranked.head
    spread = np.sqrt(np.maximum(np.diag(gram), 1e-12))
    rows, columns, weights = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]

    def counted(group: _Group) -> _Counted:
        before, after = (_around(group, histories, pasts, n, step) for step in (-1, 1))
        return group, before, after, _own_gram(group, pasts)

    for group, before, after, own in prefetch(counted, track(_groups(histories, ranked), "the tail's neighbours")):
        for place in range(len(group.ratings)):
            movie = group.first + place
            features, strengths = _to(before, place, gram, spread, ridge, neighbours)
            rows.append((features // h * n + features % h).astype(np.int32))
            columns.append(np.full(len(features), movie, dtype=np.int32))
            weights.append(strengths)
            for part, (targets, strengths) in enumerate(_from(after, place, own[place], ridge, neighbours)):
                rows.append(np.full(len(targets), part * n + movie, dtype=np.int32))
                columns.append(targets.astype(np.int32))
                weights.append(strengths)
    where = (np.concatenate(rows), np.concatenate(columns))
    return ranked.whole(sparse.coo_matrix((np.concatenate(weights), where), shape=(2 * n, n)), parts=2)


@dataclass(frozen=True, eq=False)
class _Group:
    """Some tail movies, in the order of their places, and all entries of histories that have one of them."""

    first: int  # place of the first movie
    ratings: Indices  # (movies,) entries of each
    entries: Indices  # (entries,) movie by movie
    older: Indices  # (entries,) how many entries of its history each has before it
    newer: Indices  # and after it

    @property
    def movie(self) -> Indices:
        """Which movie of the group each entry has: (entries,)."""
        return np.repeat(np.arange(len(self.ratings)), self.ratings)


_Counted = tuple[_Group, tuple[Matrix, Matrix], tuple[Matrix, Matrix], Scores]


def _groups(histories: Histories, ranked: PopularityOrder) -> list[_Group]:
    entries = np.flatnonzero(histories.movies >= ranked.head)
    entries = entries[np.argsort(histories.movies[entries], kind="stable")]
    counts = np.bincount(histories.movies[entries] - ranked.head, minlength=ranked.rated - ranked.head)
    ends = np.cumsum(counts)
    cuts = np.unique(np.searchsorted(ends, np.arange(0, len(entries), _GROUP_RATINGS), side="right"))
    bounds = [*cuts.tolist(), len(counts)] if len(entries) else []
    owner = np.searchsorted(histories.offsets, entries, side="right") - 1
    older, newer = entries - histories.offsets[owner], histories.offsets[owner + 1] - 1 - entries
    groups: list[_Group] = []
    for start, stop in pairwise(bounds):
        own = slice(ends[start] - counts[start], ends[stop - 1])
        groups.append(_Group(ranked.head + start, counts[start:stop], entries[own], older[own], newer[own]))
    return groups


def _around(group: _Group, histories: Histories, pasts: Pasts, n: int, step: int) -> tuple[Matrix, Matrix]:
    """For each movie of the group, what the movies before it (step -1) or after it (1) weigh: (movies, n), by past."""
    room = group.older if step < 0 else group.newer
    counted: list[Matrix] = []
    for past in pasts:
        lags = np.arange(1, past.window + 1)
        which, lag = np.nonzero(lags <= room[:, None])
        others = histories.movies[group.entries[which] + step * lags[lag]]
        weight = (past.scale * past.rate**lag).astype(np.float32)
        shape = (len(group.ratings), n)
        counted.append(Matrix(sparse.coo_matrix((weight, (group.movie[which], others)), shape=shape).tocsr()))
    return counted[0], counted[1]


def _own_gram(group: _Group, pasts: Pasts) -> Scores:
    """X'X of each movie's own two pasts: (movies, 2, 2)."""
    own = np.empty((len(group.ratings), 2, 2), dtype=np.float32)
    for row, column in ((0, 0), (0, 1), (1, 1)):
        sums = series(pasts[row], pasts[column], 0)[np.minimum(group.newer, terms(pasts[row], pasts[column], 0))]
        own[:, row, column] = own[:, column, row] = np.bincount(group.movie, sums, minlength=len(own))
    return own


def _to(
    before: tuple[Matrix, Matrix], place: int, gram: Scores, spread: Floats32, ridge: float, neighbours: int
) -> tuple[Indices, Floats32]:
    """The places, of 2h, that matter most to one movie of the group, and the weights from them."""
    h = len(gram) // 2
    pairs = [_row(past, place) for past in before]
    features = np.concatenate([base + at[at < h] for base, (at, _) in zip((0, h), pairs, strict=True)])
    cross = np.concatenate([values[at < h] for at, values in pairs])
    strongest = strongest_places(cross / spread[features], neighbours)
    features, cross = features[strongest], cross[strongest]
    local = gram[np.maximum(features[:, None], features), np.minimum(features[:, None], features)]
    local[np.diag_indices(len(features))] += ridge
    return features, solved(local, cross)


def _from(
    after: tuple[Matrix, Matrix], place: int, own: Scores, ridge: float, neighbours: int
) -> Iterator[tuple[Indices, Floats32]]:
    """The places that the short and the long past of one movie of the group say most of, and the weights to them."""
    pairs = [_row(past, place) for past in after]
    targets = np.union1d(pairs[0][0], pairs[1][0])
    cross = np.zeros((2, len(targets)), dtype=np.float32)
    for past, (at, values) in enumerate(pairs):
        cross[past, np.searchsorted(targets, at)] = values
    for weights in np.linalg.solve(own + ridge * np.eye(2), cross):
        strongest = strongest_places(np.abs(weights), neighbours)
        yield targets[strongest], weights[strongest].astype(np.float32)


def _row(matrix: Matrix, place: int) -> tuple[Indices, Floats32]:
    """Columns and values of one row."""
    span = slice(matrix.indptr[place], matrix.indptr[place + 1])
    return matrix.indices[span].astype(np.int64), matrix.data[span]
