"""The size of a synthetic data set."""

import math
from dataclasses import dataclass

from matinee.errors import ConfigError

MIN_RATINGS_PER_USER = 20  # as in every MovieLens set since 2003
MIN_MOVIES = 200  # with fewer, MAX_DENSITY leaves less than MIN_RATINGS_PER_USER
MAX_DENSITY = 0.1  # of all pairs of user and movie; MovieLens 1M has 4%, 100K 6%


@dataclass(frozen=True)
class Size:
    """The exact numbers of ratings, users and movies. Raises `ConfigError` for an impossible combination."""

    ratings: int
    users: int
    movies: int

    def __post_init__(self):
        if self.users < 1 or self.movies < MIN_MOVIES:
            raise ConfigError(
                f"{self.users:,} users and {self.movies:,} movies are too few. "
                f"Use at least 1 user and {MIN_MOVIES} movies."
            )
        least, most = MIN_RATINGS_PER_USER * self.users, int(MAX_DENSITY * self.users * self.movies)
        if not least <= self.ratings <= most:
            raise ConfigError(
                f"{self.ratings:,} ratings by {self.users:,} users of {self.movies:,} movies are not possible. "
                f"Use {least:,} ({MIN_RATINGS_PER_USER} per user) to {most:,} ratings ({MAX_DENSITY:.0%} of all pairs)."
            )

    @classmethod
    def of(cls, ratings: int, users: int | None = None, movies: int | None = None) -> "Size":
        """A size with `ratings`; missing numbers scale as from MovieLens 1M to MovieLens 32M."""
        small, large = LIKE["ml-1m"], LIKE["ml-32m"]
        steps = math.log(max(ratings, 1) / small.ratings) / math.log(large.ratings / small.ratings)

        def scale(first: int, last: int) -> int:
            return round(first * (last / first) ** steps)

        users = users or max(1, min(scale(small.users, large.users), ratings // MIN_RATINGS_PER_USER))
        return cls(ratings, users, movies or max(MIN_MOVIES, scale(small.movies, large.movies)))


# As published by GroupLens.
LIKE = {
    "ml-100k": Size(100_000, 943, 1_682),
    "ml-1m": Size(1_000_209, 6_040, 3_883),
    "ml-10m": Size(10_000_054, 71_567, 10_681),
    "ml-20m": Size(20_000_263, 138_493, 27_278),
    "ml-25m": Size(25_000_095, 162_541, 62_423),
    "ml-32m": Size(32_000_204, 200_948, 87_585),
}
