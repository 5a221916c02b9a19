import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from matinee.pipeline.rerank import add_exploration, mmr

SEEDS = 4000

Floats = npt.NDArray[np.floating]


def by_place(n: int) -> Floats:
    return -np.log(np.arange(1, n + 1))


def orders(exploration: float, n: int = 6) -> npt.NDArray[np.int64]:
    """How some thousand seeds order n movies: (seeds, n)."""
    rows = np.arange(n, dtype=np.int32)
    return np.array([np.argsort(-add_exploration(by_place(n), rows, exploration, seed)) for seed in range(SEEDS)])


def test_without_exploration_standings_stay_as_they_are() -> None:
    standing = by_place(7)
    np.testing.assert_array_equal(add_exploration(standing, np.arange(7, dtype=np.int32), 0, 5), standing)


def test_at_one_the_chance_of_a_place_is_as_one_over_the_rank() -> None:
    order = orders(1.0)
    share = 1 / np.arange(1, 7)
    first = np.bincount(order[:, 0], minlength=6)
    assert chisquare(first, SEEDS * share / share.sum()).pvalue > 0.001
    second = np.bincount(order[order[:, 0] == 0, 1], minlength=6)[1:]  # of those left after the first
    assert chisquare(second, second.sum() * share[1:] / share[1:].sum()).pvalue > 0.001


@pytest.mark.parametrize("exploration", [0.5, 2.0])
def test_less_or_more_exploration_sharpens_or_flattens_the_chances(exploration: float) -> None:
    """Standings against noise times c are standings / c against noise: chances as rank to the power of -1 / c."""
    first = np.bincount(orders(exploration)[:, 0], minlength=6)
    share = np.arange(1.0, 7) ** (-1 / exploration)
    assert chisquare(first, SEEDS * share / share.sum()).pvalue > 0.001


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=12, unique=True),
    st.integers(0, 2**32),
    st.floats(0.01, 5),
    st.data(),
)
def test_a_movie_has_its_own_chance_whatever_else_is_on_the_list(
    movies: list[int], seed: int, exploration: float, data: st.DataObject
) -> None:
    rows = np.array(movies, dtype=np.int32)
    noise = add_exploration(np.zeros(len(rows)), rows, exploration, seed)
    kept = data.draw(st.lists(st.sampled_from(range(len(rows))), min_size=1, unique=True))
    np.testing.assert_array_equal(add_exploration(np.zeros(len(kept)), rows[kept], exploration, seed), noise[kept])
    standing = by_place(len(rows))
    np.testing.assert_allclose(add_exploration(standing, rows, exploration, seed), standing + noise)


