"""Synthetic users: their number of ratings, visits, interests and leniency."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matinee.data.histories import offsets_of
from matinee.data.synthetic.catalogue import N_TOPICS, SyntheticCatalogue
from matinee.data.synthetic.size import MIN_RATINGS_PER_USER, Size

DAY = 86_400
FIRST_DAY = 823_000_000  # seconds: January 1996, the start of most MovieLens ratings
LAST_DAY = 1_697_000_000  # October 2023, the end of MovieLens 32M
N_INTERESTS = 4
_MAX_CATALOGUE_SHARE = 0.55  # rated by one user, of the movies released by the first visit
_SECONDS_EACH = 90  # reserved before LAST_DAY for each rating, so that the last visit ends in time
_RATINGS_SIGMA = 1.35  # of the logarithm of a user's ratings beyond the first 20
_ONE_VISIT = 0.55  # share of users with a single visit


@dataclass(frozen=True, eq=False)
class SyntheticUsers:
    """Columns of equal length n, by user row; visits are ragged, `visits[i]:visits[i + 1]` for user i."""

    n_ratings: npt.NDArray[np.int64]  # (n,)
    interests: npt.NDArray[np.int16]  # (n, interests) topics
    weights: npt.NDArray[np.float32]  # (n, interests) at the first visit, rows sum to 1
    drift: npt.NDArray[np.float32]  # (n, interests) change of the log weight until the last visit
    kindness: npt.NDArray[np.float32]  # (n,) offset of all ratings, in stars
    whole_ratings_only: npt.NDArray[np.bool_]  # (n,) gives no half stars
    visits: npt.NDArray[np.int64]  # (n + 1,) offsets
    starts: npt.NDArray[np.int64]  # (visits,) seconds, ascending within a user
    lateness: npt.NDArray[np.float32]  # (visits,) 0 at the user's first visit, 1 at the last

    def __len__(self) -> int:
        return len(self.n_ratings)

    def weights_at(
        self, users: npt.NDArray[np.int64], lateness: float | npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """The interests' weights of `users` (b,) at a lateness between 0 and 1: (b, interests), rows sum to 1."""
        late = np.broadcast_to(np.asarray(lateness, dtype=np.float32), len(users))
        weights = self.weights[users] * np.exp(self.drift[users] * late[:, None])
        return weights / weights.sum(axis=1, keepdims=True)


def make_users(size: Size, catalogue: SyntheticCatalogue, rng: np.random.Generator) -> SyntheticUsers:
    """`size.users` users with `size.ratings` ratings in total."""
    n = size.users
    released = np.sort(catalogue.release)
    first = np.maximum(rng.integers(FIRST_DAY, LAST_DAY - 30 * DAY, n), released[2 * MIN_RATINGS_PER_USER])
    out = np.searchsorted(released, first)
    n_ratings = _ratings_each(size, np.maximum(_MAX_CATALOGUE_SHARE * out, MIN_RATINGS_PER_USER), rng)
    first = np.minimum(first, LAST_DAY - _SECONDS_EACH * n_ratings)
    visits, starts, lateness = _visits(first, n_ratings, rng)
    return SyntheticUsers(
        n_ratings=n_ratings,
        interests=rng.permuted(np.tile(np.arange(N_TOPICS, dtype=np.int16), (n, 1)), axis=1)[:, :N_INTERESTS].copy(),
        weights=rng.dirichlet(np.full(N_INTERESTS, 0.8), n).astype(np.float32),
        drift=rng.normal(0, 1.0, (n, N_INTERESTS)).astype(np.float32),
        kindness=rng.normal(0, 0.42, n).astype(np.float32),
        whole_ratings_only=rng.random(n) < 0.35,
        visits=visits,
        starts=starts,
        lateness=lateness,
    )


def _ratings_each(size: Size, limit: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Twenty ratings plus a log-normal number, at most `limit` (n,), `size.ratings` in total: (n,)."""
    extra = np.exp(_RATINGS_SIGMA * rng.standard_normal(size.users))
    room = np.floor(limit) - MIN_RATINGS_PER_USER
    extra_total = size.ratings - MIN_RATINGS_PER_USER * size.users
    low, high = 0.0, float(extra_total) / extra.min() + 1
    for _ in range(100):  # bisection to find the factor
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(extra * middle, room).sum() < extra_total else (low, middle)
    counts = np.floor(np.minimum(extra * low, room))
    short = int(extra_total - counts.sum())
    while short > 0:  # less than one per user, the remainder of rounding down
        raised = rng.permutation(np.flatnonzero(counts < room))[:short]
        counts[raised] += 1
        short -= len(raised)
    return counts.astype(np.int64) + MIN_RATINGS_PER_USER


def _visits(
    first: npt.NDArray[np.int64], n_ratings: npt.NDArray[np.int64], rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The visits of each user: half of the users visit once, the others over days to years."""
    n = len(first)
    often = 2 + rng.geometric(1 / (2 + n_ratings / 8))
    count = np.where(rng.random(n) < _ONE_VISIT, 1, np.minimum(often, n_ratings // 4))
    visits = offsets_of(count)
    left = LAST_DAY - _SECONDS_EACH * n_ratings - first
    span = np.minimum(DAY * np.exp(rng.normal(np.log(80), 2.0, n)), left)
    owner = np.repeat(np.arange(n), count)
    lateness = rng.random(len(owner)).astype(np.float32)
    lateness[visits[:-1]] = 0
    lateness = lateness[np.lexsort((lateness, owner))]
    ends = visits[1:] - 1
    lateness[ends[count > 1]] = 1
    return visits, first[owner] + (span[owner] * lateness).astype(np.int64), lateness
