import contextlib
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from matinee.data.dataset import Dataset
from matinee.data.splits import DROPPED, TEST, TRAIN, VALIDATION, Split, make_split
from matinee.errors import ProtocolError
from tests.datasets import DAY, START, checkerboard, dataset_of, small_ratings

N_USERS, N_MOVIES = 6, 8
tables = st.lists(
    st.tuples(st.integers(0, N_USERS - 1), st.integers(0, N_MOVIES - 1), st.integers(0, 5)),  # user, movie, day
    unique_by=lambda row: row[:2],
    min_size=8,
    max_size=30,
)
shares = st.floats(0.1, 0.8)


def of_rows(rows: list[tuple[int, int, int]]) -> Dataset:
    users, movies, days = zip(*rows, strict=True)
    times = START + np.array(days) * DAY
    return dataset_of(users, movies, [1.0] * len(rows), times, n_users=N_USERS, n_movies=N_MOVIES)


def pairs(part: Dataset) -> list[tuple[int, int]]:
    return list(zip(part.ratings.user.tolist(), part.ratings.movie.tolist(), strict=True))


def split_of(dataset: Dataset, protocol: str, seed: int = 0) -> Split:
    """The split, where there is something to learn from and to test."""
    try:
        return make_split(dataset, protocol, seed)
    except ProtocolError as error:
        if "leaves nothing to" not in str(error):
            raise
        reject()


def assert_parts_make_the_whole(split: Split, dataset: Dataset) -> int:
    """Disjoint parts, and every rating in one of them unless it was dropped; the number of those dropped."""
    found = Counter(pairs(split.train) + pairs(split.validation) + pairs(split.test))
    everything = Counter(pairs(dataset))
    assert found <= everything
    dropped = everything - found
    past = {user for user, _ in pairs(split.before_test)}
    assert not past & {user for user, _ in dropped}
    assert {user for user, _ in pairs(split.test)} <= past
    if dropped:
        users = len({user for user, _ in dropped})
        assert f"{users} users with no earlier rating ({dropped.total()} test ratings)" in split.dropped[-1]
    return dropped.total()


@given(tables)
def test_leave_last_is_each_users_last_in_file_order_among_equal_times(
    rows: list[tuple[int, int, int]],
) -> None:
    dataset = of_rows(rows)
    split = split_of(dataset, "leave-last")
    assert assert_parts_make_the_whole(split, dataset) == 0
    expected: dict[str, list[tuple[int, int]]] = {"train": [], "validation": [], "test": []}
    few = tied = 0
    for user in range(N_USERS):
        own = sorted((row for row in rows if row[0] == user), key=lambda row: row[2])  # stable
        walk = [row[:2] for row in own]
        if len(walk) < 3:
            few += bool(walk)
            expected["train"] += walk
            continue
        tied += own[-1][2] == own[-2][2]
        expected["train"] += walk[:-2]
        expected["validation"].append(walk[-2])
        expected["test"].append(walk[-1])
    assert {part: pairs(getattr(split, part)) for part in expected} == expected
    assert any(f"{few} users with fewer than 3" in one for one in split.dropped) == bool(few)
    assert any(f"{tied} users rated their last two" in one for one in split.dropped) == bool(tied)


@given(tables, shares, st.integers(0, 3))
def test_random_takes_exactly_the_share(rows: list[tuple[int, int, int]], share: float, seed: int) -> None:
    dataset = of_rows(rows)
    split = split_of(dataset, f"random:{share}", seed)
    dropped = assert_parts_make_the_whole(split, dataset)
    n_test = round(share * len(rows))
    assert len(split.test.ratings) + dropped == n_test
    assert len(split.validation.ratings) == round(share * (len(rows) - n_test))


@given(tables, shares)
def test_time_never_trains_on_what_came_later(rows: list[tuple[int, int, int]], share: float) -> None:
    dataset = of_rows(rows)
    split = split_of(dataset, f"time:{share}")
    assert_parts_make_the_whole(split, dataset)
    moments = [_times(split.train), _times(split.validation), _times(split.test)]
    for earlier, later in ((0, 1), (1, 2), (0, 2)):
        if len(moments[earlier]) and len(moments[later]):
            assert moments[earlier].max() < moments[later].min()  # so equal times are on the same side too
    days = sorted(day for _, _, day in rows)
    moment = days[int(share * len(rows))]  # at most the share lies before it
    assert len(moments[0]) + len(moments[1]) == sum(day < moment for day in days)


