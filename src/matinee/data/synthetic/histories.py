"""Who rates what, when and how: the histories of a block of users.

A visit is made of trails. A trail begins with a movie drawn from one of the user's interests and goes on along the
shelf, as people rate down a list they are shown; that is where the short-term order comes from. What is not out yet
cannot be rated, what is new is rated more, nothing is rated twice. All trails of a block are walked at once.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from matinee.arrays import Indices
from matinee.data.histories import offsets_of
from matinee.data.synthetic.catalogue import SyntheticCatalogue
from matinee.data.synthetic.users import LAST_DAY, SyntheticUsers

_GO_ON = 0.6  # chance that a trail goes on after each movie
_LONGEST = 8  # movies of a trail
_STEPS = np.array([1, 1, 1, 2, 2, 3, 4, -1])  # along the shelf, each as likely
_OF_ALL_TIME, _NEW_FOR = 0.45, 3.0  # how much an old movie is picked beside one just out; years until it counts as old
_YEAR = 365.25 * 86_400
_ROUNDS = 4
_HALF_STARS_SINCE = 1_045_000_000  # February 2003, when MovieLens began to take half stars
_MEAN, _OF_QUALITY, _OF_LIKING, _NOISE = 3.34, 0.45, 0.22, 0.82  # stars


@dataclass(frozen=True, eq=False)
class Picks:
    """Columns of equal length: movies picked, before they have a time."""

    user: Indices  # rows of people
    visit: Indices  # rows of people.starts
    trail: Indices  # in the order in which trails were begun
    step: Indices  # along the trail
    movie: Indices  # movie rows

    def select(self, chosen: npt.NDArray) -> "Picks":
        """Some of them, by mask or positions."""
        return Picks(*(getattr(self, one.name)[chosen] for one in fields(self)))

    def concat(self, other: "Picks") -> "Picks":
        """These, then the others."""
        return Picks(*(np.concatenate([getattr(self, one.name), getattr(other, one.name)]) for one in fields(self)))


@dataclass(frozen=True, eq=False)
class RatingBlock:
    """Ratings of a block of users, by user, then oldest first; columns of equal length."""

    user: Indices  # user rows
    movie: Indices  # movie rows
    rating: npt.NDArray[np.float32]
    timestamp: Indices  # seconds since 1970


def generate_ratings(
    catalogue: SyntheticCatalogue, people: SyntheticUsers, users: Indices, rng: np.random.Generator
) -> RatingBlock:
    """Everything that `users` (ascending rows) rate: exactly `people.n_ratings` of each."""
    picks = _pick(catalogue, people, users, rng)
    picks = picks.select(np.lexsort((picks.step, picks.trail, picks.visit, picks.user)))
    times = _times(picks, people, rng)
    stars = _stars(catalogue, people, picks, times, rng)
    order = np.lexsort((times, picks.user))  # stable: where a visit runs into the next one
    return RatingBlock(picks.user[order], picks.movie[order], stars[order], times[order])


def expected_ratings(
    catalogue: SyntheticCatalogue, people: SyntheticUsers, users: Indices, movies: Indices
) -> npt.NDArray[np.float32]:
    """The stars each of `users` (n,) gives to the movie beside it on average, before rounding: (n,)."""
    liking = np.zeros(len(users), dtype=np.float32)
    for place in range(people.interests.shape[1]):
        liking += people.weights[users, place] * catalogue.liking[people.interests[users, place], movies]
    stars = people.kindness[users] + _OF_QUALITY * catalogue.quality[movies] + _OF_LIKING * liking
    return np.add(stars, _MEAN, dtype=np.float32)


def _pick(catalogue: SyntheticCatalogue, people: SyntheticUsers, users: Indices, rng: np.random.Generator) -> Picks:
    picks = Picks(*(np.zeros(0, dtype=np.int64) for _ in fields(Picks)))
    missing = people.n_ratings[users]
    for turn in range(_ROUNDS):
        begun = np.repeat(users, np.ceil(missing * (1.3 + turn)).astype(np.int64) + 4 * (missing > 0))
        walked = _walk(catalogue, people, begun, rng, first_trail=int(picks.trail.max(initial=-1)) + 1)
        picks = _first_of_each(picks.concat(walked), len(catalogue), people)
        had = np.bincount(np.searchsorted(users, picks.user), minlength=len(users))
        missing = people.n_ratings[users] - had
        if not missing.any():
            return picks
    for user, count in zip(users[missing > 0].tolist(), missing[missing > 0].tolist(), strict=True):
        picks = picks.concat(_fill(catalogue, people, picks.movie[picks.user == user], user, count, rng))
    return picks


def _walk(
    catalogue: SyntheticCatalogue, people: SyntheticUsers, user: Indices, rng: np.random.Generator, first_trail: int
) -> Picks:
    """A trail for each entry of `user`; what is not out, or not new enough to be noticed, is left out of it."""
    visits = people.visits
    count = visits[user + 1] - visits[user]
    # The visit on which people join is the longest: every other trail is of that one.
    visit = visits[user] + (rng.random(len(user)) * count * (rng.random(len(user)) < 0.5)).astype(np.int64)
    weights = people.weights_at(user, people.lateness[visit])
    chosen = (weights.cumsum(axis=1) < rng.random((len(user), 1))).sum(axis=1).clip(max=weights.shape[1] - 1)
    topic = people.interests[user, chosen]
    movie = np.searchsorted(catalogue.picks, topic + rng.random(len(user))).clip(max=catalogue.picks.size - 1)
    movie %= len(catalogue)
    trail = np.arange(len(user)) + first_trail
    parts: list[Picks] = []
    for step in range(_LONGEST):
        seen = _noticed(catalogue, movie, people.starts[visit], rng)
        walked = Picks(user, visit, trail, np.full(len(user), step), movie)
        parts.append(walked.select(seen))
        going = rng.random(len(user)) < _GO_ON
        user, visit, trail, movie = user[going], visit[going], trail[going], movie[going]
        place = catalogue.shelf_position[movie] + rng.choice(_STEPS, len(movie))
        movie = catalogue.shelf[place % len(catalogue)].astype(np.int64)
    return Picks(*(np.concatenate([getattr(one, column.name) for one in parts]) for column in fields(Picks)))


def _noticed(
    catalogue: SyntheticCatalogue, movie: Indices, now: Indices, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    age = (now - catalogue.release[movie]) / _YEAR
    return (age >= 0) & (rng.random(len(movie)) < freshness(age))


def freshness(age: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How readily a movie is picked at this age in years, 1 when it has just come out."""
    return _OF_ALL_TIME + (1 - _OF_ALL_TIME) * np.exp(-np.maximum(age, 0) / _NEW_FOR)


