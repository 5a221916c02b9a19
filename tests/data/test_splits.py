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
    """The split, unless a part would be empty."""
    try:
        return make_split(dataset, protocol, seed)
    except ProtocolError as error:
        if "leaves nothing to" not in str(error):
            raise
        reject()


def assert_parts_make_the_whole(split: Split, dataset: Dataset) -> int:
    """Check that the parts are disjoint and complete except for dropped ratings; return the number of dropped ones."""
    kept_pairs = Counter(pairs(split.train) + pairs(split.validation) + pairs(split.test))
    everything = Counter(pairs(dataset))
    assert kept_pairs <= everything
    dropped = everything - kept_pairs
    past = {user for user, _ in pairs(split.before_test)}
    assert not past & {user for user, _ in dropped}
    assert {user for user, _ in pairs(split.test)} <= past
    if dropped:
        n_users = len({user for user, _ in dropped})
        users = "1 user with no earlier rating is" if n_users == 1 else f"{n_users} users with no earlier rating are"
        assert str(split.dropped[-1]) == f"{users} dropped (test ratings: {dropped.total()})"
    return dropped.total()


@given(tables)
def test_leave_last_takes_the_last_rating_of_each_user(
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
    notes = [str(note) for note in split.dropped]
    assert any(note.startswith(f"{few} user") and "fewer than 3" in note for note in notes) == bool(few)
    assert any(note.startswith(f"{tied} user") and "same second" in note for note in notes) == bool(tied)


@given(tables, shares, st.integers(0, 3))
def test_random_takes_the_exact_share(rows: list[tuple[int, int, int]], share: float, seed: int) -> None:
    dataset = of_rows(rows)
    split = split_of(dataset, f"random:{share}", seed)
    dropped = assert_parts_make_the_whole(split, dataset)
    n_test = round(share * len(rows))
    assert len(split.test.ratings) + dropped == n_test
    assert len(split.validation.ratings) == round(share * (len(rows) - n_test))


@given(tables, shares)
def test_time_never_trains_on_later_ratings(rows: list[tuple[int, int, int]], share: float) -> None:
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
    first, second = split_of(dataset, protocol, seed), split_of(dataset, protocol, seed)
    for part in ("train", "validation", "test"):
        assert pairs(getattr(first, part)) == pairs(getattr(second, part))


def test_another_seed_gives_another_split() -> None:
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
    assert "2003-01-01 00:00 UTC" in str(split.description)


def test_users_without_earlier_ratings_are_dropped() -> None:
    times = START + np.array([0, 5, 6, 7, 1]) * DAY
    dataset = dataset_of([0, 0, 1, 1, 2], [0, 1, 2, 3, 4], None, times, n_users=3, n_movies=5)
    split = make_split(dataset, "time:0.4")
    assert pairs(split.test) == [(0, 1)]
    assert split.tested_users.tolist() == [0]
    assert [str(note) for note in split.dropped] == ["1 user with no earlier rating is dropped (test ratings: 2)"]


def test_files_define_the_split() -> None:
    dataset = dataset_of([0, 0, 0, 1], [0, 1, 2, 0], n_users=2, n_movies=4)
    part = np.array([TRAIN, TEST, VALIDATION, TEST], dtype=np.uint8)
    split = make_split(dataset, "files", parts=part)
    assert (pairs(split.train), pairs(split.validation), pairs(split.test)) == ([(0, 0)], [(0, 2)], [(0, 1)])
    assert "1 user " in str(split.dropped[0])
    assert part.tolist() == [TRAIN, TEST, VALIDATION, TEST], "the argument is not changed"
    assert DROPPED not in part


def test_histories_and_targets_follow_the_tested_users() -> None:
    split = make_split(small_ratings(1), "random:0.2")
    assert len(split.tested_users) == len(split.histories) == len(split.targets) > 0
    for index, user in enumerate(split.tested_users.tolist()):
        own = [movie for rater, movie in pairs(split.before_test) if rater == user]
        assert split.histories.block(index, index + 1).movies.tolist() == own
        own = [movie for rater, movie in pairs(split.test) if rater == user]
        assert split.targets.block(index, index + 1).movies.tolist() == own


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
def test_an_invalid_protocol_is_refused_in_one_line(protocol: str) -> None:
    with pytest.raises(ProtocolError) as raised:
        make_split(small_ratings(1), protocol)
    assert "\n" not in str(raised.value)
    assert f"'{protocol}" in str(raised.value)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=1000), max_size=20), st.booleans())
def test_any_text_is_a_protocol_or_a_protocol_error(text: str, as_time: bool) -> None:
    with contextlib.suppress(ProtocolError):
        make_split(checkerboard(4, 8), f"time:{text}" if as_time else text)


def test_missing_timestamps_are_an_error() -> None:
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
def test_an_empty_dataset_cannot_be_split_by_time(protocol: str) -> None:
    with pytest.raises(ProtocolError):
        make_split(checkerboard().keep(np.zeros(160, dtype=np.bool_)), protocol)


@pytest.mark.parametrize("protocol", ["time:0.5", "random:0.7", "cold-movies:0.5"])
def test_the_training_part_is_never_empty(protocol: str) -> None:
    times = START + np.array([0, 0, 9, 9]) * DAY  # everything before the cut falls on one moment
    dataset = dataset_of([0, 1, 0, 1], [0, 0, 1, 1], None, times, n_users=2, n_movies=2)
    try:
        split = make_split(dataset, protocol)
    except ProtocolError:
        return
    assert len(split.train.ratings) > 0


def test_a_time_zone_is_used_or_refused() -> None:
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


def test_an_empty_test_part_has_a_reason() -> None:
    with pytest.raises(ProtocolError) as raised:
        make_split(checkerboard(), "random:0.001")
    assert not str(raised.value).endswith(": ")


def _times(part: Dataset) -> np.ndarray:
    assert part.ratings.timestamp is not None
    return part.ratings.timestamp


def test_a_sample_of_tested_users_changes_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    split = make_split(checkerboard(), "leave-last")
    some = split.sample_tested(7, seed=3)
    assert len(some.tested_users) == 7
    assert set(some.tested_users.tolist()) < set(split.tested_users.tolist())
    assert some.before_test.fingerprint == split.before_test.fingerprint
    assert str(some.dropped[-1]).startswith("7 of 40 test users are evaluated, drawn with seed 3.")
    np.testing.assert_array_equal(some.tested_users, split.sample_tested(7, seed=3).tested_users)
    assert some.tested_users.tolist() != split.sample_tested(7, seed=4).tested_users.tolist()
    assert (
        split.sample_tested("all", seed=3)
        is split.sample_tested(40, seed=3)
        is split.sample_tested(None, seed=3)
        is split
    )
    monkeypatch.setattr("matinee.data.splits._MAX_TESTED", 39)
    monkeypatch.setattr("matinee.data.splits._SAMPLE", 5)
    assert len(split.sample_tested(None, seed=0).tested_users) == 5
    assert split.sample_tested("all", seed=0) is split
