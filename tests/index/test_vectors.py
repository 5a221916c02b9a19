import sys

import numpy as np
import numpy.typing as npt
import pytest

from matinee.errors import ConfigError, NotFoundError
from matinee.index import vectors as module
from matinee.index.vectors import ExactIndex, HNSWIndex, make_index

Vectors = npt.NDArray[np.float32]


def random_vectors(n: int, width: int = 16, seed: int = 0) -> Vectors:
    return np.random.default_rng(seed).standard_normal((n, width)).astype(np.float32)


def skewed_vectors(n: int) -> Vectors:
    """Directions that fill few dimensions, lengths that vary as the popularity of movies does."""
    rng = np.random.default_rng(0)
    directions = random_vectors(n) / np.sqrt(np.arange(1, 17))
    lengths = rng.zipf(1.5, n).clip(1, 100_000) ** 0.25
    return (directions / np.linalg.norm(directions, axis=1, keepdims=True) * lengths[:, None]).astype(np.float32)


def recall(found: npt.NDArray[np.int32], best: npt.NDArray[np.int32]) -> float:
    return float(np.mean([len(set(one) & set(other)) / len(other) for one, other in zip(found, best, strict=True)]))


def approximate(vectors: Vectors, **settings: int) -> HNSWIndex:
    pytest.importorskip("faiss")
    return HNSWIndex(vectors, **settings)


# Exact


def test_the_best_by_hand() -> None:
    """Not the nearest: the longest vector wins where it points the same way."""
    index = ExactIndex(np.array([[1, 0], [0, 1], [3, 3], [-1, 0]], dtype=np.float32))
    rows, scores = index.search(np.array([[1, 0], [-2, 1]], dtype=np.float32), 3)
    assert rows.tolist() == [[2, 0, 1], [3, 1, 0]]
    assert scores.tolist() == [[3, 1, 0], [2, 1, -2]]
    assert rows.dtype == np.int32
    assert scores.dtype == np.float32


def test_equal_scores_come_in_row_order() -> None:
    vectors = np.array([[1, 5], [2, 0], [1, 0], [2, 7], [1, 9]], dtype=np.float32)
    assert ExactIndex(vectors).search(np.array([[1, 0]], dtype=np.float32), 4)[0].tolist() == [[1, 3, 0, 2]]


