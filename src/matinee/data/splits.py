"""Splits: what a model may learn from, what it may choose by, and what it is judged on.

Every split gives three parts of one dataset: `train`, `validation` (for choosing settings, weights and
epochs, never for reporting) and `test`. A tested user's history is everything of theirs in the first two.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError

TRAIN, VALIDATION, TEST, DROPPED = 0, 1, 2, 3
Parts = npt.NDArray[np.uint8]  # one of the four for each rating of a dataset, aligned with it

FORMS = "leave-last, random:0.1, time:0.9, time:2003-01-01, cold-movies:0.1 or files"
_LATEST_CLOCK = 100_000_000_000  # seconds: the year 5138, so later ones are in another unit
_FEW = 20_000  # tested users that are all judged on unless asked otherwise
_SAMPLE = 10_000  # of more, so many: intervals are then narrower than those of MovieLens 1M with its 6,040 users
_EARLIEST_CLOCK = 10_000_000  # seconds: before 26 April 1970 nobody rated movies, so these are positions


@dataclass(frozen=True, eq=False)
class Split:
    """Three parts of one dataset, sharing its vocabularies, and what was left out on the way."""

    protocol: str  # as typed: "leave-last", "time:0.9", ...
    description: str  # one sentence: what is asked of the models
    whole: Dataset  # what was split, with what the split drops
    train: Dataset
    validation: Dataset
    test: Dataset
    dropped: tuple[str, ...] = ()
    hidden: npt.NDArray[np.bool_] | None = None  # (movies,) for cold-movies: the movies kept from training

    @cached_property
    def before_test(self) -> Dataset:
        """Everything before the test: train and validation together."""
        return self.train.concat(self.validation)

    @cached_property
    def tested_users(self) -> npt.NDArray[np.int32]:
        """Rows of the users who have something in the test part."""
        return np.unique(self.test.ratings.user)

    @cached_property
    def histories(self) -> Histories:
        """What is known of each tested user, in the order of `tested_users`."""
        return self.before_test.histories_of(self.tested_users)

    @cached_property
    def targets(self) -> Histories:
        """What each tested user went on to rate, in the order of `tested_users`."""
        return self.test.histories_of(self.tested_users)

    def sample_tested(self, users: int | Literal["all"] | None, seed: int) -> "Split":
        """The same split, judged on so many of its tested users, drawn by `seed`; all parts else stay as they are.

        None: all of them, or 10,000 where there are more than 20,000.
        """
        n = len(self.tested_users)
        if users is None:
            users = _SAMPLE if n > _FEW else "all"
        if users == "all" or users >= n:
            return self
        chosen = np.zeros(self.whole.n_users, dtype=np.bool_)
        chosen[np.random.default_rng(seed).choice(self.tested_users, users, replace=False)] = True
        told = f"{users:,} of {n:,} tested users are judged on, drawn by seed {seed}; --users all takes every one"
        return replace(self, test=self.test.keep(chosen[self.test.ratings.user]), dropped=(*self.dropped, told))


def make_split(dataset: Dataset, protocol: str, seed: int = 0, given: Parts | None = None) -> Split:
    """Split `dataset` by a protocol written as on the command line; `given` is needed for `files` only.

    Raises `ProtocolError` for an unknown protocol, a share outside (0, 1), or a dataset that lacks the
    order or the clock times that the protocol needs.
    """
    name, _, argument = protocol.partition(":")
    makers: dict[str, Callable[[], Split]] = {
        "leave-last": lambda: leave_last(dataset),
        "random": lambda: random_ratings(dataset, _share(protocol, argument), seed),
        "time": lambda: by_time(dataset, argument),
        "cold-movies": lambda: cold_movies(dataset, _share(protocol, argument), seed),
        "files": lambda: from_files(dataset, given),
    }
    if name not in makers or (argument and name in ("leave-last", "files")):
        raise ProtocolError(f"unknown split '{protocol}'; expected {FORMS}")
    if not len(dataset.ratings):
        raise ProtocolError(f"split '{protocol}' leaves nothing to test: {dataset.name} has no ratings")
    split = replace(makers[name](), protocol=protocol)
    for part, purpose in ((split.test, "test"), (split.train, "learn from")):
        if not len(part.ratings):
            why = "; ".join(split.dropped) or f"it has only {len(dataset.ratings):,} ratings"
            raise ProtocolError(f"split '{protocol}' of {dataset.name} leaves nothing to {purpose}: {why}")
    return split


def leave_last(dataset: Dataset) -> Split:
    """The last rating of each user tests, the one before it validates; users with fewer than 3 only train."""
    if dataset.ratings.timestamp is None:
        raise ProtocolError(f"leave-last needs timestamps, and the ratings of {dataset.name} have none")
    histories = dataset.histories
    enough = histories.lengths >= 3
    last = histories.offsets[1:][enough] - 1
    part = np.zeros(len(dataset.ratings), dtype=np.uint8)
    part[last] = TEST
    part[last - 1] = VALIDATION
    dropped: list[str] = []
    few = int(np.count_nonzero((histories.lengths > 0) & ~enough))
    if few:
        dropped.append(f"{few:,} users with fewer than 3 ratings are not tested")
    tied = int(np.count_nonzero(dataset.ratings.timestamp[last] == dataset.ratings.timestamp[last - 1]))
    if tied:
        dropped.append(
            f"{tied:,} users rated their last two movies in the same second; file order decided which is last"
        )
    return _split(dataset, part, "find the movie each user rated last, knowing all before it", dropped)


def random_ratings(dataset: Dataset, share: float, seed: int) -> Split:
    """A random share of all ratings tests; the same share of the rest validates."""
    rng = np.random.default_rng(seed)
    n = len(dataset.ratings)
    order = rng.permutation(n)
    n_test = round(share * n)
    n_validation = round(share * (n - n_test))
    part = np.zeros(n, dtype=np.uint8)
    part[order[:n_test]] = TEST
    part[order[n_test : n_test + n_validation]] = VALIDATION
    return _split(dataset, part, f"find and rate a random {share:.0%} of all ratings, knowing the others", [])


def by_time(dataset: Dataset, cut: str) -> Split:
    """Everything before one moment trains, everything from it on tests; the last tenth before it validates.

    `cut` is a date (2003-01-01, midnight UTC) or the share of ratings that lies before the moment. Ratings
    with equal timestamps always fall on the same side.
    """
    timestamp = dataset.ratings.timestamp
    if timestamp is None or (len(timestamp) and int(timestamp.max()) < _EARLIEST_CLOCK):
        raise ProtocolError(
            f"time splits need clock times (Unix seconds), and the timestamps of {dataset.name} "
            + ("are absent" if timestamp is None else f"run only to {int(timestamp.max())}: they are positions")
        )
    if len(timestamp) and int(timestamp.max()) > _LATEST_CLOCK:
        raise ProtocolError(
            f"time splits need Unix seconds, and the timestamps of {dataset.name} are not: {int(timestamp.max())}"
        )
    moment = _moment(cut, timestamp)
    part = np.where(timestamp < moment, TRAIN, TEST).astype(np.uint8)
    before = timestamp[part == TRAIN]
    if len(before):
        part[(part == TRAIN) & (timestamp >= _quantile(before, 0.9))] = VALIDATION
    when = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return _split(dataset, part, f"find everything each user rated from {when} on, knowing all before", [])


def cold_movies(dataset: Dataset, share: float, seed: int) -> Split:
    """A random share of the rated movies is hidden: every rating of theirs tests; as many others validate."""
    rng = np.random.default_rng(seed)
    rated = rng.permutation(np.flatnonzero(dataset.counts))
    n_hidden = max(1, round(share * len(rated)))
    part_of_movie = np.zeros(dataset.n_movies, dtype=np.uint8)
    part_of_movie[rated[:n_hidden]] = TEST
    part_of_movie[rated[n_hidden : 2 * n_hidden]] = VALIDATION
    split = _split(
        dataset,
        part_of_movie[dataset.ratings.movie],
        f"place {n_hidden:,} movies that nobody has rated yet, knowing each user's other ratings",
        [],
    )
    return replace(split, hidden=part_of_movie == TEST)


def from_files(dataset: Dataset, given: Parts | None) -> Split:
    """The split that the files bring: `ratings_train`, `ratings_test` and perhaps `ratings_validation`."""
    if given is None:
        raise ProtocolError(
            f"split 'files' needs ratings_train and ratings_test files, and {dataset.name} has a single ratings file"
        )
    return _split(dataset, given, "find and rate what the files give as the test part", [])


def _split(dataset: Dataset, part: Parts, about: str, dropped: list[str]) -> Split:
    """Cut by `part`, dropping (and counting) the test ratings of users who have no past to judge by."""
    has_past = np.zeros(dataset.n_users, dtype=bool)
    has_past[dataset.ratings.user[part < TEST]] = True
    pastless = (part == TEST) & ~has_past[dataset.ratings.user]
    if pastless.any():
        users = len(np.unique(dataset.ratings.user[pastless]))
        dropped = [
            *dropped,
            f"{users:,} users with no earlier rating ({pastless.sum():,} test ratings) are dropped",
        ]
        part = np.where(pastless, DROPPED, part).astype(np.uint8)
    train, validation, test = (dataset.keep(part == which) for which in (TRAIN, VALIDATION, TEST))
    return Split("", about, dataset, train, validation, test, tuple(dropped))


def _moment(cut: str, timestamp: npt.NDArray[np.int64]) -> int:
    try:
        when = datetime.fromisoformat(cut)
    except ValueError:
        return _quantile(timestamp, _share(f"time:{cut}", cut))
    moment = int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    first, last = int(timestamp.min()), int(timestamp.max())
    if not first < moment <= last:
        days = [datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d") for second in (first, last)]
        raise ProtocolError(f"split 'time:{cut}' lies outside the ratings, which run from {days[0]} to {days[1]}")
    return moment


def _quantile(timestamp: npt.NDArray[np.int64], share: float) -> int:
    place = min(int(share * len(timestamp)), len(timestamp) - 1)
    return int(np.partition(timestamp, place)[place])


def _share(protocol: str, text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise ProtocolError(f"split '{protocol}' needs a share between 0 and 1 after the colon; expected {FORMS}")
    return share
