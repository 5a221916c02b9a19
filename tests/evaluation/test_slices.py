import numpy as np
import pytest

from matinee.data.splits import Split, make_split
from matinee.evaluation.ranking import Ranking, rank_targets
from matinee.evaluation.slices import slices_of
from matinee.reports.schema import Slice
from tests.datasets import dataset_of, small_ratings
from tests.toy_models import InTurn, Linear, Toy, oracle

K = 3


def ranked(model: Toy, split: Split) -> Ranking:
    return rank_targets(model, split.histories, split.targets, K)


def sliced(model: Toy, split: Split) -> dict[str, Slice]:
    return slices_of(model, ranked(model, split), split, K, seed=0)


def recall_by_hand(ranking: Ranking, users: list[int], movies: set[int]) -> tuple[int, float]:
    """Count the `users` with a target in `movies`, and average the share of those targets in the top K."""
    shares: list[float] = []
    for user in users:
        span = range(int(ranking.offsets[user]), int(ranking.offsets[user + 1]))
        hits = [ranking.ranks[entry] <= K for entry in span if int(ranking.target_movies[entry]) in movies]
        if hits:
            shares.append(sum(map(bool, hits)) / len(hits))
    return len(shares), sum(shares) / len(shares)


@pytest.fixture
def split() -> Split:
    return make_split(small_ratings(11, n_users=40), "random:0.3")


@pytest.fixture
def model() -> Linear:
    return Linear(np.random.default_rng(0).normal(size=(20, 20)))


def test_cold_users_are_the_quarter_with_the_shortest_histories(split: Split, model: Linear) -> None:
    lengths = split.histories.lengths
    limit = np.sort(lengths)[(len(lengths) - 1) // 4]
    cold = np.flatnonzero(lengths <= limit).tolist()
    assert 0 < len(cold) < len(lengths)
    users, recall = recall_by_hand(ranked(model, split), cold, set(range(20)))
    part = sliced(model, split)["cold users"]
    assert part.users == users == len(cold)
    assert part.metrics[f"recall@{K}"].value == pytest.approx(recall)
    assert f"at most {limit} movies" in str(part.description)


def test_tail_movies_are_those_outside_the_most_rated_fifth(split: Split, model: Linear) -> None:
    by_count = sorted(range(20), key=lambda movie: -split.before_test.counts[movie])
    tail = set(by_count[4:])
    users, recall = recall_by_hand(ranked(model, split), list(range(len(split.targets))), tail)
    part = sliced(model, split)["tail movies"]
    assert part.users == users
    assert part.metrics[f"recall@{K}"].value == pytest.approx(recall)
    share = sum(split.before_test.counts[movie] for movie in tail) / len(split.before_test.ratings)
    assert f"{share:.0%} of ratings" in str(part.description)


def test_hidden_movies_are_also_ranked_among_themselves() -> None:
    split = make_split(small_ratings(11, n_users=40), "cold-movies:0.2")
    assert split.hidden is not None
    scores = np.where(split.hidden, -1.0, 1.0) + np.arange(20) / 100  # every hidden movie after all others
    best_hidden = set(sorted(np.flatnonzero(split.hidden).tolist(), reverse=True)[:K])
    targets = [split.targets.block(user, user + 1).movies.tolist() for user in range(len(split.targets))]
    hit = [bool(best_hidden & set(own)) for own in targets]
    slices = sliced(Linear(np.zeros((20, 20)), scores), split)
    assert slices["hidden movies alone"].metrics[f"hr@{K}"].value == pytest.approx(sum(hit) / len(hit))
    assert f"the {split.hidden.sum()} hidden movies" in str(slices["hidden movies alone"].description)
    assert slices["cold users"].metrics[f"hr@{K}"].value == 0
    assert "hidden movies alone" not in sliced(Linear(np.eye(20)), make_split(small_ratings(11), "random:0.3"))


@pytest.mark.parametrize("protocol", ["leave-last", "cold-movies:0.05"])
def test_an_oracle_is_right_in_every_slice(protocol: str) -> None:
    split = make_split(small_ratings(11, n_users=40), protocol)
    for part in sliced(oracle(split), split).values():
        assert {name: figure.value for name, figure in part.metrics.items()} == pytest.approx(
            {f"hr@{K}": 1, f"recall@{K}": 1, f"ndcg@{K}": 1}
        )


def test_ranks_in_the_tail_are_those_among_all_movies() -> None:
    # Movie 0 is the head. User 0 is tested on it and on 4 of the tail, which comes second, not first.
    dataset = dataset_of([0, 0, 0, 1, 2], [0, 1, 4, 0, 0], n_users=3, n_movies=5)
    split = make_split(dataset, "files", parts=np.array([2, 0, 2, 0, 0], dtype=np.uint8))
    model = InTurn([[9, 1, 1, 1, 8]])
    for k, hit in ((1, 0), (2, 1)):
        slices = slices_of(model, rank_targets(model, split.histories, split.targets, k), split, k, seed=0)
        assert slices["tail movies"].metrics[f"hr@{k}"].value == hit
        assert slices["tail movies"].users == 1


def test_an_empty_slice_is_left_out() -> None:
    dataset = dataset_of([0, 0, 1, 2], [0, 1, 0, 0], n_users=3, n_movies=5)
    split = make_split(dataset, "files", parts=np.array([2, 0, 0, 0], dtype=np.uint8))
    assert list(sliced(Linear(np.zeros((5, 5))), split)) == ["cold users"]  # the one test is of the head
