"""Generating the histories of a block of synthetic users: movies, times and ratings.

A visit consists of trails. A trail starts with a movie drawn from one of the user's interests and continues along the
shelf, as users rate down a list, which creates the short-term order. Unreleased movies cannot be rated, new movies are
rated more often, and no movie is rated twice. All trails of a block are generated together.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from matinee.arrays import Indices
from matinee.data.histories import offsets_of
from matinee.data.synthetic.catalogue import SyntheticCatalogue
from matinee.data.synthetic.users import LAST_DAY, SyntheticUsers

_CONTINUE = 0.6  # probability that a trail continues after each movie
_MAX_TRAIL = 8  # movies
_STEPS = np.array([1, 1, 1, 2, 2, 3, 4, -1])  # along the shelf, equally likely
_OF_ALL_TIME, _NEW_FOR = 0.45, 3.0  # weight of an old movie relative to a new one; years until it is old
_YEAR = 365.25 * 86_400
_ROUNDS = 4
_HALF_RATINGS_SINCE = 1_045_000_000  # February 2003, when MovieLens began to take half stars
_MEAN, _OF_QUALITY, _OF_LIKING, _NOISE = 3.34, 0.45, 0.22, 0.82  # stars


@dataclass(frozen=True, eq=False)
class Picks:
    """Columns of equal length: movies picked, before they have a timestamp."""

    user: Indices  # user rows
    visit: Indices  # rows of SyntheticUsers.starts
    trail: Indices  # in the order of creation
    step: Indices  # along the trail
    movie: Indices  # movie rows

    def select(self, mask: npt.NDArray) -> "Picks":
        """A subset, by mask or positions."""
        return Picks(*(getattr(self, column.name)[mask] for column in fields(self)))

    def concat(self, other: "Picks") -> "Picks":
        """These picks, then the others."""
        return Picks(
            *(np.concatenate([getattr(self, column.name), getattr(other, column.name)]) for column in fields(self))
        )


@dataclass(frozen=True, eq=False)
class RatingBlock:
    """Ratings of a block of users, by user, then oldest first; columns of equal length."""

    user: Indices  # user rows
    movie: Indices  # movie rows
    rating: npt.NDArray[np.float32]
    timestamp: Indices  # seconds since 1970


def generate_ratings(
    catalogue: SyntheticCatalogue, all_users: SyntheticUsers, users: Indices, rng: np.random.Generator
) -> RatingBlock:
    """All ratings of `users` (ascending rows): exactly `all_users.n_ratings` of each."""
    picks = _pick(catalogue, all_users, users, rng)
    picks = picks.select(np.lexsort((picks.step, picks.trail, picks.visit, picks.user)))
    times = _times(picks, all_users, rng)
    ratings = _draw_ratings(catalogue, all_users, picks, times, rng)
    order = np.lexsort((times, picks.user))  # stable: where a visit runs into the next one
    return RatingBlock(picks.user[order], picks.movie[order], ratings[order], times[order])


def expected_ratings(
    catalogue: SyntheticCatalogue, all_users: SyntheticUsers, users: Indices, movies: Indices
) -> npt.NDArray[np.float32]:
    """The mean rating of each of `users` (n,) for the movie at the same index, before rounding: (n,)."""
    liking = np.zeros(len(users), dtype=np.float32)
    for interest in range(all_users.interests.shape[1]):
        liking += all_users.weights[users, interest] * catalogue.liking[all_users.interests[users, interest], movies]
    rating = all_users.kindness[users] + _OF_QUALITY * catalogue.quality[movies] + _OF_LIKING * liking
    return np.add(rating, _MEAN, dtype=np.float32)


def _pick(catalogue: SyntheticCatalogue, all_users: SyntheticUsers, users: Indices, rng: np.random.Generator) -> Picks:
    picks = Picks(*(np.zeros(0, dtype=np.int64) for _ in fields(Picks)))
    missing = all_users.n_ratings[users]
    for turn in range(_ROUNDS):
        trail_users = np.repeat(users, np.ceil(missing * (1.3 + turn)).astype(np.int64) + 4 * (missing > 0))
        walked = _walk(catalogue, all_users, trail_users, rng, first_trail=int(picks.trail.max(initial=-1)) + 1)
        picks = _first_of_each(picks.concat(walked), len(catalogue), all_users)
        counts = np.bincount(np.searchsorted(users, picks.user), minlength=len(users))
        missing = all_users.n_ratings[users] - counts
        if not missing.any():
            return picks
    for user, count in zip(users[missing > 0].tolist(), missing[missing > 0].tolist(), strict=True):
        picks = picks.concat(_fill(catalogue, all_users, picks.movie[picks.user == user], user, count, rng))
    return picks


def _walk(
    catalogue: SyntheticCatalogue, all_users: SyntheticUsers, user: Indices, rng: np.random.Generator, first_trail: int
) -> Picks:
    """A trail for each entry of `user`, without unreleased movies and with few old ones."""
    visits = all_users.visits
    count = visits[user + 1] - visits[user]
    # The first visit is the longest: it has every other trail.
    visit = visits[user] + (rng.random(len(user)) * count * (rng.random(len(user)) < 0.5)).astype(np.int64)
    weights = all_users.weights_at(user, all_users.lateness[visit])
    interest = (weights.cumsum(axis=1) < rng.random((len(user), 1))).sum(axis=1).clip(max=weights.shape[1] - 1)
    topic = all_users.interests[user, interest]
    movie = np.searchsorted(catalogue.picks, topic + rng.random(len(user))).clip(max=catalogue.picks.size - 1)
    movie %= len(catalogue)
    trail = np.arange(len(user)) + first_trail
    parts: list[Picks] = []
    for step in range(_MAX_TRAIL):
        seen = _is_noticed(catalogue, movie, all_users.starts[visit], rng)
        walked = Picks(user, visit, trail, np.full(len(user), step), movie)
        parts.append(walked.select(seen))
        continues = rng.random(len(user)) < _CONTINUE
        user, visit, trail, movie = user[continues], visit[continues], trail[continues], movie[continues]
        position = catalogue.shelf_position[movie] + rng.choice(_STEPS, len(movie))
        movie = catalogue.shelf[position % len(catalogue)].astype(np.int64)
    return Picks(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Picks)))


def _is_noticed(
    catalogue: SyntheticCatalogue, movie: Indices, now: Indices, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    age = (now - catalogue.release[movie]) / _YEAR
    return (age >= 0) & (rng.random(len(movie)) < freshness(age))


def freshness(age: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The weight of a movie of this age in years, 1 for a new one."""
    return _OF_ALL_TIME + (1 - _OF_ALL_TIME) * np.exp(-np.maximum(age, 0) / _NEW_FOR)