def test_a_seed_says_all_and_another_seed_says_something_else() -> None:
    rows = np.arange(20, dtype=np.int32)
    one, again, other = (add_exploration(by_place(20), rows, 1.0, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, again)
    assert (one != other).all()


def test_nothing_can_be_explored_too() -> None:
    assert add_exploration(np.zeros(0), np.zeros(0, dtype=np.int32), 1.0, 0).shape == (0,)


A, B, C = (1, 0, 0), (0, 1, 0), (0, 0, 1)
AB = (np.sqrt(0.5), np.sqrt(0.5), 0)
NONE = (0, 0, 0)


@pytest.mark.parametrize(
    ("vectors", "diversity", "chosen"),
    [
        ([A, A, A, B, B, C], 0.0, [0, 1, 2, 3]),
        ([A, A, A, B, B, C], 1.0, [0, 3, 5, 1]),  # then all are alike to one chosen: the best placed
        ([A, AB, B, C], 1.0, [0, 2, 3, 1]),
        ([A, A, NONE, B], 1.0, [0, 2, 3, 1]),  # what is unknown is like nothing
        # Relevance of four: 1, 1 - log 2 / log 4 = 0.5, 1 - log 3 / log 4 = 0.2075 and 0.
        # Second: movie 1 is worth 0.5 - 0.5 d - d, movie 2 0.2075 - 0.2075 d: the same where d = 0.2262.
        ([A, A, B, B], 0.22, [0, 1, 2, 3]),
        ([A, A, B, B], 0.23, [0, 2, 1, 3]),
        # Of cosine 0.7071: 0.5 - 0.5 d - 0.7071 d and 0.2075 - 0.2075 d are the same where d = 0.2926.
        ([A, AB, C, C], 0.29, [0, 1, 2, 3]),
        ([A, AB, C, C], 0.30, [0, 2, 1, 3]),
    ],
)
def test_variety_by_hand(vectors: list[tuple[float, ...]], diversity: float, chosen: list[int]) -> None:
    assert mmr(np.array(vectors), 4, diversity).tolist() == chosen


@st.composite
def unit_vectors(draw: st.DrawFn, least: int = 1, most: int = 12) -> Floats:
    """Genres at length 1; zeros where unknown."""
    kinds = st.lists(st.integers(0, 1), min_size=4, max_size=4)
    vectors = np.array(draw(st.lists(kinds, min_size=least, max_size=most)), dtype=np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def worth(vectors: list[list[float]], one: int, chosen: list[int], diversity: float) -> float:
    """Maximal marginal relevance of a movie after those chosen, in plain Python."""
    n = len(vectors)
    relevance = 1 - np.log(one + 1) / np.log(n) if n > 1 else 1.0
    likeness = max(
        (sum(a * b for a, b in zip(vectors[one], vectors[other], strict=True)) for other in chosen), default=0
    )
    return (1 - diversity) * relevance - diversity * likeness


@given(unit_vectors(), st.integers(1, 15), st.floats(0, 1))
def test_each_movie_is_the_most_marginally_relevant_of_those_left(vectors: Floats, k: int, diversity: float) -> None:
    chosen = mmr(vectors, k, diversity).tolist()
    assert len(set(chosen)) == len(chosen) == min(k, len(vectors))
    assert chosen[0] == 0
    plain = vectors.tolist()
    for place, one in enumerate(chosen):
        left = [other for other in range(len(plain)) if other not in chosen[:place]]
        best = max(worth(plain, other, chosen[:place], diversity) for other in left)
        assert worth(plain, one, chosen[:place], diversity) == pytest.approx(best, abs=1e-6)


@given(unit_vectors(), st.integers(1, 15))
def test_full_diversity_never_takes_what_is_more_alike_than_it_must(vectors: Floats, k: int) -> None:
    chosen = mmr(vectors, k, 1.0).tolist()
    cosines = vectors @ vectors.T
    for place in range(1, len(chosen)):
        greatest = cosines[:, chosen[:place]].max(axis=1)
        left = [one for one in range(len(vectors)) if one not in chosen[:place]]
        assert greatest[chosen[place]] <= greatest[left].min() + 1e-6


@given(unit_vectors(), st.integers(1, 15))
def test_without_diversity_the_first_are_the_first(vectors: Floats, k: int) -> None:
    assert mmr(vectors, k, 0.0).tolist() == list(range(min(k, len(vectors))))


def test_the_more_diversity_the_less_alike_on_the_whole() -> None:
    rng = np.random.default_rng(0)
    vectors = (rng.random((300, 60, 8)) < 0.3).astype(np.float64)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=2, keepdims=True), 1e-12)

    def alike(diversity: float) -> float:
        chosen = [one[mmr(one, 10, diversity)] for one in vectors]
        return float(np.mean([(one @ one.T)[np.triu_indices(10, 1)].mean() for one in chosen]))

    figures = [alike(diversity) for diversity in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    assert figures == sorted(figures, reverse=True)


def test_a_varied_list_is_chosen_from_a_hundred_or_as_many_as_are_asked_for() -> None:
    vectors = np.tile(np.array(A, dtype=np.float32), (150, 1))
    vectors[120] = B
    assert 120 not in mmr(vectors, 100, 1.0)
    assert 120 in mmr(vectors, 121, 1.0)[:2]


@pytest.mark.parametrize("diversity", [0.0, 0.5, 1.0])
def test_of_nothing_nothing_is_chosen(diversity: float) -> None:
    assert mmr(np.zeros((0, 3)), 5, diversity).tolist() == []
    assert mmr(np.array([A]), 5, diversity).tolist() == [0]
