import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import Histories
from matinee.training.batches.sequences import PADDING, SequenceBatches, Windows, pad_latest

# User 0 watched 10, 11, 12, 13, 14; user 1 one movie; user 2 nothing; user 3 two movies.
HISTORIES = Histories.of([[10, 11, 12, 13, 14], [20], [], [30, 31]])

ragged = st.lists(st.integers(0, 17), min_size=1, max_size=6).map(
    lambda lengths: Histories.of([[100 * user + step for step in range(n)] for user, n in enumerate(lengths)])
)


def pairs(batches: SequenceBatches, number: int) -> list[tuple[list[int], list[int]]]:
    """Inputs and targets of every window of an epoch, as movie rows without the padding."""
    windows = []
    for inputs, targets in batches.epoch(number):
        for row, target_row in zip(inputs.tolist(), targets.tolist(), strict=True):
            windows.append(([movie - 1 for movie in row if movie], [movie - 1 for movie in target_row if movie]))
    return sorted(windows)


def test_latest_windows_by_hand() -> None:
    batches = SequenceBatches(HISTORIES, length=3, batch_size=8, windows="latest", seed=0)
    assert len(batches) == 1
    (inputs, targets), *_ = batches.epoch(0)
    targets_of = {
        tuple(row): tuple(target_row) for row, target_row in zip(inputs.tolist(), targets.tolist(), strict=True)
    }
    assert targets_of == {(12, 13, 14): (13, 14, 15), (31, PADDING, PADDING): (32, PADDING, PADDING)}


def test_random_windows_by_hand() -> None:
    """Four targets in windows of at most three: the latest window holds 1, 2 or 3 of them, the other the rest."""
    batches = SequenceBatches(HISTORIES, length=3, batch_size=8, windows="random", seed=0)
    cuts = {
        1: [([10, 11, 12], [11, 12, 13]), ([13], [14]), ([30], [31])],
        2: [([10, 11], [11, 12]), ([12, 13], [13, 14]), ([30], [31])],
        3: [([10], [11]), ([11, 12, 13], [12, 13, 14]), ([30], [31])],
    }
    seen = [pairs(batches, number) for number in range(40)]
    assert all(window in cuts.values() for window in seen)
    assert all(cut in seen for cut in cuts.values())


@given(ragged, st.integers(1, 7), st.integers(1, 5), st.integers(0, 3), st.integers(0, 9))
def test_in_every_epoch_each_rating_but_the_first_is_a_target_once(
    histories: Histories, length: int, batch_size: int, seed: int, number: int
) -> None:
    windows = pairs(SequenceBatches(histories, length, batch_size, "random", seed), number)
    firsts = histories.movies[histories.offsets[:-1][histories.lengths > 0]]
    targets = sorted(movie for _, target_row in windows for movie in target_row)
    assert targets == sorted(set(histories.movies.tolist()) - set(firsts.tolist()))


@given(
    ragged,
    st.integers(1, 7),
    st.integers(1, 5),
    st.sampled_from(["latest", "random"]),
    st.integers(0, 3),
    st.integers(0, 9),
)
def test_windows_are_stretches_of_one_history_padded_on_the_right(
    histories: Histories, length: int, batch_size: int, windows: Windows, seed: int, number: int
) -> None:
    batches = SequenceBatches(histories, length, batch_size, windows, seed)
    batch_list = list(batches.epoch(number))
    assert len(batch_list) == len(batches)
    for inputs, targets in batch_list:
        assert inputs.shape == targets.shape
        assert inputs.shape[0] <= batch_size
        assert inputs.shape[1] == length
        for row, target_row in zip(inputs.numpy(), targets.numpy(), strict=True):
            steps = int((target_row != PADDING).sum())
            assert steps >= 1
            assert (row[steps:] == PADDING).all()
            assert (target_row[steps:] == PADDING).all()
            # Movies are numbered so that a successor within one history is one more.
            np.testing.assert_array_equal(row[:steps], row[0] + np.arange(steps))
            np.testing.assert_array_equal(target_row[:steps], row[:steps] + 1)


@pytest.mark.parametrize("windows", ["latest", "random"])
def test_an_epoch_is_reproducible_and_differs_from_the_next(windows: Windows) -> None:
    histories = Histories.of([[100 * user + step for step in range(12)] for user in range(20)])
    batches, twin = (SequenceBatches(histories, 5, 4, windows, seed=7) for _ in range(2))
    ahead = list(batches.epoch(3))
    list(twin.epoch(0))
    assert all((a[0] == b[0]).all() and (a[1] == b[1]).all() for a, b in zip(ahead, twin.epoch(3), strict=True))
    assert any((a[0] != b[0]).any() for a, b in zip(ahead, twin.epoch(4), strict=True))
    other = SequenceBatches(histories, 5, 4, windows, seed=8)
    assert any((a[0] != b[0]).any() for a, b in zip(ahead, other.epoch(3), strict=True))


def test_padded_keeps_the_latest_on_the_left() -> None:
    movies, lengths = pad_latest(HISTORIES, 3)
    assert movies.tolist() == [[13, 14, 15], [21, 0, 0], [0, 0, 0], [31, 32, 0]]
    assert lengths.tolist() == [3, 1, 0, 2]
