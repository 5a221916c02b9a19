"""Splits of a dataset into the parts that models learn from, choose settings on, and are tested on.

Every split has three parts of one dataset: `train`, `validation` (for choosing settings, weights and epochs, never for
reporting) and `test`. A tested user's history is everything of theirs in the first two.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from matinee.arrays import Indices, Mask
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.message import Message

TRAIN, VALIDATION, TEST, DROPPED = 0, 1, 2, 3  # the part of a rating

_MAX_TESTED = 20_000  # by default the users of larger splits are sampled
_SAMPLE = 10_000  # users; intervals are then narrower than those of MovieLens 1M with its 6,040 users
_LATEST_CLOCK = 100_000_000_000  # seconds: the year 5138, so later timestamps have another unit
_EARLIEST_CLOCK = 10_000_000  # seconds: no ratings are as old as 26 April 1970, so smaller values are positions


@dataclass(frozen=True, eq=False)
class Split:
    """Three parts of one dataset, sharing its vocabularies, and notes about the ratings left out."""

    protocol: str  # as typed: "leave-last", "time:0.9", ...
    description: Message  # one sentence: the task for the models
    whole: Dataset  # the dataset before the split, with the ratings that the split drops
    train: Dataset
    validation: Dataset
    test: Dataset
    dropped: tuple[Message, ...] = ()
    hidden: Mask | None = None  # (movies,) for cold-movies: the movies that training does not see

    @cached_property
    def before_test(self) -> Dataset:
        """Train and validation together."""
        return self.train.concat(self.validation)

    @cached_property
    def tested_users(self) -> npt.NDArray[np.int32]:
        """Rows of the users who have ratings in the test part."""
        return np.unique(self.test.ratings.user)

    @cached_property
    def histories(self) -> Histories:
        """The ratings of each tested user before the test, in the order of `tested_users`."""
        return self.before_test.histories_of(self.tested_users)

    @cached_property
    def targets(self) -> Histories:
        """The test ratings of each tested user, in the order of `tested_users`."""
        return self.test.histories_of(self.tested_users)

    def sample_tested(self, users: int | Literal["all"] | None, seed: int) -> "Split":
        """The same split with `users` tested users, drawn by `seed`; the other parts do not change.

        None: all of them, or 10,000 if there are more than 20,000.
        """
        n = len(self.tested_users)
        if users is None:
            users = _SAMPLE if n > _MAX_TESTED else "all"
        if users == "all" or users >= n:
            return self
        sampled = np.zeros(self.whole.n_users, dtype=np.bool_)
        sampled[np.random.default_rng(seed).choice(self.tested_users, users, replace=False)] = True
        note = Message(
            "{users:,} of {total:,} test users are evaluated, drawn with seed {seed}. Use --users all for all of them.",
            {"users": users, "total": n, "seed": seed},
        )
        return replace(self, test=self.test.keep(sampled[self.test.ratings.user]), dropped=(*self.dropped, note))


@dataclass(frozen=True)
class _SplitRequest:
    """The arguments of a split."""

    dataset: Dataset
    protocol: str
    argument: str  # after the colon of the protocol
    seed: int
    parts: npt.NDArray[np.uint8] | None

    @property
    def share(self) -> float:
        """The argument as a share between 0 and 1. Raises `ProtocolError` for anything else."""
        return _parse_share(self.protocol, self.argument)


@dataclass(frozen=True)
class _SplitType:
    """A line of the table of splits."""

    forms: tuple[str, ...]  # examples for messages; with a colon if it takes an argument
    split: Callable[[_SplitRequest], Split]


def make_split(dataset: Dataset, protocol: str, seed: int = 0, parts: npt.NDArray[np.uint8] | None = None) -> Split:
    """Split `dataset` by a protocol written as on the command line.

    `parts`, the part of each rating, is required for `files` only. Raises `ProtocolError` for an unknown protocol, a
    share outside (0, 1), or a dataset without the order or the clock times that the protocol needs.
    """
    name, _, argument = protocol.partition(":")
    split_type = SPLITS.get(name)
    if split_type is None or (argument and ":" not in split_type.forms[0]):
        raise ProtocolError(f"No split is called '{protocol}'. Use {FORMS}.")
    if not len(dataset.ratings):
        raise ProtocolError(f"split '{protocol}' leaves nothing to test: {dataset.name} has no ratings")
    split = replace(split_type.split(_SplitRequest(dataset, protocol, argument, seed, parts)), protocol=protocol)
    for part, purpose in ((split.test, "test"), (split.train, "learn from")):
        if not len(part.ratings):
            reason = "; ".join(map(str, split.dropped)) or f"it has only {len(dataset.ratings):,} ratings"
            raise ProtocolError(f"split '{protocol}' of {dataset.name} leaves nothing to {purpose}: {reason}")
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
    dropped: list[Message] = []
    n_short = int(np.count_nonzero((histories.lengths > 0) & ~enough))
    if n_short:
        dropped.append(
            Message(
                "{n:,} user with fewer than 3 ratings is not tested",
                plural="{n:,} users with fewer than 3 ratings are not tested",
                n=n_short,
            )
        )
    n_tied = int(np.count_nonzero(dataset.ratings.timestamp[last] == dataset.ratings.timestamp[last - 1]))
    if n_tied:
        dropped.append(
            Message(
                "{n:,} user rated the last two movies in the same second; the order in the file decided",
                plural="{n:,} users rated their last two movies in the same second; the order in the file decided",
                n=n_tied,
            )
        )
    description = Message("find the movie each user rated last, from all ratings before it")
    return _split(dataset, part, description, dropped)


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
    description = Message("find and rate a random {share:.0%} of all ratings, from the others", {"share": share})
    return _split(dataset, part, description)


def by_time(dataset: Dataset, cut: str) -> Split:
    """Everything before a moment trains, everything from it on tests; the last tenth before it validates.

    `cut` is a date (2003-01-01, midnight UTC) or the share of ratings before the moment. Ratings with equal timestamps
    are always on the same side.
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
    moment_text = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")
    description = Message("find everything each user rated from {moment} on, from all before", {"moment": moment_text})
    return _split(dataset, part, description)


