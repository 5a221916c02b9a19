"""Histories as sparse matrices, and how often movies occur together."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matinee.data.histories import Histories
from matinee.models.recommender import Scores, State

Matrix: TypeAlias = sparse.csr_matrix
Weights = npt.NDArray[np.floating]

_DENSE_BYTES = 1 << 30  # a users-by-movies matrix or movies-by-movies matrix may be held densely up to 1 GiB
_DENSE_ADVANTAGE = 300  # multiply-adds of a dense product in the time of one of a sparse product (780 measured)
_STRIPE = 1024  # rows of a symmetric matrix handled at a time
_BLOCK_BYTES = 64 << 20  # of co-occurrence counts made at a time


def user_movie_matrix(histories: Histories, n_movies: int, weights: Weights | None = None) -> Matrix:
    """One row per history with `weights` (entries,), or ones, at its movies: (users, movies) CSR float32."""
    values = np.ones(len(histories.movies), dtype=np.float32) if weights is None else weights.astype(np.float32)
    return Matrix((values, histories.movies, histories.offsets), shape=(len(histories), n_movies), copy=True)


def recency_weights(histories: Histories, half_life: float | None) -> Weights | None:
    """0.5 ** (age / half_life) for each entry, age counted in movies from the latest; None means all ones."""
    if half_life is None:
        return None
    return np.exp2(-histories.age / half_life).astype(np.float32)


def cooccurrence_blocks(
    histories: Histories, n_movies: int, user_weights: Weights | None = None
) -> Iterator[tuple[int, Scores]]:
    """Rows of X'WX in blocks: `(first row, (block, movies) float32)`, X the 0/1 histories, W diagonal.

    Entry (i, j) is the (weighted) number of users who have both i and j. Where the data is dense enough, a
    dense product on the BLAS beats the sparse one, though it does U N^2 multiply-adds where the sparse one does
    only the sum of squared history lengths. No more than a block of the result is held.
    """
    X = user_movie_matrix(histories, n_movies)
    W = sparse.eye_array(len(histories), dtype=np.float32) if user_weights is None else sparse.diags_array(user_weights)
    dense_steps = len(histories) * n_movies**2
    sparse_steps = int((histories.lengths**2).sum())
    rows = max(1, _BLOCK_BYTES // (4 * n_movies))
    fits = 4 * n_movies * max(len(histories), n_movies) <= _DENSE_BYTES
    if fits and dense_steps < _DENSE_ADVANTAGE * sparse_steps:
        counts = _dense_product((W @ X).toarray(), X.toarray())
        for start in range(0, n_movies, rows):
            yield start, counts[start : start + rows]
        return
    left = Matrix((W @ X).T)
    for start in range(0, n_movies, rows):
        yield start, np.asarray((left[start : start + rows] @ X).todense(), dtype=np.float32)


def mirror_upper(matrix: Scores) -> None:
    """Copy the upper triangle onto the lower one in place, a stripe at a time, so that no second matrix is made."""
    for start in range(0, len(matrix), _STRIPE):
        stop = min(start + _STRIPE, len(matrix))
        square = np.triu(matrix[start:stop, start:stop])
        matrix[start:stop, start:stop] = square + np.triu(square, 1).T
        matrix[stop:, start:stop] = matrix[start:stop, stop:].T


def _dense_product(left: Scores, right: Scores) -> Scores:
    """Left' right (n, n), known to be symmetric: only the stripes right of the diagonal are computed."""
    n = left.shape[1]
    product = np.empty((n, n), dtype=np.float32)
    for start in range(0, n, _STRIPE):
        stop = min(start + _STRIPE, n)
        np.matmul(left[:, start:stop].T, right[:, start:], out=product[start:stop, start:])
    mirror_upper(product)
    return product


def pack(name: str, matrix: Matrix) -> State:
    """A sparse matrix as named arrays, for `Recommender.state`."""
    return {
        f"{name}.values": matrix.data,
        f"{name}.columns": matrix.indices,
        f"{name}.offsets": matrix.indptr,
        f"{name}.shape": np.array(matrix.shape),
    }


def unpack(name: str, state: State) -> Matrix:
    """What `pack` packed."""
    values, columns, offsets = (state[f"{name}.{part}"] for part in ("values", "columns", "offsets"))
    return Matrix((values, columns, offsets), shape=tuple(state[f"{name}.shape"].tolist()))
