import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from matinee.pipeline.rerank import add_exploration, mmr

SEEDS = 4000

Floats = npt.NDArray[np.floating]


def by_rank(n: int) -> Floats:
    return -np.log(np.arange(1, n + 1))


def orders(exploration: float, n: int = 6) -> npt.NDArray[np.int64]:
    """The orders of n movies with each of some thousand seeds: (seeds, n)."""
    rows = np.arange(n, dtype=np.int32)
    return np.array([np.argsort(-add_exploration(by_rank(n), rows, exploration, seed)) for seed in range(SEEDS)])


def test_without_exploration_rank_scores_stay() -> None:
    rank_score = by_rank(7)
    np.testing.assert_array_equal(add_exploration(rank_score, np.arange(7, dtype=np.int32), 0, 5), rank_score)


def test_at_exploration_1_chances_are_proportional_to_1_over_rank() -> None:
    order = orders(1.0)
    share = 1 / np.arange(1, 7)
    first = np.bincount(order[:, 0], minlength=6)
    assert chisquare(first, SEEDS * share / share.sum()).pvalue > 0.001
    second = np.bincount(order[order[:, 0] == 0, 1], minlength=6)[1:]  # of those left after the first
    assert chisquare(second, second.sum() * share[1:] / share[1:].sum()).pvalue > 0.001


@pytest.mark.parametrize("exploration", [0.5, 2.0])
def test_exploration_sharpens_or_flattens_the_chances(exploration: float) -> None:
    """Rank scores plus noise times c order as rank scores / c plus noise: chances as rank to the power of -1 / c."""
    first = np.bincount(orders(exploration)[:, 0], minlength=6)
    share = np.arange(1.0, 7) ** (-1 / exploration)
    assert chisquare(first, SEEDS * share / share.sum()).pvalue > 0.001


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=12, unique=True),
    st.integers(0, 2**32),
    st.floats(0.01, 5),
    st.data(),
)
def test_the_noise_of_a_movie_does_not_depend_on_the_list(
    movies: list[int], seed: int, exploration: float, data: st.DataObject
) -> None:
    rows = np.array(movies, dtype=np.int32)
    noise = add_exploration(np.zeros(len(rows)), rows, exploration, seed)
    subset = data.draw(st.lists(st.sampled_from(range(len(rows))), min_size=1, unique=True))
    np.testing.assert_array_equal(
        add_exploration(np.zeros(len(subset)), rows[subset], exploration, seed), noise[subset]
    )
    rank_score = by_rank(len(rows))
    np.testing.assert_allclose(add_exploration(rank_score, rows, exploration, seed), rank_score + noise)


