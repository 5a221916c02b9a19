import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, RR, P, Qrel, R, ScoredDoc, Success, nDCG

from matinee.data.histories import offsets_of
from matinee.evaluation import metrics
from matinee.evaluation.ranking import Ranking

N_MOVIES = 10
ranked = st.permutations(range(N_MOVIES))
random_users = st.lists(st.tuples(ranked, st.sets(st.integers(0, N_MOVIES - 1), min_size=1)), min_size=1, max_size=4)
LOG3 = math.log2(3)


def ranking_of(ranks: list[list[int]]) -> Ranking:
    """Build a ranking with only the ranks of each user's test movies."""
    flat = np.array([rank for user_ranks in ranks for rank in sorted(user_ranks)], dtype=np.int32)
    offsets = offsets_of(np.array([len(user_ranks) for user_ranks in ranks], dtype=np.int64))
    empty = np.zeros((len(ranks), 0), dtype=np.int32)
    return Ranking(offsets, flat, flat, flat.astype(np.float32), empty)


def per_user(ranks: list[list[int]], k: int) -> dict[str, list[float]]:
    values = metrics.accuracy(ranking_of(ranks), k)
    return {key.removesuffix(f"@{k}"): (metric.above / metric.below).tolist() for key, metric in values.items()}


# The three test movies of Ann rank 1st, 3rd and 7th, the only one of Bob ranks 2nd. By hand:
#        k = 1                    k = 2                             k = 3
#        Ann        Bob           Ann                Bob            Ann                     Bob
# hits   1          0             1                  1              2                       1
WORKED = {
    1: {
        "hr": [1, 0],
        "recall": [1 / 3, 0],
        "recall_capped": [1 / 1, 0],
        "recall_pooled": [1 / 3, 0],
        "precision": [1, 0],
        "map": [1 / 1, 0],
        "mrr": [1, 0],
        "ndcg": [1 / 1, 0],
    },
    2: {
        "hr": [1, 1],
        "recall": [1 / 3, 1],
        "recall_capped": [1 / 2, 1],
        "recall_pooled": [1 / 3, 1],
        "precision": [1 / 2, 1 / 2],
        "map": [(1 / 1) / 2, 1 / 2],
        "mrr": [1, 1 / 2],
        "ndcg": [1 / (1 + 1 / LOG3), 1 / LOG3],
    },
    3: {
        "hr": [1, 1],
        "recall": [2 / 3, 1],
        "recall_capped": [2 / 3, 1],
        "recall_pooled": [2 / 3, 1],
        "precision": [2 / 3, 1 / 3],
        "map": [(1 / 1 + 2 / 3) / 3, 1 / 2],
        "mrr": [1, 1 / 2],
        "ndcg": [(1 + 1 / 2) / (1 + 1 / LOG3 + 1 / 2), 1 / LOG3],
    },
}


@pytest.mark.parametrize("k", WORKED)
def test_values_computed_by_hand(k: int) -> None:
    values = per_user([[1, 3, 7], [2]], k)
    assert values.keys() == WORKED[k].keys()
    for name, expected in WORKED[k].items():
        assert values[name] == pytest.approx(expected), name


@pytest.mark.parametrize(("k", "pooled"), [(1, 1 / 4), (2, 2 / 4), (3, 3 / 4)])
def test_pooled_recall_counts_test_movies_not_users(k: int, pooled: float) -> None:
    recall = metrics.accuracy(ranking_of([[1, 3, 7], [2]]), k)[f"recall_pooled@{k}"]
    assert recall.above.sum() / recall.below.sum() == pooled


def ranks_of(order: list[int], targets: set[int]) -> list[int]:
    return [rank for rank, movie in enumerate(order, 1) if movie in targets]


def naive(order: list[int], targets: set[int], k: int) -> dict[str, float]:
    """Compute the metrics of one user by walking down the list."""
    hits, precisions, gain, first = 0, 0.0, 0.0, 0.0
    for rank, movie in enumerate(order[:k], 1):
        if movie in targets:
            hits += 1
            precisions += hits / rank
            gain += 1 / math.log2(rank + 1)
            first = first or 1 / rank
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(targets), k) + 1))
    return {
        "hr": float(hits > 0),
        "recall": hits / len(targets),
        "recall_capped": hits / min(len(targets), k),
        "recall_pooled": hits / len(targets),
        "precision": hits / k,
        "map": precisions / min(len(targets), k),
        "mrr": first,
        "ndcg": gain / best,
    }


@given(random_users, st.integers(1, N_MOVIES + 2))
def test_equal_to_reading_each_list_from_the_top(users: list[tuple[list[int], set[int]]], k: int) -> None:
    values = per_user([ranks_of(order, targets) for order, targets in users], k)
    for row, (order, targets) in enumerate(users):
        for name, expected in naive(order, targets, k).items():
            assert values[name][row] == pytest.approx(expected, abs=1e-12), name


