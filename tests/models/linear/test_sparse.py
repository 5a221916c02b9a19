import threading
from collections.abc import Iterator

import numpy as np
import pytest

from matinee.models.linear.sparse import cooccurrence_blocks, pack, prefetch, recency_weights, unpack, user_movie_matrix
from tests.datasets import small_ratings


@pytest.mark.parametrize("dense_bytes", [0, 1 << 30])
@pytest.mark.parametrize("weighted", [False, True])
def test_cooccurrence_is_the_same_densely_and_sparsely_and_in_blocks(dense_bytes, weighted, monkeypatch) -> None:
    data = small_ratings(seed=8)
    n = data.n_movies
    X = user_movie_matrix(data.histories, n).toarray()
    weights = np.linspace(0.1, 2, data.n_users).astype(np.float32) if weighted else None
    expected = X.T @ (X if weights is None else X * weights[:, None])
    monkeypatch.setattr("matinee.models.linear.sparse._DENSE_BYTES", dense_bytes)
    monkeypatch.setattr("matinee.models.linear.sparse._BLOCK_BYTES", 4 * n * 3)  # three rows at a time
    blocks = list(cooccurrence_blocks(data.histories, n, weights))
    assert [start for start, _ in blocks] == list(range(0, n, 3))
    np.testing.assert_allclose(np.concatenate([block for _, block in blocks]), expected, rtol=1e-5)


def test_the_matrix_is_a_copy_of_the_histories() -> None:
    data = small_ratings(seed=9)
    matrix = user_movie_matrix(data.histories, data.n_movies)
    matrix.indices[:] = 0
    assert data.histories.movies.any()


def test_recency_halves() -> None:
    data = small_ratings(seed=9)
    weights = recency_weights(data.histories, 2.0)
    assert weights is not None
    np.testing.assert_allclose(weights[data.histories.age == 4], 0.25)
    assert recency_weights(data.histories, None) is None


def test_packing_keeps_everything() -> None:
    data = small_ratings(seed=9)
    matrix = user_movie_matrix(data.histories, data.n_movies)
    back = unpack("x", pack("x", matrix))
    assert back.shape == matrix.shape
    np.testing.assert_array_equal(back.toarray(), matrix.toarray())


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("n", [0, 1, 2, 10])
def test_prefetch_keeps_the_order_of_items(n: int, threads: int) -> None:
    assert list(prefetch(lambda item: item * item, range(n), threads)) == [item * item for item in range(n)]


def test_prefetch_takes_only_as_many_items_as_threads_need() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    results = prefetch(lambda item: item, items(), threads=2)
    assert [next(results), next(results)] == [0, 1]
    assert len(taken) == 4


def test_two_are_made_at_once() -> None:
    both = threading.Barrier(2, timeout=10)
    assert list(prefetch(lambda item: both.wait() >= 0 and item, range(1, 5))) == [1, 2, 3, 4]


def test_an_error_comes_where_its_thing_would_have() -> None:
    results = prefetch(lambda item: 1 // item, [1, 1, 0, 1])
    assert [next(results), next(results)] == [1, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)
