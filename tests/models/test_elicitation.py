import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories
from matinee.models.elicitation import elicitation_order
from tests.datasets import small_ratings


def test_the_formula_by_hand() -> None:
    """Six people: 4 have seen movie 0, 3 movie 1, always with 0, and 2 movie 2, alone; nobody has seen movie 3.

    6 G = [[4, 3, 0], [3, 3, 0], [0, 0, 2]]. Without noise the gains are, times 6, (16 + 9) / 4 = 6.25, (9 + 9) / 3 = 6
    and 4 / 2 = 2. What 0 tells taken off, movie 1 has 3 - 9/4 = 0.75 left, and movie 2 all of its 2.
    """
    people = Histories.of([[0, 1], [1, 0], [0, 1], [0], [2], [2]])
    assert elicitation_order(people, 4, noise=0).tolist() == [0, 2, 1]
    assert elicitation_order(people, 4, n=2, noise=0).tolist() == [0, 2]


def test_with_much_noise_variety_no_longer_counts() -> None:
    """As above with noise 100: the gains go as 16 + 9, 9 + 9 and 4, and what one answer tells takes off 4% at most."""
    people = Histories.of([[0, 1], [1, 0], [0, 1], [0], [2], [2]])
    assert elicitation_order(people, 4, noise=100).tolist() == [0, 1, 2]


def test_the_second_of_two_movies_always_seen_together_is_asked_last() -> None:
    people = Histories.of([[0, 1]] * 5 + [[2]] * 4 + [[3]] * 3)
    assert elicitation_order(people, 4, noise=0).tolist() == [0, 2, 3, 1]


def test_people_without_a_history_do_not_count_and_gaps_are_nothing() -> None:
    people = Histories.of([[0, 1], [1, 0], [0, 1], [0], [2], [2]])
    with_more = Histories.of([[0, GAP, 1], [], [1, 0], [0, 1, GAP], [], [0], [2], [GAP], [2]])
    for noise in (0.0, 0.3, 10.0):
        assert (
            elicitation_order(with_more, 4, noise=noise).tolist() == elicitation_order(people, 4, noise=noise).tolist()
        )


def test_nobody_to_learn_from_means_nothing_to_ask() -> None:
    assert elicitation_order(Histories.of([]), 5).tolist() == []
    assert elicitation_order(Histories.of([[], [GAP]]), 5).tolist() == []


def test_only_the_most_rated_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matinee.models.elicitation._POOL", 2)
    people = Histories.of([[3, 1], [3, 1], [3, 2], [0]])
    assert elicitation_order(people, 4).tolist() == [3, 1]


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 1.0, 10.0]), st.integers(0, 25))
def test_as_when_the_conditional_variance_is_worked_out_anew_for_each_question(seed: int, noise: float, n: int) -> None:
    """An independent way: the variance of all movies left after asking S is tr(G - G_S' (G_SS + noise I)^-1 G_S)."""
    data = small_ratings(seed)
    asked = elicitation_order(data.histories, data.n_movies, n, noise).tolist()
    seen = np.flatnonzero(data.counts)
    assert len(asked) == len(set(asked)) == min(n, len(seen))
    assert set(asked) <= set(seen.tolist())
    X = np.zeros((data.n_users, data.n_movies))
    X[data.ratings.user, data.ratings.movie] = 1
    G = X.T @ X / data.n_users

    def told(rows: list[int]) -> float:
        S = G[rows]
        return float(np.trace(S.T @ np.linalg.pinv(S[:, rows] + noise * np.eye(len(rows)), rcond=1e-10) @ S))

    for place in range(len(asked)):
        others = [told([*asked[:place], row]) for row in seen.tolist() if row not in asked[:place]]
        assert told(asked[: place + 1]) >= max(others) - 1e-6