def test_each_seed_gives_its_own_noise() -> None:
    rows = np.arange(20, dtype=np.int32)
    first, again, other = (add_exploration(by_rank(20), rows, 1.0, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


def test_an_empty_list_can_be_explored() -> None:
    assert add_exploration(np.zeros(0), np.zeros(0, dtype=np.int32), 1.0, 0).shape == (0,)


A, B, C = (1, 0, 0), (0, 1, 0), (0, 0, 1)
AB = (np.sqrt(0.5), np.sqrt(0.5), 0)
NONE = (0, 0, 0)


@pytest.mark.parametrize(
    ("vectors", "diversity", "chosen"),
    [
        ([A, A, A, B, B, C], 0.0, [0, 1, 2, 3]),
        ([A, A, A, B, B, C], 1.0, [0, 3, 5, 1]),  # then each left is similar to a chosen one: the best ranked
        ([A, AB, B, C], 1.0, [0, 2, 3, 1]),
        ([A, A, NONE, B], 1.0, [0, 2, 3, 1]),  # an unknown movie is similar to no other
        # Relevance of four: 1, 1 - log 2 / log 4 = 0.5, 1 - log 3 / log 4 = 0.2075 and 0.
        # Second: movie 1 is worth 0.5 - 0.5 d - d, movie 2 0.2075 - 0.2075 d: the same where d = 0.2262.
        ([A, A, B, B], 0.22, [0, 1, 2, 3]),
        ([A, A, B, B], 0.23, [0, 2, 1, 3]),
        # Of cosine 0.7071: 0.5 - 0.5 d - 0.7071 d and 0.2075 - 0.2075 d are the same where d = 0.2926.
        ([A, AB, C, C], 0.29, [0, 1, 2, 3]),
        ([A, AB, C, C], 0.30, [0, 2, 1, 3]),
    ],
)
def test_diversity_by_hand(vectors: list[tuple[float, ...]], diversity: float, chosen: list[int]) -> None:
    assert mmr(np.array(vectors), 4, diversity).tolist() == chosen


@st.composite
def unit_vectors(draw: st.DrawFn, least: int = 1, most: int = 12) -> Floats:
    """Genre vectors of length 1; zeros where unknown."""
    kinds = st.lists(st.integers(0, 1), min_size=4, max_size=4)
    vectors = np.array(draw(st.lists(kinds, min_size=least, max_size=most)), dtype=np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def worth(vectors: list[list[float]], movie: int, chosen: list[int], diversity: float) -> float:
    """Maximal marginal relevance of a movie after those chosen, in plain Python."""
    n = len(vectors)
    relevance = 1 - np.log(movie + 1) / np.log(n) if n > 1 else 1.0
    similarity = max(
        (sum(a * b for a, b in zip(vectors[movie], vectors[other], strict=True)) for other in chosen), default=0
    )
    return (1 - diversity) * relevance - diversity * similarity


@given(unit_vectors(), st.integers(1, 15), st.floats(0, 1))
def test_each_movie_has_the_greatest_marginal_relevance(vectors: Floats, k: int, diversity: float) -> None:
    chosen = mmr(vectors, k, diversity).tolist()
    assert len(set(chosen)) == len(chosen) == min(k, len(vectors))
    assert chosen[0] == 0
    plain = vectors.tolist()
    for number, movie in enumerate(chosen):
        left = [other for other in range(len(plain)) if other not in chosen[:number]]
        best = max(worth(plain, other, chosen[:number], diversity) for other in left)
        assert worth(plain, movie, chosen[:number], diversity) == pytest.approx(best, abs=1e-6)


@given(unit_vectors(), st.integers(1, 15))
def test_full_diversity_takes_the_least_similar_movie(vectors: Floats, k: int) -> None:
    chosen = mmr(vectors, k, 1.0).tolist()
    cosines = vectors @ vectors.T
    for number in range(1, len(chosen)):
        greatest = cosines[:, chosen[:number]].max(axis=1)
        left = [movie for movie in range(len(vectors)) if movie not in chosen[:number]]
        assert greatest[chosen[number]] <= greatest[left].min() + 1e-6


@given(unit_vectors(), st.integers(1, 15))
def test_without_diversity_the_order_stays(vectors: Floats, k: int) -> None:
    assert mmr(vectors, k, 0.0).tolist() == list(range(min(k, len(vectors))))


def test_more_diversity_means_less_similarity() -> None:
    rng = np.random.default_rng(0)
    vectors = (rng.random((300, 60, 8)) < 0.3).astype(np.float64)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=2, keepdims=True), 1e-12)

    def mean_similarity(diversity: float) -> float:
        chosen = [movie[mmr(movie, 10, diversity)] for movie in vectors]
        return float(np.mean([(movie @ movie.T)[np.triu_indices(10, 1)].mean() for movie in chosen]))

    figures = [mean_similarity(diversity) for diversity in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    assert figures == sorted(figures, reverse=True)


def test_the_pool_is_a_hundred_or_k_movies() -> None:
    vectors = np.tile(np.array(A, dtype=np.float32), (150, 1))
    vectors[120] = B
    assert 120 not in mmr(vectors, 100, 1.0)
    assert 120 in mmr(vectors, 121, 1.0)[:2]


@pytest.mark.parametrize("diversity", [0.0, 0.5, 1.0])
def test_an_empty_list_stays_empty(diversity: float) -> None:
    assert mmr(np.zeros((0, 3)), 5, diversity).tolist() == []
    assert mmr(np.array([A]), 5, diversity).tolist() == [0]
