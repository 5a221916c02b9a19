import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.index.ranks import ranks_against_ties


def test_by_hand() -> None:
    scores = np.array([[5, 1, 3, 3, 3], [0, 0, 0, 0, 0]], dtype=np.float32)
    columns = np.array([1, 2, 0, 4], dtype=np.int32)
    ranks, order = ranks_against_ties(scores, np.array([0, 3, 4]), columns)
    # Row 0: movie 0 is first alone, movie 2 follows 3 and 4 with the same score, movie 1 is last. Row 1: all equal.
    assert ranks.tolist() == [1, 4, 5, 5]
    assert columns[order].tolist() == [0, 2, 1, 4]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=9), st.data())
def test_targets_rank_after_all_ties(row: list[int], data: st.DataObject) -> None:
    targets = data.draw(st.lists(st.integers(0, len(row) - 1), min_size=1, unique=True))
    ranks, order = ranks_against_ties(
        np.array([row], dtype=np.float32), np.array([0, len(targets)]), np.array(targets, dtype=np.int32)
    )
    ranked = sorted(range(len(row)), key=lambda column: (-row[column], column in targets))
    assert ranks.tolist() == [number + 1 for number, column in enumerate(ranked) if column in targets]
    assert sorted(np.array(targets)[order].tolist()) == sorted(targets)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), st.data())
def test_counting_and_sorting_agree(row: list[int], data: st.DataObject) -> None:
    targets = np.array(data.draw(st.lists(st.integers(0, len(row) - 1), min_size=1, unique=True)), dtype=np.int32)
    scores, offsets = np.array([row], dtype=np.float32), np.array([0, len(targets)])
    results = []
    for few in (0, 100):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("matinee.index.ranks._FEW", few)
            results.append(ranks_against_ties(scores, offsets, targets)[0].tolist())
    assert results[0] == results[1]