@pytest.mark.parametrize("block_bytes", [1, 4 * 300 * 7, 16 << 20])
def test_blocks_change_nothing(block_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK_BYTES", block_bytes)
    vectors = np.random.default_rng(0).integers(-3, 4, (300, 8)).astype(np.float32)  # whole numbers: no rounding
    queries = np.random.default_rng(1).integers(-3, 4, (25, 8)).astype(np.float32)
    rows, scores = ExactIndex(vectors).search(queries, 12)
    products = queries @ vectors.T
    assert rows.tolist() == np.argsort(-products, axis=1, kind="stable")[:, :12].tolist()
    assert scores.tolist() == np.take_along_axis(products, rows, axis=1).tolist()


def test_exact_built_at_once_or_bit_by_bit_finds_the_same() -> None:
    vectors, queries = random_vectors(500), random_vectors(40, seed=1)
    grown = ExactIndex(vectors[:100])
    grown.add(vectors[100:101])
    grown.add(vectors[101:])
    for one, other in zip(grown.search(queries, 10), ExactIndex(vectors).search(queries, 10), strict=True):
        np.testing.assert_array_equal(one, other)


# Approximate


def test_approximate_finds_nearly_all_of_the_best_of_random_vectors() -> None:
    vectors, queries = random_vectors(4000), random_vectors(200, seed=1)
    found, best = approximate(vectors).search(queries, 10)[0], ExactIndex(vectors).search(queries, 10)[0]
    assert recall(found, best) >= 0.95


def test_approximate_finds_nearly_all_of_the_best_of_skewed_vectors() -> None:
    vectors, queries = skewed_vectors(4000), random_vectors(200, seed=1)
    found, best = approximate(vectors).search(queries, 10)[0], ExactIndex(vectors).search(queries, 10)[0]
    assert recall(found, best) >= 0.95


def test_approximate_finds_the_best_where_all_vectors_share_a_direction() -> None:
    """The longest along it are everybody's neighbours there, and the worst for these queries."""
    common = np.zeros(16, dtype=np.float32)
    common[0] = 6
    vectors = (random_vectors(4000) + common) * np.linspace(1, 1.5, 4000, dtype=np.float32)[:, None]
    queries = random_vectors(200, seed=1) - common
    found, best = approximate(vectors).search(queries, 10)[0], ExactIndex(vectors).search(queries, 10)[0]
    assert recall(found, best) >= 0.95


def test_a_walk_that_sees_little_misses_much() -> None:
    vectors, queries = random_vectors(4000), random_vectors(200, seed=1)
    index, best = approximate(vectors, M=4, ef_construction=8, ef_search=1), ExactIndex(vectors).search(queries, 10)[0]
    assert recall(index.search(queries, 10)[0], best) < 0.8


def test_its_settings_reach_the_graph() -> None:
    index = approximate(random_vectors(10), M=7, ef_construction=9)
    assert index.graph.hnsw.efConstruction == 9
    assert index.graph.hnsw.nb_neighbors(1) == 7


def test_a_long_list_widens_the_walk() -> None:
    vectors, queries = random_vectors(4000), random_vectors(200, seed=1)
    found, best = approximate(vectors, ef_search=1).search(queries, 40)[0], ExactIndex(vectors).search(queries, 40)[0]
    assert recall(found, best) >= 0.95


def test_where_the_walk_ends_too_soon_every_vector_is_looked_at() -> None:
    """With two links each, most rows cannot be reached."""
    vectors, queries = skewed_vectors(600), random_vectors(5, seed=1)
    index = approximate(vectors, M=2, ef_construction=2)
    for one, other in zip(index.search(queries, 590), ExactIndex(vectors).search(queries, 590), strict=True):
        np.testing.assert_array_equal(one, other)


def test_approximate_scores_are_dot_products_best_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK_BYTES", 4 * 16 * 10 * 3)
    vectors, queries = skewed_vectors(1000) + 5, random_vectors(20, seed=1)
    for index in (approximate(vectors), ExactIndex(vectors)):
        rows, scores = index.search(queries, 10)
        products = queries.astype(np.float64) @ vectors.T.astype(np.float64)
        np.testing.assert_allclose(scores, np.take_along_axis(products, rows, axis=1), rtol=1e-4, atol=1e-4)
        assert (np.diff(scores, axis=1) <= 0).all()
        assert rows.dtype == np.int32
        assert scores.dtype == np.float32


def test_approximate_keeps_row_order_among_equal_scores() -> None:
    vectors = np.repeat(random_vectors(5), 3, axis=0)
    rows, _ = approximate(vectors).search(random_vectors(8, seed=1), 15)
    assert (rows.reshape(8, 5, 3) % 3 == [0, 1, 2]).all()


def test_approximate_finds_what_was_added_later() -> None:
    """Few of another kind at first, so that their mean is of no use; then many, then one longer than all."""
    vectors, queries = skewed_vectors(3000), random_vectors(100, seed=1)
    index = approximate(vectors[:50] + 20)
    index.add(vectors)
    index.add(50 * vectors[:1])
    exact = ExactIndex(np.concatenate([vectors[:50] + 20, vectors, 50 * vectors[:1]]))
    assert recall(index.search(queries, 10)[0], exact.search(queries, 10)[0]) >= 0.95
    assert index.search(vectors[:1], 1)[0].tolist() == [[3050]]


# Both


@pytest.mark.parametrize("kind", [ExactIndex, approximate])
def test_no_more_columns_than_rows(kind: type) -> None:
    vectors, queries = random_vectors(30), random_vectors(4, seed=1)
    rows, scores = kind(vectors).search(queries, 100)
    assert rows.shape == scores.shape == (4, 30)
    assert (np.sort(rows, axis=1) == np.arange(30)).all()


@pytest.mark.parametrize("kind", [ExactIndex, approximate])
def test_nothing_asked_for_and_nothing_there(kind: type) -> None:
    index = kind(random_vectors(5))
    assert index.search(random_vectors(2), 0)[0].shape == (2, 0)
    assert index.search(random_vectors(0), 3)[0].shape == (0, 3)
    empty = kind(np.zeros((0, 16), dtype=np.float32))
    assert empty.search(random_vectors(2), 3)[0].shape == (2, 0)
    empty.add(random_vectors(5))
    assert empty.search(random_vectors(2), 3)[0].tolist() == index.search(random_vectors(2), 3)[0].tolist()


@pytest.mark.parametrize("kind", [ExactIndex, approximate])
def test_the_first_few_are_the_beginning_of_more(kind: type) -> None:
    index, queries = kind(random_vectors(200)), random_vectors(9, seed=1)
    np.testing.assert_array_equal(index.search(queries, 3)[0], index.search(queries, 20)[0][:, :3])


@pytest.mark.parametrize("kind", [ExactIndex, approximate])
def test_wrong_vectors_are_refused(kind: type) -> None:
    index = kind(random_vectors(3))
    with pytest.raises(ConfigError, match=r"shape \(2, 5\) .* expected \(n, 16\)"):
        index.add(random_vectors(2, 5))
    with pytest.raises(ConfigError, match=r"shape \(2, 5\)"):
        index.search(random_vectors(2, 5), 1)
    with pytest.raises(ConfigError, match=r"shape \(3,\)"):
        kind(np.zeros(3, dtype=np.float32))
    with pytest.raises(ConfigError, match="vector 1 of 2 for an index is not finite"):
        index.add(np.array([[0.0] * 16, [np.nan] * 16], dtype=np.float32))


def test_the_number_of_vectors_decides() -> None:
    assert isinstance(make_index(random_vectors(20), approximate_above=20), ExactIndex)
    pytest.importorskip("faiss")
    assert isinstance(make_index(random_vectors(21), approximate_above=20), HNSWIndex)


def test_without_faiss_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(NotFoundError, match=r"pip install 'matinee\[ann\]'"):
        make_index(random_vectors(21), approximate_above=20)
