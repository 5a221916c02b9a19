from collections import Counter

import numpy as np
import pytest
import torch

from matinee.data.dataset import Dataset
from matinee.training.batches.pairs import Batch, Negatives, SingleBatches, WindowBatches
from matinee.training.batches.sequences import PADDING
from matinee.training.negatives import NegativeSampler
from tests.datasets import small_ratings

BATCH = 7


@pytest.fixture
def data() -> Dataset:
    return small_ratings(3)


def codes_of(data: Dataset) -> np.ndarray:
    """The number of the history, and ten times that."""
    return np.column_stack([np.arange(data.n_users), 10 * np.arange(data.n_users)])


def negatives(data: Dataset, k: int = 3) -> Negatives:
    return Negatives(NegativeSampler(data.histories, data.n_movies, "uniform"), k)


def pairs(data: Dataset) -> Counter[tuple[int, int]]:
    return Counter(zip(data.histories.owner.tolist(), data.histories.movies.tolist(), strict=True))


def positives(batches: list[Batch]) -> Counter[tuple[int, int]]:
    counts: Counter[tuple[int, int]] = Counter()
    for who, _, targets, _ in batches:
        for row, position in torch.nonzero(targets != PADDING).tolist():
            counts[int(who[row, 0]), int(targets[row, position]) - 1] += 1
    return counts


def assert_same(first: list[Batch], other: list[Batch]) -> None:
    for ours, theirs in zip(first, other, strict=True):
        assert all(torch.equal(part, twin) for part, twin in zip(ours, theirs, strict=True))


def test_every_rating_is_a_positive_once_with_its_user(data: Dataset) -> None:
    batches = SingleBatches(data.histories, codes_of(data), BATCH, None, seed=0)
    epoch = list(batches.epoch(0))
    assert positives(epoch) == pairs(data)
    assert len(epoch) == len(batches)
    assert {len(targets) for _, _, targets, _ in epoch[:-1]} == {BATCH}
    for who, inputs, targets, none in epoch:
        assert torch.equal(who[:, 1], 10 * who[:, 0])
        assert inputs.shape == targets.shape == (len(who), 1)
        assert none.shape == (len(who), 1, 0)
        assert not inputs.any()


def test_in_windows_every_rating_but_the_first_is_a_positive_once(data: Dataset) -> None:
    histories = data.histories
    firsts = Counter(zip(range(data.n_users), histories.movies[histories.offsets[:-1]].tolist(), strict=True))
    epoch = list(WindowBatches(histories, codes_of(data), 4, BATCH, None, seed=0).epoch(0))
    assert positives(epoch) == pairs(data) - firsts
    for who, inputs, targets, _ in epoch:
        for row, user in enumerate(who[:, 0].tolist()):
            own = data.histories_of(np.array([user], dtype=np.int32)).movies.tolist()
            length = int((targets[row] != PADDING).sum())
            window = [*(inputs[row, :length] - 1).tolist(), int(targets[row, length - 1]) - 1]
            assert window in [own[at : at + length + 1] for at in range(len(own))]


def test_shuffled_windows_hold_a_users_movies_in_another_order_each_epoch(data: Dataset) -> None:
    batches = WindowBatches(data.histories, codes_of(data), 20, 100, None, seed=0, shuffled=True)
    orders = []
    for epoch in (0, 1, 0):
        ((who, inputs, targets, _),) = batches.epoch(epoch)
        whole = torch.cat([inputs[:, :1], targets], dim=1)
        order = {int(user[0]): [row - 1 for row in rows.tolist() if row] for user, rows in zip(who, whole, strict=True)}
        for user, movies in order.items():
            own = data.histories_of(np.array([user], dtype=np.int32)).movies
            assert sorted(movies) == sorted(own.tolist())
        orders.append(order)
    assert orders[0] != orders[1]
    assert orders[0] == orders[2]


@pytest.mark.parametrize("kind", ["single", "windows"])
def test_negatives_are_never_a_users_own(kind: str, data: Dataset) -> None:
    drawn = negatives(data)
    if kind == "single":
        batches = SingleBatches(data.histories, codes_of(data), BATCH, drawn, seed=0)
    else:
        batches = WindowBatches(data.histories, codes_of(data), 4, BATCH, drawn, seed=0)
    own = pairs(data)
    for who, _, targets, movies in batches.epoch(0):
        assert movies.shape == (*targets.shape, 3)
        for user, rows in zip(who[:, 0].tolist(), movies.flatten(1).tolist(), strict=True):
            assert not any((user, movie) in own for movie in rows)


@pytest.mark.parametrize("kind", ["single", "windows"])
def test_an_epoch_is_a_function_of_its_number(kind: str, data: Dataset) -> None:
    if kind == "single":
        batches = SingleBatches(data.histories, codes_of(data), BATCH, negatives(data), seed=5)
    else:
        batches = WindowBatches(data.histories, codes_of(data), 4, BATCH, negatives(data), seed=5)
    first, second = list(batches.epoch(0)), list(batches.epoch(1))
    assert_same(list(batches.epoch(0)), first)
    assert not all(torch.equal(ours[2], theirs[2]) for ours, theirs in zip(first, second, strict=True))


def test_negatives_drawn_for_many_batches_at_once_fill_every_batch(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matinee.training.batches.pairs._NEGATIVES_AT_ONCE", 2 * BATCH * 3)
    batches = SingleBatches(data.histories, codes_of(data), BATCH, negatives(data), seed=0)
    epoch = list(batches.epoch(0))
    assert len(epoch) == len(batches)
    assert positives(epoch) == pairs(data)
