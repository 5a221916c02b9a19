"""The tail of `ease`: weights from and to movies outside the dense head, a small regression for each.

Block elimination, with P = (G_hh + ridge I)^-1 of the head: for a tail movie i the column of B from the head is
P g_i, the row to the head the same numbers over P's diagonal and over S_ii = G_ii + ridge - g_i' P g_i, and between
tail movies B_ij = S_ij / S_ii, to first order. What differs from the exact solution is that P g_i is found from i's
strongest neighbours in the head alone. So a tail movie's weights are on the scale of the head's, and what famous
movies explain is taken off before an obscure one speaks.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from matinee.arrays import Floats32, Scores
from matinee.data.histories import Histories
from matinee.models.linear.head_tail import PopularityOrder
from matinee.models.linear.prefetch import prefetch
from matinee.models.linear.sparse import Matrix, user_movie_matrix
from matinee.progress import track

_BLOCK_BYTES = 64 << 20  # of co-occurrences of tail movies held at a time


def tail_columns(histories: Histories, ranked: PopularityOrder, gram: Scores, ridge: float, neighbours: int) -> Matrix:
    """For each tail movie, ridge regression on its strongest movies of the head: (tail, head) CSR.

    `histories` hold places; `gram` (h, h) is X'X of the head, without the ridge.
    """
    spread = np.sqrt(np.maximum(np.diag(gram), 1e-12))
    chosen: list[npt.NDArray[np.int64]] = []
    weights: list[Floats32] = []
    for _, together in _together(histories, ranked, "the tail's neighbours"):
        for counts in together[:, : ranked.head]:
            strongest = strongest_places(counts / spread, neighbours)
            local = gram[np.ix_(strongest, strongest)]
            local[np.diag_indices(len(strongest))] += ridge
            chosen.append(strongest)
            weights.append(solved(local, counts[strongest]))
    return _rows_of(chosen, weights, ranked.head)


def tail_weights(
    histories: Histories, ranked: PopularityOrder, columns: Matrix, diagonal: Floats32, ridge: float, neighbours: int
) -> Matrix:
    """All weights from or to a tail movie, (movies, movies) by rows, from `columns` (tail, head).

    `diagonal` (h,) is that of P.
    """
    head, n = ranked.head, len(ranked.order)
    counts = np.bincount(histories.movies, minlength=n).astype(np.float32)
    left = np.empty(ranked.rated - head, dtype=np.float32)  # S_ii
    chosen: list[npt.NDArray[np.int64]] = []
    weights: list[Floats32] = []
    for start, together in _together(histories, ranked, "what the tail says"):
        own = columns[start : start + len(together)]
        explained = np.asarray(own.multiply(together[:, :head]).sum(axis=1)).ravel()
        here = slice(start, start + len(together))
        left[here] = counts[head + start : head + start + len(together)] + ridge - explained
        for place, row in enumerate(together):
            mine = start + place
            others = row[head : ranked.rated] / np.sqrt(counts[head : ranked.rated])
            others[mine] = 0
            near = strongest_places(others, neighbours)
            chosen.append(near)
            weights.append((row[head + near] - columns[near] @ row[:head]) / left[mine])
    among = _rows_of(chosen, weights, ranked.rated - head).tocoo()
    rows = columns.tocoo()
    to_head = rows.data / (diagonal[rows.col] * left[rows.row])
    where = (
        np.concatenate([rows.row + head, rows.col, among.row + head]),
        np.concatenate([rows.col, rows.row + head, among.col + head]),
    )
    values = np.concatenate([to_head, rows.data, among.data]).astype(np.float32)
    return ranked.whole(sparse.coo_matrix((values, where), shape=(n, n)), parts=1)


def strongest_places(strength: Floats32, most: int) -> npt.NDArray[np.int64]:
    """The places of the greatest positive strengths, at most so many: ascending."""
    positive = np.flatnonzero(strength > 0)
    if len(positive) > most:
        positive = np.sort(positive[np.argpartition(-strength[positive], most - 1)[:most]])
    return positive


def solved(local: Scores, right: Floats32) -> Floats32:
    """local^-1 right for a symmetric positive definite `local`, which is overwritten."""
    if not len(right):
        return right
    _, solution, info = linalg.lapack.sposv(local.T, right, overwrite_a=True)
    if info:
        raise linalg.LinAlgError(f"sposv failed at row {info}")
    return solution


def _together(histories: Histories, ranked: PopularityOrder, telling: str) -> Iterator[tuple[int, Scores]]:
    """How often tail movies occur with each movie, in blocks: (first of the tail, (block, places))."""
    X = user_movie_matrix(histories, len(ranked.order))
    left = Matrix(X[:, ranked.head : ranked.rated].T)
    rows = max(1, _BLOCK_BYTES // (4 * len(ranked.order)))

    def counted(start: int) -> tuple[int, Scores]:
        return start, (left[start : start + rows] @ X).toarray()

    return prefetch(counted, track(range(0, ranked.rated - ranked.head, rows), telling))


def _rows_of(chosen: list[npt.NDArray[np.int64]], weights: list[Floats32], n_columns: int) -> Matrix:
    """A matrix of which row i has `weights[i]` at the columns `chosen[i]`."""
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in chosen])])
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *chosen]).astype(np.int32)
    values = np.concatenate([np.zeros(0, dtype=np.float32), *weights]).astype(np.float32)
    return Matrix((values, columns, offsets), shape=(len(chosen), n_columns))
