"""Negative samples: movies that a user did not rate, drawn with array operations."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from matinee.arrays import AnyRows, Entries, Floats, Mask, MovieRows
from matinee.data.histories import Histories
from matinee.errors import ConfigError

Strategy = Literal["uniform", "popularity", "mixed"]


_BITMAP_BYTES = 256 << 20  # a bit for every user and movie is kept up to this size
_CELLS_PER_ROW = 16
_ROUNDS = 30  # of drawing again, for a user's own movies


class NegativeSampler:
    """Draws movies for users with a fixed probability per movie, except the movies of a user's own history.

    `strategy` is "uniform" over the catalogue; "popularity", where the probability is proportional to the number of
    ratings to the power `power` (3/4 as in word2vec, Mikolov et al. 2013), so movies without ratings are never drawn;
    or "mixed", which chooses one of both at random for each draw. With `allow_own` a user's own movies are drawn too.

    `log_probability` (movies,) float32 is the log-probability of each movie in one draw, before own movies are left
    out; -inf for a movie that is never drawn. Raises `ConfigError` for invalid settings.
    """

    def __init__(
        self, histories: Histories, n_movies: int, strategy: Strategy, power: float = 0.75, allow_own: bool = False
    ):
        self.n_movies = n_movies
        self.probability = _probabilities(histories, n_movies, strategy, power)  # (movies,)
        with np.errstate(divide="ignore"):
            self.log_probability = np.log(self.probability).astype(np.float32)
        self.wheel = _Wheel(self.probability)
        self.own = None if allow_own else _OwnMovies(histories, n_movies)
        if self.own is not None:
            self.exhausted = self.own.counts() == np.count_nonzero(
                self.probability
            )  # (users,) has all that can be drawn

    def draw(self, users: AnyRows, k: int, rng: np.random.Generator) -> MovieRows:
        """Draw `k` movie rows for each of these history numbers, with replacement: (n,) -> (n, k).

        Raises `ConfigError` if one of these users has rated every movie that can be drawn.
        """
        rows = self.wheel.draw(len(users) * k, rng)
        if self.own is not None:
            self._refuse_exhausted(users)
            self._replace_own(rows, np.repeat(users.astype(np.int64), k), self.own, rng)
        return rows.reshape(len(users), k)

    def _replace_own(self, rows: MovieRows, owner: Entries, own: "_OwnMovies", rng: np.random.Generator) -> None:
        """Draw again, in place, until no movie of `drawn` (n,) is in the history of its `owner` (n,)."""
        remaining = np.flatnonzero(own.hold(owner, rows))
        for _ in range(_ROUNDS):
            if not len(remaining):
                return
            new_rows = self.wheel.draw(len(remaining), rng)
            rows[remaining] = new_rows
            remaining = remaining[own.hold(owner[remaining], new_rows)]
        # The remaining users have rated nearly all likely movies. They are few, so each can check every movie.
        for user in np.unique(owner[remaining]):
            remaining_of_user = remaining[owner[remaining] == user]
            probability = np.where(
                own.hold(np.full(self.n_movies, user), np.arange(self.n_movies)), 0, self.probability
            )
            rows[remaining_of_user] = np.searchsorted(
                _ends(probability), rng.random(len(remaining_of_user)), side="right"
            )

    def _refuse_exhausted(self, users: AnyRows) -> None:
        exhausted_users = users[self.exhausted[users]]
        if len(exhausted_users):
            raise ConfigError(
                f"History {exhausted_users[0]} has all {np.count_nonzero(self.probability):,} movies that can be "
                "drawn. Leave out such histories, or set allow_own."
            )


class _Wheel:
    """Draws rows with unequal probabilities by inverting their cumulative sum, usually with a single look-up.

    The unit interval is cut into cells; where a whole cell belongs to one row, that row is known beforehand (the
    guide table of Chen & Asau 1974). Only what falls into the other cells is searched for.
    """

    def __init__(self, weights: Floats):
        self.ends = _ends(weights)
        self.cells = 1 << (_CELLS_PER_ROW * len(weights)).bit_length()
        edges = np.arange(self.cells + 1) / self.cells
        self.row_at = np.searchsorted(self.ends, edges, side="right").astype(np.int32)  # (cells + 1,)
        self.shared = self.row_at[:-1] != self.row_at[1:]  # (cells,)

    def draw(self, n: int, rng: np.random.Generator) -> MovieRows:
        """Draw n independent rows: (n,)."""
        point = rng.random(n)
        cell = (point * self.cells).astype(np.int32)  # exact: the number of cells is a power of two
        rows = self.row_at[cell]
        shared_rows = np.flatnonzero(self.shared[cell])
        rows[shared_rows] = np.searchsorted(self.ends, point[shared_rows], side="right")
        return rows


class _OwnMovies:
    """Looks up whether users have movies: in a bitmap of all pairs, or by search if that would be too large."""

    def __init__(self, histories: Histories, n_movies: int):
        self.n_users, self.n_movies = len(histories), n_movies
        keys = np.sort(histories.owner * n_movies + histories.movies)
        self.keys = keys[np.diff(keys, prepend=-1) > 0]  # (pairs,) each once, ascending
        size = self.n_users * n_movies // 8 + 1
        self.bits = np.zeros(size, dtype=np.uint8) if size <= _BITMAP_BYTES else None
        if self.bits is not None:
            np.bitwise_or.at(self.bits, self.keys >> 3, _bit(self.keys))

    def hold(self, users: Entries, movies: AnyRows) -> Mask:
        """Tell for each user and movie whether the history has the movie: (n,), (n,) -> (n,)."""
        keys = users * self.n_movies + movies
        if self.bits is not None:
            return (self.bits[keys >> 3] & _bit(keys)) != 0
        if not len(self.keys):
            return np.zeros(len(keys), dtype=np.bool_)
        index = np.searchsorted(self.keys, keys)
        return self.keys[np.minimum(index, len(self.keys) - 1)] == keys

    def counts(self) -> Entries:
        """Count the different movies of each history: (users,)."""
        return np.bincount(self.keys // self.n_movies, minlength=self.n_users)


def _bit(keys: Entries) -> npt.NDArray[np.uint8]:
    """Return the bit of each key within its byte."""
    return np.left_shift(np.uint8(1), (keys & 7).astype(np.uint8))


def _probabilities(histories: Histories, n_movies: int, strategy: Strategy, power: float) -> Floats:
    """Return the probability of each movie in one draw: (movies,)."""
    if n_movies < 1 or (len(histories.movies) and int(histories.movies.max()) >= n_movies):
        raise ConfigError(
            f"n_movies={n_movies} is too small for negatives. It must exceed all movie rows of histories."
        )
    if power < 0:
        raise ConfigError(f"power={power} is negative. Set 0 or more.")
    uniform = np.full(n_movies, 1 / n_movies)
    if strategy == "uniform":
        return uniform
    if not len(histories.movies):
        raise ConfigError(f"strategy={strategy!r} needs ratings, and all histories are empty. Use 'uniform'.")
    weights = np.bincount(histories.movies, minlength=n_movies) ** power
    popular = weights / weights.sum()
    return popular if strategy == "popularity" else (uniform + popular) / 2


def _ends(weights: Floats) -> Floats:
    """Return the end of each row's share of the unit interval: (rows,). A row without weight has an empty share."""
    sums = np.cumsum(weights)
    return sums / sums[-1]