@given(random_users, st.integers(1, N_MOVIES))
def test_equal_to_ir_measures(users: list[tuple[list[int], set[int]]], k: int) -> None:
    relevant = [Qrel(f"u{u}", f"m{movie}", 1) for u, (_, targets) in enumerate(users) for movie in targets]
    lists = [
        ScoredDoc(f"u{u}", f"m{movie}", -float(rank))
        for u, (order, _) in enumerate(users)
        for rank, movie in enumerate(order)
    ]
    # Their AP is divided by R, as if all of R could be found; ours by min(R, k), because the list has k movies.
    sizes = np.array([len(targets) for _, targets in users])
    factors = {"map": sizes / np.minimum(sizes, k)}
    theirs = {"hr": Success, "recall": R, "precision": P, "map": AP, "mrr": RR, "ndcg": nDCG}
    ours = per_user([ranks_of(order, targets) for order, targets in users], k)
    for name, measure in theirs.items():
        values = {result.query_id: result.value for result in ir_measures.iter_calc([measure @ k], relevant, lists)}
        expected = np.array([values[f"u{u}"] for u in range(len(users))]) * factors.get(name, 1.0)
        np.testing.assert_allclose(ours[name], expected, rtol=0, atol=1e-9, err_msg=name)


def test_ratings_off_by_known_amounts() -> None:
    # Ann is off by 1 and by 2, Bob by 4: RMSE is the root of (1 + 4 + 16) / 3, MAE is (1 + 2 + 4) / 3.
    predicted, actual = np.array([3, 5, 1], np.float32), np.array([4, 3, 5], np.float32)
    owner = np.array([0, 0, 1])
    squared = metrics.squared_error(predicted, actual, owner)
    absolute = metrics.absolute_error(predicted, actual, owner)
    assert (squared.above.tolist(), squared.below.tolist()) == ([5, 16], [2, 1])
    assert (absolute.above.tolist(), absolute.below.tolist()) == ([3, 4], [2, 1])


def test_novelty_is_the_mean_surprise_of_the_movies_shown() -> None:
    counts = np.array([7, 3, 0])  # of 7 users; with the imaginary user who rated all: 8/8, 4/8, 1/8
    top = np.array([[0, 1], [2, 0], [1, -1], [-1, -1]], dtype=np.int32)
    assert metrics.novelty(top, counts, 7).above.tolist() == [(0 + 1) / 2, (3 + 0) / 2, 1, 0]


def test_diversity_is_one_less_the_mean_cosine_of_pairs() -> None:
    # Movies 0 and 1 are equal, 2 shares no genre with them, 3 has half of 0 and half of 2: cosine 1 / sqrt(2).
    genres = np.array([[1, 0], [1, 0], [0, 1], [1, 1]], dtype=np.float32)
    half = 1 / math.sqrt(2)
    lists = {(0, 1, -1): 0, (0, 2, -1): 1, (0, 1, 2): 1 - 1 / 3, (0, 2, 3): 1 - (0 + half + half) / 3}
    values = metrics.diversity(np.array(list(lists), dtype=np.int32), genres)
    np.testing.assert_allclose(values.above, list(lists.values()), atol=1e-6)
    assert (values.below == 1).all()


@given(st.lists(st.permutations([0, 1, 2, 3, 4, -1]).map(lambda row: sorted(row[:4], reverse=True)), min_size=1))
def test_diversity_equals_a_loop_over_pairs(lists: list[list[int]]) -> None:
    genres = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0]], dtype=np.float32)
    values = metrics.diversity(np.array(lists, dtype=np.int32), genres).above
    for row, movies in enumerate(lists):
        shown = [genres[movie] for movie in movies if movie >= 0]
        lengths = [max(float(np.linalg.norm(vector)), 1e-12) for vector in shown]
        pairs = [(i, j) for i in range(len(shown)) for j in range(i)]
        cosines = [float(shown[i] @ shown[j]) / (lengths[i] * lengths[j]) for i, j in pairs]
        assert values[row] == pytest.approx(1 - sum(cosines) / len(pairs), abs=1e-6)


@pytest.mark.parametrize(
    ("times_shown", "covered", "unequal"),
    [
        ([5, 5, 5, 5], 1, 0),
        ([0, 9, 0, 0], 1 / 4, 3 / 4),
        ([0, 0, 2, 2], 1 / 2, 1 / 2),
        ([1, 2, 3, 4], 1, 1 / 4),  # sum over i of (2i - n - 1) x_i is -3 - 2 + 3 + 12 = 10, over n * 10
        ([0, 0, 0, 0], 0, 0),
    ],
)
def test_coverage_and_gini(times_shown: list[int], covered: float, unequal: float) -> None:
    exposure = np.array(times_shown, dtype=float)
    assert float(metrics.coverage(exposure)) == pytest.approx(covered)
    assert float(metrics.gini(exposure)) == pytest.approx(unequal)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any))
def test_gini_is_half_the_mean_difference_over_the_mean(times_shown: list[int]) -> None:
    exposure = np.array(times_shown, dtype=float)
    differences = np.abs(exposure[:, None] - exposure[None, :]).mean()
    expected = differences / (2 * exposure.mean())
    assert float(metrics.gini(exposure)) == pytest.approx(expected, abs=1e-9)
    both = metrics.gini(np.stack([exposure, exposure * 3]))
    np.testing.assert_allclose(both, expected, atol=1e-9)


def test_a_list_of_one_movie_is_not_diverse() -> None:
    genres = np.array([[1, 0], [0, 1]], dtype=np.float32)
    assert metrics.diversity(np.array([[0, -1], [-1, -1]], dtype=np.int32), genres).above.tolist() == [0, 0]
