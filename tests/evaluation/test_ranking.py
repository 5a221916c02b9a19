from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import Histories
from matinee.errors import MatineeError
from matinee.evaluation import ranking as ranking_module
from matinee.evaluation.ranking import Ranking, rank_targets
from tests.toy_models import InTurn, Linear

N_MOVIES = 8


@dataclass
class User:
    """One user: a score for each movie, the movies they had seen, and those they rate next."""

    scores: list[float]
    seen: list[int]
    targets: list[int]


@st.composite
def random_users(draw: st.DrawFn) -> User:
    movies = draw(st.permutations(range(N_MOVIES)))
    n_targets = draw(st.integers(1, 4))
    n_seen = draw(st.integers(0, N_MOVIES - n_targets))
    score = st.sampled_from([-1.5, 0.0, 0.25, 1.0])  # few values: ties everywhere
    scores = draw(st.lists(score, min_size=N_MOVIES, max_size=N_MOVIES))
    return User(scores, movies[n_targets : n_targets + n_seen], movies[:n_targets])


def rank(users: list[User], k: int = 3, candidates: list[int] | None = None) -> Ranking:
    mask = None if candidates is None else np.isin(np.arange(N_MOVIES), candidates)
    seen, targets = Histories.of([user.seen for user in users]), Histories.of([user.targets for user in users])
    return rank_targets(InTurn([user.scores for user in users]), seen, targets, k, mask)


def ranks(scores: list[float], seen: list[int], targets: list[int]) -> list[int]:
    model = InTurn([scores])
    return rank_targets(model, Histories.of([seen]), Histories.of([targets]), 1).ranks.tolist()


def naive_ranks(user: User, candidates: list[int]) -> list[int]:
    """Rank the targets in the worst order the scores allow: among equals, targets come last."""
    listed = [movie for movie in candidates if movie not in user.seen]
    listed.sort(key=lambda movie: (-user.scores[movie], movie in user.targets))
    return sorted(listed.index(target) + 1 for target in user.targets)


@given(st.lists(random_users(), min_size=1, max_size=4), st.sets(st.integers(0, N_MOVIES - 1)), st.booleans())
def test_ranks_are_the_worst_the_scores_allow(users: list[User], extra: set[int], limited: bool) -> None:
    needed = {target for user in users for target in user.targets}
    candidates = sorted(extra | needed) if limited else list(range(N_MOVIES))
    ranking = rank(users, candidates=candidates if limited else None)
    for row, user in enumerate(users):
        span = slice(ranking.offsets[row], ranking.offsets[row + 1])
        assert ranking.ranks[span].tolist() == naive_ranks(user, candidates)
        assert sorted(ranking.target_movies[span].tolist()) == sorted(user.targets)
        best_first = [user.scores[movie] for movie in ranking.target_movies[span]]
        assert best_first == sorted(best_first, reverse=True)
        in_order = [user.scores[movie] for movie in user.targets]
        assert ranking.target_scores[span].tolist() == in_order


@given(st.lists(random_users(), min_size=1, max_size=4), st.integers(1, N_MOVIES + 2))
def test_the_top_has_the_best_unseen_movies(users: list[User], k: int) -> None:
    ranking = rank(users, k)
    assert ranking.top.shape == (len(users), min(k, N_MOVIES))
    for top, user in zip(ranking.top.tolist(), users, strict=True):
        unseen = sorted((user.scores[m] for m in range(N_MOVIES) if m not in user.seen), reverse=True)
        shown = [movie for movie in top if movie >= 0]
        assert not set(shown) & set(user.seen)
        assert len(set(shown)) == len(shown)
        assert [user.scores[movie] for movie in shown] == unseen[:k]
        assert top[len(shown) :] == [-1] * (len(top) - len(shown))


@given(st.lists(random_users(), min_size=1, max_size=6), st.integers(1, 3))
def test_blocks_make_no_difference(users: list[User], size: int) -> None:
    whole = rank(users)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(ranking_module, "_BLOCK_BYTES", 4 * N_MOVIES * size)
        in_blocks = rank(users)
    for name in ("offsets", "ranks", "target_movies", "target_scores", "top"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(in_blocks, name))


def test_constant_scores_get_the_worst_rank() -> None:
    assert ranks([0, 0, 0, 0, 0], seen=[], targets=[0]) == [5]
    assert ranks([0, 0, 0, 0, 0], seen=[1, 2], targets=[0]) == [3]
    assert ranks([0, 0, 0, 0, 0], seen=[], targets=[0, 4]) == [4, 5]


def test_tied_targets_come_after_the_movies_they_tie_with() -> None:
    # Movie 0 is first. Movies 1, 2 and 3 tie, 2 and 3 are targets. Movie 4 is another target.
    assert ranks([9, 5, 5, 5, 1], seen=[], targets=[2, 3, 4]) == [3, 4, 5]


def test_seen_movies_do_not_count_even_if_they_tie() -> None:
    assert ranks([9, 5, 5, 5, 1], seen=[0, 1], targets=[2]) == [2]
    assert ranks([9, 5, 5, 5, 1], seen=[0, 1, 3], targets=[2]) == [1]


def test_a_clear_winner_is_first() -> None:
    assert ranks([0, 3, 1], seen=[], targets=[1]) == [1]
    assert ranks([0, 3, 1], seen=[1], targets=[2]) == [1]


def test_a_test_movie_seen_before_is_never_a_hit() -> None:
    ranking = rank([User([9, 1, 1, 1, 1, 1, 1, 1], seen=[0], targets=[0, 1])], k=8)
    by_movie = dict(zip(ranking.target_movies.tolist(), ranking.ranks.tolist(), strict=True))
    assert by_movie[1] == 7
    assert by_movie[0] == 8, "behind all seven unseen movies"


def test_only_candidates_are_ranked_and_shown() -> None:
    user = User([9, 8, 7, 6, 5, 4, 3, 2], seen=[4], targets=[5])
    ranking = rank([user], k=4, candidates=[2, 4, 5, 7])
    assert ranking.ranks.tolist() == [2]
    assert ranking.top.tolist() == [[2, 5, 7, -1]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_are_not_finite_are_refused(bad: float) -> None:
    user = User([0, 1, 2, 3, 4, 5, 6, bad], seen=[7], targets=[1])
    with pytest.raises(MatineeError, match="in turn returned a score that is not finite"):
        rank([user])


def test_a_model_gets_histories_and_no_targets() -> None:
    received: list[list[int]] = []

    class Recording(Linear):
        def score(self, histories: Histories) -> np.ndarray:
            received.append(histories.movies.tolist())
            return super().score(histories)

    rank_targets(Recording(np.eye(4)), Histories.of([[0, 1], [2]]), Histories.of([[3], [1]]), 2)
    assert received == [[0, 1, 2]]


def test_a_model_may_return_its_own_array() -> None:
    class SharedArray(Linear):
        def score(self, histories: Histories) -> np.ndarray:
            del histories
            return self.weights

    model = SharedArray([[3, 2, 1]])
    for _ in range(2):
        ranking = rank_targets(model, Histories.of([[0]]), Histories.of([[2]]), 3)
        assert ranking.top.tolist() == [[1, 2, -1]]
