import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from matinee.training.batches.ratings import RatingBatches, RowBatches


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


def numbered(n: int, batch_size: int, seed: int = 0) -> RatingBatches:
    """Rating i has user i, movie 100 + i and value i / 2."""
    rows = np.arange(n, dtype=np.int32)
    return RatingBatches(rows, rows + 100, rows / 2, batch_size, seed)


def users(batches: RatingBatches, number: int) -> list[int]:
    return [user for batch in batches.epoch(number) for user in batch[0].tolist()]


@given(st.integers(0, 30), st.integers(1, 8), st.integers(0, 3), st.integers(0, 9))
def test_an_epoch_has_every_rating_once_and_whole(n: int, batch_size: int, seed: int, number: int) -> None:
    batches = numbered(n, batch_size, seed)
    batch_list = list(batches.epoch(number))
    assert len(batch_list) == len(batches)
    assert all(len(batch[0]) == batch_size for batch in batch_list[:-1])
    assert sorted(user for batch in batch_list for user in batch[0].tolist()) == list(range(n))
    for users, movies, ratings in batch_list:
        assert (users.dtype, movies.dtype, ratings.dtype) == (torch.int64, torch.int64, torch.float32)
        assert (movies == users + 100).all()
        assert (ratings == users / 2).all()


def test_an_epoch_is_reproducible_and_differs_from_the_next() -> None:
    batches, twin = numbered(100, 7), numbered(100, 7)
    ahead = users(batches, 3)
    users(twin, 0)
    assert users(twin, 3) == ahead
    assert users(twin, 4) != ahead
    assert users(numbered(100, 7, seed=1), 3) != ahead
    assert ahead != list(range(100))


def test_inputs_are_copied_and_not_changed() -> None:
    rows = np.arange(10)
    batches = RatingBatches(rows, rows, rows.astype(np.float32), 4, seed=0)
    before = users(batches, 0)
    rows[:] = 0
    assert users(batches, 0) == before


def test_columns_that_cannot_be_written_to_will_do() -> None:
    rows = np.arange(10, dtype=np.int64)
    rows.flags.writeable = False
    assert sorted(users(RatingBatches(rows, rows, rows, 4, seed=0), 0)) == list(range(10))


def test_every_row_once_in_an_epoch_in_another_order_each_time() -> None:
    batches = RowBatches(np.arange(3, 26), 5, seed=0)
    first, again, second = ([batch for (batch,) in batches.epoch(number)] for number in (0, 0, 1))
    assert [len(batch) for batch in first] == [5, 5, 5, 5, 3]
    assert len(batches) == 5
    rows = [np.concatenate(epoch) for epoch in (first, again, second)]
    assert sorted(rows[0].tolist()) == list(range(3, 26))
    np.testing.assert_array_equal(rows[0], rows[1])
    assert (rows[0] != rows[2]).any()