def _first_of_each(picks: Picks, n_movies: int, people: SyntheticUsers) -> Picks:
    """Each pair of user and movie once, and of each user no more than is wanted, the earliest trails first."""
    picks = picks.select(np.lexsort((picks.step, picks.trail, picks.user)))
    _, first = np.unique(picks.user * n_movies + picks.movie, return_index=True)
    picks = picks.select(np.sort(first))
    starts = np.searchsorted(picks.user, picks.user)  # where the user's own begin
    return picks.select(np.arange(len(starts)) - starts < people.n_ratings[picks.user])


def _fill(
    catalogue: SyntheticCatalogue, people: SyntheticUsers, had: Indices, user: int, count: int, rng: np.random.Generator
) -> Picks:
    """What trails did not find for somebody who rates a good part of the catalogue, drawn without repetition."""
    visit = int(people.visits[user])
    weights = people.weights_at(np.array([user]), 0)[0]
    chance = weights @ catalogue.topics[people.interests[user]]
    chance[had] = 0
    chance[catalogue.release > people.starts[visit]] = 0
    with np.errstate(divide="ignore"):
        keys = np.log(chance) + rng.gumbel(size=len(chance))  # the largest of these are such a draw
    movies = np.argpartition(-keys, count)[:count]
    alone = np.iinfo(np.int64).max // 2 + np.arange(count)
    return Picks(np.full(count, user), np.full(count, visit), alone, np.zeros(count, dtype=np.int64), movies)


def _times(picks: Picks, people: SyntheticUsers, rng: np.random.Generator) -> Indices:
    """Seconds since 1970: a fifth of the ratings in the second of the one before, most others half a minute later."""
    n = len(picks.user)
    gaps = np.exp(rng.normal(np.log(14), 1.25, n)).clip(max=3_000)
    gaps[rng.random(n) < 0.22] = 0
    new = np.append(True, picks.visit[1:] != picks.visit[:-1])
    elapsed = np.cumsum(gaps.astype(np.int64))
    begun = np.maximum.accumulate(np.where(new, np.arange(n), 0))
    return np.minimum(people.starts[picks.visit] + elapsed - elapsed[begun], LAST_DAY)


def _stars(
    catalogue: SyntheticCatalogue, people: SyntheticUsers, picks: Picks, times: Indices, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    meant = expected_ratings(catalogue, people, picks.user, picks.movie)
    meant = meant + _NOISE * rng.standard_normal(len(meant), dtype=np.float32)
    whole = people.whole_stars[picks.user] | (times < _HALF_STARS_SINCE)
    # Even who gives half stars gives whole ones more often.
    whole |= rng.random(len(meant)) < 0.35
    return np.where(whole, np.rint(meant).clip(1, 5), (np.rint(2 * meant) / 2).clip(0.5, 5)).astype(np.float32)


def offsets_of_blocks(people: SyntheticUsers, ratings_each: int) -> Indices:
    """Where to cut the users so that a block has about `ratings_each` ratings: offsets into user rows."""
    ends = offsets_of(people.n_ratings)
    cuts = np.searchsorted(ends, np.arange(ratings_each, ends[-1], ratings_each))
    return np.unique(np.concatenate([[0], cuts, [len(people)]]))