def _first_of_each(picks: Picks, n_movies: int, all_users: SyntheticUsers) -> Picks:
    """Each pair of user and movie once, and at most `n_ratings` of each user, the earliest trails first."""
    picks = picks.select(np.lexsort((picks.step, picks.trail, picks.user)))
    _, first = np.unique(picks.user * n_movies + picks.movie, return_index=True)
    picks = picks.select(np.sort(first))
    starts = np.searchsorted(picks.user, picks.user)  # the user's first pick
    return picks.select(np.arange(len(starts)) - starts < all_users.n_ratings[picks.user])


def _fill(
    catalogue: SyntheticCatalogue,
    all_users: SyntheticUsers,
    rated: Indices,
    user: int,
    count: int,
    rng: np.random.Generator,
) -> Picks:
    """The missing picks of a user who rates a large part of the catalogue, drawn without repetition."""
    visit = int(all_users.visits[user])
    weights = all_users.weights_at(np.array([user]), 0)[0]
    weight = weights @ catalogue.topics[all_users.interests[user]]
    weight[rated] = 0
    weight[catalogue.release > all_users.starts[visit]] = 0
    with np.errstate(divide="ignore"):
        keys = np.log(weight) + rng.gumbel(size=len(weight))  # the largest keys are such a draw (Gumbel top-k)
    movies = np.argpartition(-keys, count)[:count]
    single_trails = np.iinfo(np.int64).max // 2 + np.arange(count)
    return Picks(np.full(count, user), np.full(count, visit), single_trails, np.zeros(count, dtype=np.int64), movies)


def _times(picks: Picks, all_users: SyntheticUsers, rng: np.random.Generator) -> Indices:
    """Seconds since 1970: a fifth of the ratings in the same second as the one before, most others within a minute."""
    n = len(picks.user)
    gaps = np.exp(rng.normal(np.log(14), 1.25, n)).clip(max=3_000)
    gaps[rng.random(n) < 0.22] = 0
    is_first = np.append(True, picks.visit[1:] != picks.visit[:-1])
    elapsed = np.cumsum(gaps.astype(np.int64))
    first = np.maximum.accumulate(np.where(is_first, np.arange(n), 0))
    return np.minimum(all_users.starts[picks.visit] + elapsed - elapsed[first], LAST_DAY)


def _draw_ratings(
    catalogue: SyntheticCatalogue, all_users: SyntheticUsers, picks: Picks, times: Indices, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    rating = expected_ratings(catalogue, all_users, picks.user, picks.movie)
    rating = rating + _NOISE * rng.standard_normal(len(rating), dtype=np.float32)
    whole = all_users.whole_ratings_only[picks.user] | (times < _HALF_RATINGS_SINCE)
    # Users of half stars also give whole stars more often.
    whole |= rng.random(len(rating)) < 0.35
    return np.where(whole, np.rint(rating).clip(1, 5), (np.rint(2 * rating) / 2).clip(0.5, 5)).astype(np.float32)


def offsets_of_blocks(all_users: SyntheticUsers, ratings_each: int) -> Indices:
    """Offsets into user rows that cut the users into blocks of about `ratings_each` ratings."""
    ends = offsets_of(all_users.n_ratings)
    cuts = np.searchsorted(ends, np.arange(ratings_each, ends[-1], ratings_each))
    return np.unique(np.concatenate([[0], cuts, [len(all_users)]]))
