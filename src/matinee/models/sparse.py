"""Histories as sparse matrices, and how often movies occur together."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matinee.data.histories import Histories
from matinee.models.recommender import Scores, State

Matrix = sparse.csr_matrix
Weights = npt.NDArray[np.floating]

_DENSE_BYTES = 1 << 30  # a users-by-movies matrix may be held densely while fitting up to 1 GiB
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
    dense product on the BLAS beats the sparse one: it does U N^2 multiply-adds at some 50 times the speed of
    the sparse product's sum of squared history lengths. No more than a block of the result is held.
    """
    X = user_movie_matrix(histories, n_movies)
    dense_steps = len(histories) * n_movies**2
    sparse_steps = int((histories.lengths**2).sum())
    rows = max(1, _BLOCK_BYTES // (4 * n_movies))
    if dense_steps < 50 * 4 * sparse_steps and len(histories) * n_movies * 4 <= _DENSE_BYTES:
        right = X.toarray()
        left = right if user_weights is None else right * user_weights[:, None]
        for start in range(0, n_movies, rows):
            yield start, left[:, start : start + rows].T @ right
        return
    if user_weights is not None:
        left_transposed = (sparse.diags_array(user_weights) @ X).T.tocsr()
    else:
        left_transposed = X.T.tocsr()
    for start in range(0, n_movies, rows):
        yield start, np.asarray((left_transposed[start : start + rows] @ X).todense(), dtype=np.float32)


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
