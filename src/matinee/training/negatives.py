"""Negative samples: movies that a user did not rate, drawn from arrays without a loop over ratings."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from matinee.arrays import Entries, MovieRows
from matinee.data.histories import Histories
from matinee.errors import ConfigError

Strategy = Literal["uniform", "popularity", "mixed"]


_BITMAP_BYTES = 256 << 20  # a bit for every user and movie is kept up to this size
_CELLS_PER_ROW = 16
_ROUNDS = 30  # of drawing again what turned out to be a user's own movie


class NegativeSampler:
    """Draws movies for users by a fixed chance for each movie, leaving out the movies of a user's own history.

    `strategy` is "uniform" over the catalogue; "popularity", where the chance of a movie is proportional to its
    number of ratings to the power `power` (3/4 is that of word2vec, Mikolov et al. 2013), so that a movie nobody
    rated is never drawn; or "mixed", where a coin decides for each draw between the two. With `allow_own` a user's
    own movies are drawn like any other.

    `log_chance` (movies,) float32 is the log of each movie's chance in one draw, before own movies are left out;
    -inf for one that is never drawn. Raises `ConfigError` for settings that give no chances.
    """

    def __init__(
        self, histories: Histories, n_movies: int, strategy: Strategy, power: float = 0.75, allow_own: bool = False
    ):
        self.n_movies = n_movies
        self.chance = _chances(histories, n_movies, strategy, power)  # (movies,)
        with np.errstate(divide="ignore"):
            self.log_chance = np.log(self.chance).astype(np.float32)
        self.wheel = _Wheel(self.chance)
        self.own = None if allow_own else _OwnMovies(histories, n_movies)
        if self.own is not None:
            self.exhausted = self.own.counts() == np.count_nonzero(self.chance)  # (users,) has all that can be drawn

    def draw(self, users: npt.NDArray[np.integer], k: int, rng: np.random.Generator) -> MovieRows:
        """`k` movie rows for each of these histories' numbers, with replacement: (n,) -> (n, k).

        Raises `ConfigError` if one of these users has rated every movie that could be drawn.
        """
        drawn = self.wheel.draw(len(users) * k, rng)
        if self.own is not None:
            self._refuse_exhausted(users)
            self._replace_own(drawn, np.repeat(users.astype(np.int64), k), self.own, rng)
        return drawn.reshape(len(users), k)

    def _replace_own(self, drawn: MovieRows, owner: Entries, own: "_OwnMovies", rng: np.random.Generator) -> None:
        """Draw again, in place, until no movie of `drawn` (n,) is in the history of its `owner` (n,)."""
        left = np.flatnonzero(own.hold(owner, drawn))
        for _ in range(_ROUNDS):
            if not len(left):
                return
            again = self.wheel.draw(len(left), rng)
            drawn[left] = again
            left = left[own.hold(owner[left], again)]
        # Who is left has rated nearly all that is likely to be drawn: few people, each worth a look at every movie.
        for user in np.unique(owner[left]):
            places = left[owner[left] == user]
            others = np.where(own.hold(np.full(self.n_movies, user), np.arange(self.n_movies)), 0, self.chance)
            drawn[places] = np.searchsorted(_ends(others), rng.random(len(places)), side="right")

    def _refuse_exhausted(self, users: npt.NDArray[np.integer]) -> None:
        refused = users[self.exhausted[users]]
        if len(refused):
            raise ConfigError(
                f"history {refused[0]} holds all {np.count_nonzero(self.chance):,} movies that negatives are drawn "
                "from; expected at least one it does not hold, or allow_own"
            )


class _Wheel:
    """Draws rows with unequal chances by inverting their cumulated sum, which nearly always takes one look-up.

    The unit interval is cut into cells; where a whole cell belongs to one row, that row is known beforehand (the
    guide table of Chen & Asau 1974). Only what falls into the other cells is searched for.
    """

    def __init__(self, weights: npt.NDArray[np.float64]):
        self.ends = _ends(weights)
        self.cells = 1 << (_CELLS_PER_ROW * len(weights)).bit_length()
        edges = np.arange(self.cells + 1) / self.cells
        self.row_at = np.searchsorted(self.ends, edges, side="right").astype(np.int32)  # (cells + 1,)
        self.shared = self.row_at[:-1] != self.row_at[1:]  # (cells,)

    def draw(self, n: int, rng: np.random.Generator) -> MovieRows:
        """(n,) rows, independent of each other."""
        point = rng.random(n)
        cell = (point * self.cells).astype(np.int32)  # exact: the number of cells is a power of two
        rows = self.row_at[cell]
        unsure = np.flatnonzero(self.shared[cell])
        rows[unsure] = np.searchsorted(self.ends, point[unsure], side="right")
        return rows


class _OwnMovies:
    """Answers whether users have movies: from a bit for each pair, or by search where that would be too large."""

    def __init__(self, histories: Histories, n_movies: int):
        self.n_users, self.n_movies = len(histories), n_movies
        keys = np.sort(histories.owner * n_movies + histories.movies)
        self.keys = keys[np.diff(keys, prepend=-1) > 0]  # (pairs,) each once, ascending
        size = self.n_users * n_movies // 8 + 1
        self.bits = np.zeros(size, dtype=np.uint8) if size <= _BITMAP_BYTES else None
        if self.bits is not None:
            np.bitwise_or.at(self.bits, self.keys >> 3, _bit(self.keys))

    def hold(self, users: Entries, movies: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
        """Whether each user's history holds the movie beside it: (n,), (n,) -> (n,)."""
        wanted = users * self.n_movies + movies
        if self.bits is not None:
            return (self.bits[wanted >> 3] & _bit(wanted)) != 0
        if not len(self.keys):
            return np.zeros(len(wanted), dtype=np.bool_)
        place = np.searchsorted(self.keys, wanted)
        return self.keys[np.minimum(place, len(self.keys) - 1)] == wanted

    def counts(self) -> Entries:
        """How many different movies each history holds: (users,)."""
        return np.bincount(self.keys // self.n_movies, minlength=self.n_users)


def _bit(keys: Entries) -> npt.NDArray[np.uint8]:
    """The place of each key within its byte."""
    return np.left_shift(np.uint8(1), (keys & 7).astype(np.uint8))


def _chances(histories: Histories, n_movies: int, strategy: Strategy, power: float) -> npt.NDArray[np.float64]:
    """The chance of each movie in one draw: (movies,)."""
    if n_movies < 1 or (len(histories.movies) and int(histories.movies.max()) >= n_movies):
        raise ConfigError(f"n_movies={n_movies} for negatives; expected more than the highest movie row in a history")
    if power < 0:
        raise ConfigError(f"power={power} for negatives; expected 0 or more")
    uniform = np.full(n_movies, 1 / n_movies)
    if strategy == "uniform":
        return uniform
    if not len(histories.movies):
        raise ConfigError(f"strategy={strategy!r} for negatives needs ratings, and the histories given are empty")
    weights = np.bincount(histories.movies, minlength=n_movies) ** power
    popular = weights / weights.sum()
    return popular if strategy == "popularity" else (uniform + popular) / 2  # a coin between them


def _ends(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Where each row's share of the unit interval ends: (rows,). A row without weight has an empty share."""
    sums = np.cumsum(weights)
    return sums / sums[-1]
