import numpy as np
import pytest

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.models.linear.ease import Ease
from matinee.models.linear.head_tail import HeadTail
from tests.datasets import small_ratings

RIDGE = 7.0


def by_elimination(data: Dataset, head: np.ndarray, tail: np.ndarray) -> np.ndarray:
    """The formulas of the file, with every head movie as a neighbour: (movies, movies)."""
    X = np.zeros((data.n_users, data.n_movies))
    X[data.ratings.user, data.ratings.movie] = 1
    G = X.T @ X
    P = np.linalg.inv(G[np.ix_(head, head)] + RIDGE * np.eye(len(head)))
    B = np.zeros_like(G)
    for i in tail:
        near = head[G[head, i] > 0]  # what was never rated with it is no neighbour
        column = np.linalg.solve(G[np.ix_(near, near)] + RIDGE * np.eye(len(near)), G[near, i])
        B[near, i] = column
        left = G[i, i] + RIDGE - G[i, near] @ column
        B[i, near] = column / np.diag(P)[np.searchsorted(head, near)] / left
    for i in tail:
        left = G[i, i] + RIDGE - G[i, head] @ B[head, i]
        for j in tail:
            if j != i and G[i, j] > 0:
                B[i, j] = (G[i, j] - G[i, head] @ B[head, j]) / left
    return B


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_tail_equals_block_elimination(seed: int) -> None:
    data = small_ratings(seed=seed)
    model = Ease(reg=RIDGE, head=8, tail_neighbours=data.n_movies).fit(data)
    assert isinstance(model.weights, HeadTail)
    head = np.sort(model.weights.head)
    tail = np.setdiff1d(np.flatnonzero(data.counts), head)
    expected = by_elimination(data, head, tail)
    np.testing.assert_allclose(model.weights.tail.toarray(), expected, rtol=1e-3, atol=1e-5)


def test_only_the_strongest_neighbours_are_kept() -> None:
    data = small_ratings(seed=4)
    model = Ease(reg=RIDGE, head=8, tail_neighbours=2).fit(data)
    assert isinstance(model.weights, HeadTail)
    tail = model.weights.tail.toarray()
    inside = np.isin(np.arange(data.n_movies), model.weights.head)
    assert (np.count_nonzero(tail[inside], axis=0) <= 2).all()
    assert (np.count_nonzero(tail[~inside][:, ~inside], axis=1) <= 2).all()
    assert not tail[np.ix_(inside, inside)].any()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = small_ratings(seed=5)
    whole = Ease(head=6).fit(data).score(data.histories)
    monkeypatch.setattr("matinee.models.linear.ease_tail._BLOCK_BYTES", 1)
    np.testing.assert_allclose(Ease(head=6).fit(data).score(data.histories), whole, rtol=1e-5, atol=1e-8)


def test_tail_movies_count_in_histories_and_can_be_recommended() -> None:
    data = small_ratings(seed=6)
    model = Ease(reg=RIDGE, head=5).fit(data)
    assert isinstance(model.weights, HeadTail)
    tail = np.setdiff1d(np.flatnonzero(data.counts), model.weights.head)
    scores = model.score(Histories.of([[int(movie)] for movie in tail]))
    assert scores.any(axis=1).all()
    assert (model.score(data.histories)[:, tail] > 0).any(axis=0).all()
