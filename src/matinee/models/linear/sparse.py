"""Histories as sparse matrices, and counts of movies that occur together."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeAlias, TypeVar

import numpy as np
from scipy import sparse

from matinee.arrays import AnyFloats, Scores
from matinee.data.histories import GAP, Histories
from matinee.models.recommender import State
from matinee.progress import track

Matrix: TypeAlias = sparse.csr_matrix
A = TypeVar("A")
B = TypeVar("B")


_DENSE_BYTES = 1 << 30  # largest dense users-by-movies or movies-by-movies matrix
_POPULAR = 0.01  # share of users who rated a movie from which a dense product is faster
_BLOCK_BYTES = 64 << 20  # of co-occurrence counts computed at a time
_USER_BLOCK_BYTES = 256 << 20  # of a dense users-by-popular-movies matrix
_MOST_POPULAR = 4000  # movies that are multiplied densely, at most


def user_movie_matrix(histories: Histories, n_movies: int, weights: AnyFloats | None = None) -> Matrix:
    """Build one row per history with `weights` (entries,), or ones, at its movies: (users, movies) CSR float32."""
    values = np.ones(len(histories.movies), dtype=np.float32) if weights is None else weights.astype(np.float32)
    gaps = histories.movies == GAP
    if gaps.any():  # gaps become zeros, so that the offsets stay
        values, movies = np.where(gaps, np.float32(0), values), np.where(gaps, 0, histories.movies)
    else:
        movies = histories.movies
    return Matrix((values, movies, histories.offsets), shape=(len(histories), n_movies), copy=True)


def recency_weights(histories: Histories, half_life: float | None) -> AnyFloats | None:
    """Return 0.5 ** (age / half_life) for each entry, age in movies from the latest; None means all ones."""
    if half_life is None:
        return None
    return np.exp2(-histories.age / half_life).astype(np.float32)


def cooccurrence_blocks(
    histories: Histories, n_movies: int, user_weights: AnyFloats | None = None
) -> Iterator[tuple[int, Scores]]:
    """Yield rows of X'WX in blocks: `(first row, (block, movies) float32)`, X the 0/1 histories, W diagonal.

    Entry (i, j) is the (weighted) number of users who have both i and j. Only a block of the result is held in memory,
    unless all of it is small.
    """
    X = user_movie_matrix(histories, n_movies)
    WX = X if user_weights is None else Matrix(sparse.diags_array(user_weights) @ X)
    rows = max(1, _BLOCK_BYTES // (4 * n_movies))
    if 4 * n_movies * max(len(histories), n_movies) <= _DENSE_BYTES:
        counts = _head_and_tail(X, WX)
        for start in range(0, n_movies, rows):
            yield start, counts[start : start + rows]
        return
    left = Matrix(WX.T)
    for start in range(0, n_movies, rows):
        yield start, (left[start : start + rows] @ X).toarray()


def add_cooccurrence(total: Scores, histories: Histories, sign: int = 1) -> None:
    """Add to `total` (h, h), or with -1 subtract, the number of users who have both i and j, for i and j below h.

    Users are processed in blocks, and pairs with less popular movies a stripe at a time, so that beside `total` only a
    few hundred megabytes are needed. Counts below 2^24 are exact.
    """
    h = len(total)
    n = max(h, int(histories.movies.max(initial=0)) + 1)
    block = max(1, _USER_BLOCK_BYTES // (4 * max(min(h, _MOST_POPULAR), 1)))
    for start in track(range(0, len(histories), block), "counting movies rated together"):
        X = Matrix(user_movie_matrix(histories.block(start, start + block), n)[:, :h])
        counts = np.bincount(X.indices, minlength=h)
        is_popular = counts >= _POPULAR * X.shape[0]
        is_popular[np.argsort(-counts, kind="stable")[_MOST_POPULAR:]] = False
        popular, others = np.flatnonzero(is_popular), np.flatnonzero(~is_popular & (counts > 0))
        dense = X[:, popular].toarray()
        total[np.ix_(popular, popular)] += sign * (dense.T @ dense)
        left = Matrix(X[:, others].T)
        rows = max(1, _BLOCK_BYTES // (4 * h))
        for first in range(0, len(others), rows):
            stripe = others[first : first + rows]
            pair_counts = sign * (left[first : first + rows] @ X).toarray()  # (some, h)
            total[stripe] += pair_counts
            total[np.ix_(popular, stripe)] += pair_counts[:, popular].T


def _head_and_tail(X: Matrix, WX: Matrix) -> Scores:
    """Compute X'WX (movies, movies): popular movies among themselves as a dense product, the rest sparsely.

    A dense product multiplies zeros too, but each product is about a hundred times faster.
    """
    n_users, n_movies = X.shape
    popular = np.bincount(X.indices, minlength=n_movies) >= _POPULAR * n_users
    head, tail = np.flatnonzero(popular), np.flatnonzero(~popular)
    counts = np.empty((n_movies, n_movies), dtype=np.float32)
    right = X[:, head].toarray()
    left = right if WX is X else WX[:, head].toarray()
    counts[np.ix_(head, head)] = left.T @ right
    with_tail = (Matrix(WX[:, tail].T) @ X).toarray()  # (tail, movies)
    counts[tail] = with_tail
    counts[:, tail] = with_tail.T
    return counts


def pack(name: str, matrix: Matrix) -> State:
    """Store a sparse matrix as named arrays, for `Recommender.state`."""
    return {
        f"{name}.values": matrix.data,
        f"{name}.columns": matrix.indices,
        f"{name}.offsets": matrix.indptr,
        f"{name}.shape": np.array(matrix.shape),
    }


def unpack(name: str, state: State) -> Matrix:
    """Rebuild a matrix from the arrays of `pack`."""
    values, columns, offsets = (state[f"{name}.{part}"] for part in ("values", "columns", "offsets"))
    return Matrix((values, columns, offsets), shape=tuple(state[f"{name}.shape"].tolist()))


def prefetch(make: Callable[[A], B], items: Iterable[A], threads: int = 2) -> Iterator[B]:
    """Yield `make` of each item, in order, computed ahead of the caller by `threads` threads.

    They run in parallel only if `make` releases the interpreter's lock, as products of sparse matrices do.
    """
    pending: deque[Future[B]] = deque()
    with ThreadPoolExecutor(threads) as executor:
        for item in items:
            pending.append(executor.submit(make, item))
            if len(pending) > threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