@given(tables, shares, st.integers(0, 3))
def test_cold_movies_are_hidden_entirely(rows: list[tuple[int, int, int]], share: float, seed: int) -> None:
    dataset = of_rows(rows)
    split = split_of(dataset, f"cold-movies:{share}", seed)
    dropped = assert_parts_make_the_whole(split, dataset)
    assert split.hidden is not None
    rated = {movie for _, movie in pairs(dataset)}
    hidden = set(np.flatnonzero(split.hidden).tolist())
    assert hidden <= rated
    assert len(hidden) == max(1, round(share * len(rated)))
    validated, learned = ({movie for _, movie in pairs(part)} for part in (split.validation, split.train))
    assert not hidden & (learned | validated)
    assert not validated & learned
    assert len(validated) == min(len(hidden), len(rated) - len(hidden))
    assert len(split.test.ratings) + dropped == sum(movie in hidden for _, movie in pairs(dataset))


@given(tables, st.sampled_from(["random:0.3", "cold-movies:0.3"]), st.integers(0, 2**31))
def test_same_seed_same_split(rows: list[tuple[int, int, int]], protocol: str, seed: int) -> None:
    dataset = of_rows(rows)
    one, same = split_of(dataset, protocol, seed), split_of(dataset, protocol, seed)
    for part in ("train", "validation", "test"):
        assert pairs(getattr(one, part)) == pairs(getattr(same, part))


def test_another_seed_is_another_split() -> None:
    dataset = small_ratings(1)
    for protocol in ("random:0.3", "cold-movies:0.3"):
        assert len({tuple(pairs(make_split(dataset, protocol, seed).test)) for seed in range(5)}) == 5


def test_time_by_date_is_midnight_utc() -> None:
    times = [1041379199, 1041379200, 1041379201, 1000000000]  # 2003-01-01 00:00 UTC is 1041379200
    dataset = dataset_of([0, 0, 0, 0], [0, 1, 2, 3], None, times, n_users=1, n_movies=4)
    split = make_split(dataset, "time:2003-01-01")
    assert pairs(split.before_test) == [(0, 3), (0, 0)]
    assert pairs(split.test) == [(0, 1), (0, 2)]
    assert split.protocol == "time:2003-01-01"
    assert "2003-01-01 00:00 UTC" in split.description


def test_users_without_a_past_are_dropped_and_counted() -> None:
    times = START + np.array([0, 5, 6, 7, 1]) * DAY
    dataset = dataset_of([0, 0, 1, 1, 2], [0, 1, 2, 3, 4], None, times, n_users=3, n_movies=5)
    split = make_split(dataset, "time:0.4")
    assert pairs(split.test) == [(0, 1)]
    assert split.tested_users.tolist() == [0]
    assert split.dropped == ("1 users with no earlier rating (2 test ratings) are dropped",)


def test_files_are_split_as_they_say() -> None:
    dataset = dataset_of([0, 0, 0, 1], [0, 1, 2, 0], n_users=2, n_movies=4)
    part = np.array([TRAIN, TEST, VALIDATION, TEST], dtype=np.uint8)
    split = make_split(dataset, "files", given=part)
    assert (pairs(split.train), pairs(split.validation), pairs(split.test)) == ([(0, 0)], [(0, 2)], [(0, 1)])
    assert "1 users" in split.dropped[0]
    assert part.tolist() == [TRAIN, TEST, VALIDATION, TEST], "what was given is not written to"
    assert DROPPED not in part


def test_histories_and_targets_are_aligned_with_the_tested_users() -> None:
    split = make_split(small_ratings(1), "random:0.2")
    assert len(split.tested_users) == len(split.histories) == len(split.targets) > 0
    for place, user in enumerate(split.tested_users.tolist()):
        own = [movie for one, movie in pairs(split.before_test) if one == user]
        assert split.histories.block(place, place + 1).movies.tolist() == own
        own = [movie for one, movie in pairs(split.test) if one == user]
        assert split.targets.block(place, place + 1).movies.tolist() == own


NAMELESS = [
    "",
    ":",
    "leave",
    "Leave-last",
    "leave-last:1",
    "files:0.1",
    "files",
    "time",
    "random",
    "cold-movies",
]
SHARES = ["", "0", "1", "-0.1", "nan", "inf", "10%", "0,1", "0.1:0.2", "x"]
TIMES = ["yesterday", "2003", "2003-02-30", "1900-01-01", "2100-01-01", "0001-01-01", "9999-12-31T23:59:59"]
BAD = [f"{name}:{share}" for name in ("random", "time", "cold-movies") for share in SHARES]