def cold_movies(dataset: Dataset, share: float, seed: int) -> Split:
    """A random share of the rated movies is hidden: all their ratings test; as many other movies validate."""
    rng = np.random.default_rng(seed)
    rated = rng.permutation(np.flatnonzero(dataset.counts))
    n_hidden = max(1, round(share * len(rated)))
    part_of_movie = np.zeros(dataset.n_movies, dtype=np.uint8)
    part_of_movie[rated[:n_hidden]] = TEST
    part_of_movie[rated[n_hidden : 2 * n_hidden]] = VALIDATION
    description = Message(
        "rank {n:,} movie without any ratings, from each user's other ratings",
        plural="rank {n:,} movies without any ratings, from each user's other ratings",
        n=n_hidden,
    )
    split = _split(dataset, part_of_movie[dataset.ratings.movie], description)
    return replace(split, hidden=part_of_movie == TEST)


def from_files(dataset: Dataset, parts: npt.NDArray[np.uint8] | None) -> Split:
    """The split of the files: `ratings_train`, `ratings_test` and, if it exists, `ratings_validation`."""
    if parts is None:
        raise ProtocolError(
            f"split 'files' needs ratings_train and ratings_test files, and {dataset.name} has a single ratings file"
        )
    return _split(dataset, parts, Message("find and rate the ratings in the test file"))


# Name -> how the split is written, and its function.
SPLITS: Mapping[str, _SplitType] = {
    "leave-last": _SplitType(("leave-last",), lambda request: leave_last(request.dataset)),
    "random": _SplitType(("random:0.1",), lambda request: random_ratings(request.dataset, request.share, request.seed)),
    "time": _SplitType(("time:0.9", "time:2003-01-01"), lambda request: by_time(request.dataset, request.argument)),
    "cold-movies": _SplitType(
        ("cold-movies:0.1",), lambda request: cold_movies(request.dataset, request.share, request.seed)
    ),
    "files": _SplitType(("files",), lambda request: from_files(request.dataset, request.parts)),
}
_FORMS = [form for split_type in SPLITS.values() for form in split_type.forms]
FORMS = f"{', '.join(_FORMS[:-1])} or {_FORMS[-1]}"


def _split(
    dataset: Dataset, part: npt.NDArray[np.uint8], description: Message, dropped: list[Message] | None = None
) -> Split:
    """Cut by `part`, dropping (and counting) the test ratings of users who have no earlier ratings."""
    has_past = np.zeros(dataset.n_users, dtype=bool)
    has_past[dataset.ratings.user[part < TEST]] = True
    without_past = (part == TEST) & ~has_past[dataset.ratings.user]
    notes = list(dropped or [])
    if without_past.any():
        notes.append(
            Message(
                "{n:,} user with no earlier rating is dropped (test ratings: {ratings:,})",
                {"ratings": int(without_past.sum())},
                plural="{n:,} users with no earlier rating are dropped (test ratings: {ratings:,})",
                n=len(np.unique(dataset.ratings.user[without_past])),
            )
        )
        part = np.where(without_past, DROPPED, part).astype(np.uint8)
    train, validation, test = (dataset.keep(part == number) for number in (TRAIN, VALIDATION, TEST))
    return Split("", description, dataset, train, validation, test, tuple(notes))


def _moment(cut: str, timestamp: Indices) -> int:
    try:
        date = datetime.fromisoformat(cut)
    except ValueError:
        return _quantile(timestamp, _parse_share(f"time:{cut}", cut))
    moment = int((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp())
    first, last = int(timestamp.min()), int(timestamp.max())
    if not first < moment <= last:
        days = [datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d") for second in (first, last)]
        raise ProtocolError(f"split 'time:{cut}' is outside the ratings, which run from {days[0]} to {days[1]}")
    return moment


def _quantile(timestamp: Indices, share: float) -> int:
    index = min(int(share * len(timestamp)), len(timestamp) - 1)
    return int(np.partition(timestamp, index)[index])


def _parse_share(protocol: str, text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise ProtocolError(f"split '{protocol}' needs a share between 0 and 1 after the colon. Use {FORMS}.")
    return share
