from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories, offsets_of

batches = st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=6)


def lists(histories: Histories) -> list[list[int]]:
    return [histories.movies[a:b].tolist() for a, b in zip(histories.offsets, histories.offsets[1:], strict=False)]


def with_ratings(batch: list[list[int]]) -> Histories:
    """Each movie rated with half its row and watched at ten times its row, so that misalignment shows."""
    plain = Histories.of(batch, [[row / 2 for row in history] for history in batch])
    return Histories(plain.offsets, plain.movies, plain.ratings, plain.movies.astype(np.int64) * 10)


def assert_aligned(histories: Histories) -> None:
    assert histories.ratings is not None
    assert histories.timestamps is not None
    np.testing.assert_array_equal(histories.ratings, histories.movies / 2)
    np.testing.assert_array_equal(histories.timestamps, histories.movies * 10)


@given(batches)
def test_lists_are_converted_and_back(batch: list[list[int]]) -> None:
    histories = Histories.of(batch)
    assert len(histories) == len(batch)
    assert lists(histories) == batch
    assert histories.lengths.tolist() == [len(history) for history in batch]
    assert histories.owner.tolist() == [i for i, history in enumerate(batch) for _ in history]
    assert histories.age.tolist() == [age for history in batch for age in reversed(range(len(history)))]


@given(batches, st.integers(0, 8))
def test_latest_keeps_the_end_of_each(batch: list[list[int]], n: int) -> None:
    latest = with_ratings(batch).latest(n)
    assert lists(latest) == [history[max(0, len(history) - n) :] for history in batch]
    assert_aligned(latest)


@given(batches, st.integers(1, 4))
def test_blocks_together_are_the_whole(batch: list[list[int]], size: int) -> None:
    whole = with_ratings(batch)
    blocks = [whole.block(start, start + size) for start in range(0, len(whole), size)]
    assert [history for block in blocks for history in lists(block)] == batch
    assert all(block.offsets[0] == 0 for block in blocks)
    for block in blocks:
        assert_aligned(block)


@given(st.lists(st.integers(0, 9), max_size=6))
def test_each_gap_replaces_one_entry(history: list[int]) -> None:
    single = with_ratings([history])
    copies = single.each_with_gap(np.arange(len(history)))
    assert lists(copies) == [[*history[:i], GAP, *history[i + 1 :]] for i in range(len(history))]
    assert copies.age.tolist() == single.age.tolist() * len(history)


@given(batches, st.randoms())
def test_gaps_are_removed(batch: list[list[int]], random) -> None:
    mask = np.array([random.random() < 0.5 for history in batch for _ in history], dtype=bool)
    expected, start = [], 0
    for history in batch:
        expected.append([row for row, is_gap in zip(history, mask[start:], strict=False) if not is_gap])
        start += len(history)
    closed = with_ratings(batch).with_gaps(mask).without_gaps()
    assert lists(closed) == expected
    assert_aligned(closed)


def test_unknown_ratings_and_timestamps_stay_unknown() -> None:
    histories = Histories.of([[1, 2], [3]])
    for part in (
        histories,
        histories.block(0, 1),
        histories.latest(1),
        histories.block(0, 1).each_with_gap(np.array([1])),
        histories.with_gaps(np.array([True, False, False])).without_gaps(),
    ):
        assert part.ratings is None
        assert part.timestamps is None


def test_an_empty_batch_is_valid() -> None:
    empty = Histories.of([])
    assert len(empty) == 0
    assert lists(empty.latest(3)) == []
    assert empty.owner.tolist() == empty.age.tolist() == []


@pytest.mark.parametrize(("lengths", "offsets"), [([], [0]), ([0, 0], [0, 0, 0]), ([2, 0, 3], [0, 2, 2, 5])])
def test_offsets(lengths: list[int], offsets: list[int]) -> None:
    result = offsets_of(np.array(lengths, dtype=np.int64))
    assert result.tolist() == offsets
    assert result.dtype == np.int64


def test_user_features_are_carried_along() -> None:
    users = pl.DataFrame({"row": pl.Series([4, None, 1], dtype=pl.Int32), "age": [25, 18, 50]})
    histories = replace(Histories.of([[0, 1], [2], [3, 4, 5]]), users=users)
    assert histories.block(1, 3).users["age"].to_list() == [18, 50]
    assert histories.latest(1).users["age"].to_list() == [25, 18, 50]
    assert histories.block(2, 3).each_with_gap(np.arange(3)).users["age"].to_list() == [50, 50, 50]
    assert histories.user_rows(n_users=3).tolist() == [-1, -1, 1]  # row 4 is a user that the model does not know
    assert Histories.of([[1]]).user_rows(n_users=3).tolist() == [-1]


@pytest.mark.parametrize("entries", [1, 2, 3, 5, 100])
def test_spans_cover_all_histories_once(entries: int) -> None:
    histories = Histories.of([[], [1, 2], [3], [], [4, 5, 6], []])
    spans = histories.spans(entries)
    assert [row for start, stop in spans for row in range(start, stop)] == list(range(6))
    assert all(len(histories.block(start, stop - 1).movies) < entries for start, stop in spans)
    assert Histories.of([[], []]).spans(entries) == [(0, 2)]
    assert Histories.of([]).spans(entries) == []
