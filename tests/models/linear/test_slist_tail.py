import numpy as np
import pytest

from matinee.data.histories import Histories
from matinee.models.linear.head_tail import HeadTail
from matinee.models.linear.slist import Slist
from tests.datasets import small_ratings
from tests.models.linear.test_slist import ridge_weights, row_by_row

HEAD = 8


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_weights_to_and_from_the_tail_are_small_regressions(seed: int) -> None:
    data = small_ratings(seed=seed)
    n = data.n_movies
    model = Slist(head=HEAD, reg=10, tail_neighbours=2 * n).fit(data)
    assert isinstance(model.weights, HeadTail)
    tail = model.weights.tail.toarray()
    X, Y = row_by_row(data, model)
    head = np.concatenate([model.weights.head, model.weights.head + n])
    for movie in np.setdiff1d(np.arange(n), model.weights.head):
        before = np.intersect1d(head, np.flatnonzero(X.T @ Y[:, movie]))
        np.testing.assert_allclose(
            tail[before, movie], ridge_weights(X[:, before], Y[:, [movie]], 10)[:, 0], rtol=1e-3, atol=1e-5
        )
        own = [movie, movie + n]
        np.testing.assert_allclose(tail[own], ridge_weights(X[:, own], Y, 10), rtol=1e-3, atol=1e-5)


def test_the_tail_does_not_change_the_head() -> None:
    data = small_ratings(seed=4)
    model = Slist(head=HEAD, reg=10).fit(data)
    assert isinstance(model.weights, HeadTail)
    X, Y = row_by_row(data, model)
    head = model.weights.head
    rows = np.concatenate([head, head + data.n_movies])
    np.testing.assert_allclose(
        model.weights.block.astype(float), ridge_weights(X[:, rows], Y[:, head], 10), rtol=2e-3, atol=2e-4
    )


def test_groups_change_nothing_and_few_neighbours_are_the_strongest(monkeypatch: pytest.MonkeyPatch) -> None:
    data = small_ratings(seed=5)
    n = data.n_movies
    whole, few = (Slist(head=HEAD, tail_neighbours=neighbours).fit(data).weights for neighbours in (2 * n, 3))
    assert isinstance(whole, HeadTail)
    assert isinstance(few, HeadTail)
    tail = np.setdiff1d(np.arange(n), whole.head)
    from_tail = np.concatenate([tail, tail + n])
    for some, every in zip(few.tail.toarray()[from_tail], whole.tail.toarray()[from_tail], strict=True):
        neighbours = np.flatnonzero(some)
        assert len(neighbours) <= 3
        np.testing.assert_allclose(
            np.sort(np.abs(some[neighbours])), np.sort(np.abs(every))[::-1][: len(neighbours)][::-1]
        )
    monkeypatch.setattr("matinee.models.linear.slist_tail._GROUP_RATINGS", 1)
    again = Slist(head=HEAD, tail_neighbours=2 * n).fit(data).weights
    assert isinstance(again, HeadTail)
    np.testing.assert_allclose(again.tail.toarray(), whole.tail.toarray(), rtol=1e-5, atol=1e-8)


def test_tail_movies_count_in_histories() -> None:
    data = small_ratings(seed=6)
    model = Slist(head=5).fit(data)
    assert isinstance(model.weights, HeadTail)
    followed = data.histories.movies[data.histories.age > 0]
    tail = np.setdiff1d(followed, model.weights.head)
    assert model.score(Histories.of([[int(movie)] for movie in tail])).any(axis=1).all()