@pytest.mark.parametrize("protocol", [*NAMELESS, *BAD, *(f"time:{time}" for time in TIMES), "random:1e-9", "time:1e-9"])
def test_a_bad_protocol_is_refused_in_one_line_that_names_it(protocol: str) -> None:
    with pytest.raises(ProtocolError) as raised:
        make_split(small_ratings(1), protocol)
    assert "\n" not in str(raised.value)
    assert f"'{protocol}" in str(raised.value)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=1000), max_size=20), st.booleans())
def test_any_text_is_a_protocol_or_a_protocol_error(text: str, as_time: bool) -> None:
    with contextlib.suppress(ProtocolError):
        make_split(checkerboard(4, 8), f"time:{text}" if as_time else text)


def test_splits_that_need_order_or_clocks_say_that_there_are_none() -> None:
    unordered = small_ratings(1, ordered=False)
    for protocol in ("leave-last", "time:0.9", "time:2003-01-01"):
        with pytest.raises(ProtocolError, match="timestamps"):
            make_split(unordered, protocol)
    positions = dataset_of([0] * 5, range(5), None, range(5), n_users=1, n_movies=5)
    with pytest.raises(ProtocolError, match="positions"):
        make_split(positions, "time:0.5")
    assert pairs(make_split(positions, "leave-last").test) == [(0, 4)]
    assert len(make_split(unordered, "random:0.1").test.ratings) > 0


def test_an_empty_dataset_has_nothing_to_test() -> None:
    empty = checkerboard().keep(np.zeros(160, dtype=np.bool_))
    for protocol in ("leave-last", "random:0.1", "cold-movies:0.1"):
        with pytest.raises(ProtocolError, match="nothing to test"):
            make_split(empty, protocol)


@pytest.mark.parametrize("protocol", ["time:0.9", "time:2003-01-01"])
def test_an_empty_dataset_has_no_moment_either(protocol: str) -> None:
    with pytest.raises(ProtocolError):
        make_split(checkerboard().keep(np.zeros(160, dtype=np.bool_)), protocol)


@pytest.mark.parametrize("protocol", ["time:0.5", "random:0.7", "cold-movies:0.5"])
def test_there_is_always_something_to_learn_from(protocol: str) -> None:
    times = START + np.array([0, 0, 9, 9]) * DAY  # everything before the cut falls on one moment
    dataset = dataset_of([0, 1, 0, 1], [0, 0, 1, 1], None, times, n_users=2, n_movies=2)
    try:
        split = make_split(dataset, protocol)
    except ProtocolError:
        return
    assert len(split.train.ratings) > 0


def test_a_time_zone_is_heeded_or_refused() -> None:
    times = [START, 1041372000, 1041379200, 1041379201]  # the second is 2003-01-01 00:00 +02:00
    dataset = dataset_of([0] * 4, range(4), None, times, n_users=1, n_movies=4)
    try:
        split = make_split(dataset, "time:2003-01-01T00:00+02:00")
    except ProtocolError:
        return
    assert pairs(split.test) == [(0, 1), (0, 2), (0, 3)]


def test_milliseconds_are_refused_with_a_reason() -> None:
    dataset = checkerboard()
    times = dataset.ratings.timestamp
    assert times is not None
    milliseconds = replace(dataset.ratings, timestamp=times * 1000)
    with pytest.raises(ProtocolError, match="seconds"):
        make_split(replace(dataset, ratings=milliseconds), "time:0.5")


def test_nothing_to_test_comes_with_a_reason() -> None:
    with pytest.raises(ProtocolError) as raised:
        make_split(checkerboard(), "random:0.001")
    assert not str(raised.value).endswith(": ")


def _times(part: Dataset) -> np.ndarray:
    assert part.ratings.timestamp is not None
    return part.ratings.timestamp


def test_a_sample_of_tested_users_leaves_everything_else_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    split = make_split(checkerboard(), "leave-last")
    some = split.sample_tested(7, seed=3)
    assert len(some.tested_users) == 7
    assert set(some.tested_users.tolist()) < set(split.tested_users.tolist())
    assert some.before_test.fingerprint == split.before_test.fingerprint
    assert "7 of 40 tested users are judged on, drawn by seed 3" in some.dropped[-1]
    np.testing.assert_array_equal(some.tested_users, split.sample_tested(7, seed=3).tested_users)
    assert some.tested_users.tolist() != split.sample_tested(7, seed=4).tested_users.tolist()
    assert (
        split.sample_tested("all", seed=3)
        is split.sample_tested(40, seed=3)
        is split.sample_tested(None, seed=3)
        is split
    )
    monkeypatch.setattr("matinee.data.splits._FEW", 39)
    monkeypatch.setattr("matinee.data.splits._SAMPLE", 5)
    assert len(split.sample_tested(None, seed=0).tested_users) == 5
    assert split.sample_tested("all", seed=0) is split
