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
class Person:
    """One user: a score for each movie, what they had seen, and what they went on to rate."""

    scores: list[float]
    seen: list[int]
    targets: list[int]


@st.composite
def persons(draw: st.DrawFn) -> Person:
    movies = draw(st.permutations(range(N_MOVIES)))
    n_targets = draw(st.integers(1, 4))
    n_seen = draw(st.integers(0, N_MOVIES - n_targets))
    score = st.sampled_from([-1.5, 0.0, 0.25, 1.0])  # few values: ties everywhere
    scores = draw(st.lists(score, min_size=N_MOVIES, max_size=N_MOVIES))
    return Person(scores, movies[n_targets : n_targets + n_seen], movies[:n_targets])


def rank(people: list[Person], k: int = 3, candidates: list[int] | None = None) -> Ranking:
    mask = None if candidates is None else np.isin(np.arange(N_MOVIES), candidates)
    seen, targets = Histories.of([one.seen for one in people]), Histories.of([one.targets for one in people])
    return rank_targets(InTurn([one.scores for one in people]), seen, targets, k, mask)


def ranks(scores: list[float], seen: list[int], targets: list[int]) -> list[int]:
    model = InTurn([scores])
    return rank_targets(model, Histories.of([seen]), Histories.of([targets]), 1).ranks.tolist()


def naive_ranks(person: Person, candidates: list[int]) -> list[int]:
    """Places of the targets in the most unkind order the scores allow: among equals, targets come last."""
    listed = [movie for movie in candidates if movie not in person.seen]
    listed.sort(key=lambda movie: (-person.scores[movie], movie in person.targets))
    return sorted(listed.index(target) + 1 for target in person.targets)


@given(st.lists(persons(), min_size=1, max_size=4), st.sets(st.integers(0, N_MOVIES - 1)), st.booleans())
def test_ranks_are_the_worst_the_scores_allow(people: list[Person], some: set[int], limited: bool) -> None:
    needed = {target for one in people for target in one.targets}
    candidates = sorted(some | needed) if limited else list(range(N_MOVIES))
    found = rank(people, candidates=candidates if limited else None)
    for place, user in enumerate(people):
        span = slice(found.offsets[place], found.offsets[place + 1])
        assert found.ranks[span].tolist() == naive_ranks(user, candidates)
        assert sorted(found.target_movies[span].tolist()) == sorted(user.targets)
        best_first = [user.scores[movie] for movie in found.target_movies[span]]
        assert best_first == sorted(best_first, reverse=True)
        as_given = [user.scores[movie] for movie in user.targets]
        assert found.target_scores[span].tolist() == as_given


@given(st.lists(persons(), min_size=1, max_size=4), st.integers(1, N_MOVIES + 2))
def test_the_top_is_the_best_of_what_was_not_seen(people: list[Person], k: int) -> None:
    found = rank(people, k)
    assert found.top.shape == (len(people), min(k, N_MOVIES))
    for top, user in zip(found.top.tolist(), people, strict=True):
        unseen = sorted((user.scores[m] for m in range(N_MOVIES) if m not in user.seen), reverse=True)
        shown = [movie for movie in top if movie >= 0]
        assert not set(shown) & set(user.seen)
        assert len(set(shown)) == len(shown)
        assert [user.scores[movie] for movie in shown] == unseen[:k]
        assert top[len(shown) :] == [-1] * (len(top) - len(shown))


@given(st.lists(persons(), min_size=1, max_size=6), st.integers(1, 3))
def test_blocks_make_no_difference(people: list[Person], size: int) -> None:
    whole = rank(people)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ranking_module, "_BLOCK_BYTES", 4 * N_MOVIES * size)
        in_blocks = rank(people)
    for name in ("offsets", "ranks", "target_movies", "target_scores", "top"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(in_blocks, name))


def test_a_model_that_says_nothing_gets_the_worst_rank() -> None:
    assert ranks([0, 0, 0, 0, 0], seen=[], targets=[0]) == [5]
    assert ranks([0, 0, 0, 0, 0], seen=[1, 2], targets=[0]) == [3]
    assert ranks([0, 0, 0, 0, 0], seen=[], targets=[0, 4]) == [4, 5]


def test_tied_targets_follow_one_another_after_everything_they_tie_with() -> None:
    # 0 is ahead; then 1, 2 and 3 tie, of which 2 and 3 are targets; then 4, a target of its own.
    assert ranks([9, 5, 5, 5, 1], seen=[], targets=[2, 3, 4]) == [3, 4, 5]


def test_seen_movies_do_not_count_even_where_they_tie() -> None:
    assert ranks([9, 5, 5, 5, 1], seen=[0, 1], targets=[2]) == [2]
    assert ranks([9, 5, 5, 5, 1], seen=[0, 1, 3], targets=[2]) == [1]


def test_a_clear_winner_is_first() -> None:
    assert ranks([0, 3, 1], seen=[], targets=[1]) == [1]
    assert ranks([0, 3, 1], seen=[1], targets=[2]) == [1]


def test_a_test_movie_seen_before_is_never_a_hit() -> None:
    found = rank([Person([9, 1, 1, 1, 1, 1, 1, 1], seen=[0], targets=[0, 1])], k=8)
    by_movie = dict(zip(found.target_movies.tolist(), found.ranks.tolist(), strict=True))
    assert by_movie[1] == 7
    assert by_movie[0] == 8, "seven movies are not seen, and it is not one of them"


def test_only_candidates_are_ranked_and_shown() -> None:
    user = Person([9, 8, 7, 6, 5, 4, 3, 2], seen=[4], targets=[5])
    found = rank([user], k=4, candidates=[2, 4, 5, 7])
    assert found.ranks.tolist() == [2]
    assert found.top.tolist() == [[2, 5, 7, -1]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_are_not_finite_are_refused(bad: float) -> None:
    user = Person([0, 1, 2, 3, 4, 5, 6, bad], seen=[7], targets=[1])
    with pytest.raises(MatineeError, match="in turn returned a score that is not finite"):
        rank([user])


def test_a_model_sees_histories_and_no_targets() -> None:
    asked: list[list[int]] = []

    class Listening(Linear):
        def score(self, histories: Histories) -> np.ndarray:
            asked.append(histories.movies.tolist())
            return super().score(histories)

    rank_targets(Listening(np.eye(4)), Histories.of([[0, 1], [2]]), Histories.of([[3], [1]]), 2)
    assert asked == [[0, 1, 2]]


def test_a_model_may_give_out_an_array_of_its_own() -> None:
    class Remembering(Linear):
        def score(self, histories: Histories) -> np.ndarray:
            del histories
            return self.weights

    model = Remembering([[3, 2, 1]])
    for _ in range(2):
        found = rank_targets(model, Histories.of([[0]]), Histories.of([[2]]), 3)
        assert found.top.tolist() == [[1, 2, -1]]
