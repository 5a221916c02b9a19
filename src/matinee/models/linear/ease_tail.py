"""The tail of `ease`: weights from and to movies outside the dense head, a small regression for each.

Block elimination, with P = (G_hh + reg I)^-1 of the head: for a tail movie i the column of B from the head is
P g_i, the row to the head the same numbers over P's diagonal and over S_ii = G_ii + reg - g_i' P g_i, and between
tail movies B_ij = S_ij / S_ii, to first order. The only difference from the exact solution is that P g_i is solved on
i's strongest neighbours in the head. So the tail's weights are on the scale of the head's, and the share that popular
movies explain is subtracted first.
"""

from collections.abc import Iterator

import numpy as np
from scipy import linalg, sparse

from matinee.arrays import Floats32, Indices, Scores
from matinee.data.histories import Histories
from matinee.models.linear.head_tail import PopularityOrder
from matinee.models.linear.sparse import Matrix, prefetch, user_movie_matrix
from matinee.progress import track

_BLOCK_BYTES = 64 << 20  # of co-occurrences of tail movies held at a time


def tail_columns(histories: Histories, order: PopularityOrder, gram: Scores, ridge: float, neighbours: int) -> Matrix:
    """Regress each tail movie on its strongest movies of the head: (tail, head) CSR.

    `histories` hold positions. `gram` (h, h) is X'X of the head, without the penalty.
    """
    spread = np.sqrt(np.maximum(np.diag(gram), 1e-12))
    chosen: list[Indices] = []
    weights: list[Floats32] = []
    for _, counts_block in _cooccurrence_blocks(histories, order, "the tail's neighbours"):
        for counts in counts_block[:, : order.head]:
            strongest = strongest_indices(counts / spread, neighbours)
            local = gram[np.ix_(strongest, strongest)]
            local[np.diag_indices(len(strongest))] += ridge
            chosen.append(strongest)
            weights.append(solve_positive_definite(local, counts[strongest]))
    return _matrix_of_rows(chosen, weights, order.head)


def tail_weights(
    histories: Histories, order: PopularityOrder, columns: Matrix, diagonal: Floats32, ridge: float, neighbours: int
) -> Matrix:
    """Return all weights from or to a tail movie, (movies, movies) CSR, from `columns` (tail, head).

    `diagonal` (h,) is that of P.
    """
    head, n = order.head, len(order.movies)
    counts = np.bincount(histories.movies, minlength=n).astype(np.float32)
    residual = np.empty(order.rated - head, dtype=np.float32)  # S_ii
    chosen: list[Indices] = []
    weights: list[Floats32] = []
    for start, counts_block in _cooccurrence_blocks(histories, order, "the tail's weights"):
        own_columns = columns[start : start + len(counts_block)]
        explained = np.asarray(own_columns.multiply(counts_block[:, :head]).sum(axis=1)).ravel()
        block_rows = slice(start, start + len(counts_block))
        residual[block_rows] = counts[head + start : head + start + len(counts_block)] + ridge - explained
        for offset, row in enumerate(counts_block):
            tail_row = start + offset
            tail_strengths = row[head : order.rated] / np.sqrt(counts[head : order.rated])
            tail_strengths[tail_row] = 0
            nearest = strongest_indices(tail_strengths, neighbours)
            chosen.append(nearest)
            weights.append((row[head + nearest] - columns[nearest] @ row[:head]) / residual[tail_row])
    within_tail = _matrix_of_rows(chosen, weights, order.rated - head).tocoo()
    rows = columns.tocoo()
    to_head = rows.data / (diagonal[rows.col] * residual[rows.row])
    coordinates = (
        np.concatenate([rows.row + head, rows.col, within_tail.row + head]),
        np.concatenate([rows.col, rows.row + head, within_tail.col + head]),
    )
    values = np.concatenate([to_head, rows.data, within_tail.data]).astype(np.float32)
    return order.to_movie_rows(sparse.coo_matrix((values, coordinates), shape=(n, n)), parts=1)


def strongest_indices(strength: Floats32, most: int) -> Indices:
    """Return the indices of the greatest positive strengths, at most `most`, in ascending order."""
    positive = np.flatnonzero(strength > 0)
    if len(positive) > most:
        positive = np.sort(positive[np.argpartition(-strength[positive], most - 1)[:most]])
    return positive


def solve_positive_definite(local: Scores, right: Floats32) -> Floats32:
    """Return local^-1 right for a symmetric positive definite `local`, which is overwritten."""
    if not len(right):
        return right
    _, solution, info = linalg.lapack.sposv(local.T, right, overwrite_a=True)
    if info:
        raise linalg.LinAlgError(f"sposv failed at row {info}")
    return solution


def _cooccurrence_blocks(histories: Histories, order: PopularityOrder, label: str) -> Iterator[tuple[int, Scores]]:
    """Count how often tail movies occur with each movie, in blocks: (first of the tail, (block, movies))."""
    X = user_movie_matrix(histories, len(order.movies))
    residual = Matrix(X[:, order.head : order.rated].T)
    rows = max(1, _BLOCK_BYTES // (4 * len(order.movies)))

    def count_block(start: int) -> tuple[int, Scores]:
        return start, (residual[start : start + rows] @ X).toarray()

    return prefetch(count_block, track(range(0, order.rated - order.head, rows), label))


def _matrix_of_rows(chosen: list[Indices], weights: list[Floats32], n_columns: int) -> Matrix:
    """Build a matrix whose row i has `weights[i]` at the columns `chosen[i]`."""
    offsets = np.concatenate([[0], np.cumsum([len(columns_of_row) for columns_of_row in chosen])])
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *chosen]).astype(np.int32)
    values = np.concatenate([np.zeros(0, dtype=np.float32), *weights]).astype(np.float32)
    return Matrix((values, columns, offsets), shape=(len(chosen), n_columns))
