import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories
from matinee.models.elicitation import elicitation_order
from tests.datasets import small_ratings


def test_the_formula_by_hand() -> None:
    """Six users: 4 have seen movie 0, 3 movie 1, always with 0, and 2 movie 2, alone; none has seen movie 3.

    6 G = [[4, 3, 0], [3, 3, 0], [0, 0, 2]]. Without noise the gains are, times 6, (16 + 9) / 4 = 6.25, (9 + 9) / 3 = 6
    and 4 / 2 = 2. After 0 is asked, movie 1 has 3 - 9/4 = 0.75 left, and movie 2 all of its 2.
    """
    histories = Histories.of([[0, 1], [1, 0], [0, 1], [0], [2], [2]])
    assert elicitation_order(histories, 4, noise=0).tolist() == [0, 2, 1]
    assert elicitation_order(histories, 4, n=2, noise=0).tolist() == [0, 2]


def test_with_much_noise_variety_no_longer_counts() -> None:
    """As above with noise 100: the gains go as 16 + 9, 9 + 9 and 4, and one answer explains at most 4%."""
    histories = Histories.of([[0, 1], [1, 0], [0, 1], [0], [2], [2]])
    assert elicitation_order(histories, 4, noise=100).tolist() == [0, 1, 2]


def test_of_two_movies_always_seen_together_one_comes_last() -> None:
    histories = Histories.of([[0, 1]] * 5 + [[2]] * 4 + [[3]] * 3)
    assert elicitation_order(histories, 4, noise=0).tolist() == [0, 2, 3, 1]


def test_empty_histories_and_gaps_do_not_count() -> None:
    histories = Histories.of([[0, 1], [1, 0], [0, 1], [0], [2], [2]])
    with_more = Histories.of([[0, GAP, 1], [], [1, 0], [0, 1, GAP], [], [0], [2], [GAP], [2]])
    for noise in (0.0, 0.3, 10.0):
        assert (
            elicitation_order(with_more, 4, noise=noise).tolist()
            == elicitation_order(histories, 4, noise=noise).tolist()
        )


def test_without_histories_there_are_no_questions() -> None:
    assert elicitation_order(Histories.of([]), 5).tolist() == []
    assert elicitation_order(Histories.of([[], [GAP]]), 5).tolist() == []


def test_only_the_most_rated_movies_are_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matinee.models.elicitation._POOL", 2)
    histories = Histories.of([[3, 1], [3, 1], [3, 2], [0]])
    assert elicitation_order(histories, 4).tolist() == [3, 1]


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 1.0, 10.0]), st.integers(0, 25))
def test_it_equals_conditional_variances_for_each_question(seed: int, noise: float, n: int) -> None:
    """An independent way: the variance of all movies left after asking S is tr(G - G_S' (G_SS + noise I)^-1 G_S)."""
    data = small_ratings(seed)
    questions = elicitation_order(data.histories, data.n_movies, n, noise).tolist()
    seen = np.flatnonzero(data.counts)
    assert len(questions) == len(set(questions)) == min(n, len(seen))
    assert set(questions) <= set(seen.tolist())
    X = np.zeros((data.n_users, data.n_movies))
    X[data.ratings.user, data.ratings.movie] = 1
    G = X.T @ X / data.n_users

    def explained(rows: list[int]) -> float:
        S = G[rows]
        return float(np.trace(S.T @ np.linalg.pinv(S[:, rows] + noise * np.eye(len(rows)), rcond=1e-10) @ S))

    for position in range(len(questions)):
        others = [explained([*questions[:position], row]) for row in seen.tolist() if row not in questions[:position]]
        assert explained(questions[: position + 1]) >= max(others) - 1e-6
