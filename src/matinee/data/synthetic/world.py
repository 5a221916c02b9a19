"""A synthetic world of movies and users with known true tastes, which models can only estimate from ratings."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matinee.data.synthetic.catalogue import SyntheticCatalogue, make_catalogue
from matinee.data.synthetic.histories import (
    RatingBlock,
    expected_ratings,
    freshness,
    generate_ratings,
    offsets_of_blocks,
)
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.users import SyntheticUsers, make_users
from matinee.progress import track

_BLOCK = 400_000  # ratings generated at a time
_YEAR = 365.25 * 86_400


@dataclass(frozen=True, eq=False)
class World:
    """The same size and seed give the same world and the same ratings, on every machine with this numpy."""

    size: Size
    seed: int
    catalogue: SyntheticCatalogue
    users: SyntheticUsers

    @classmethod
    def of(cls, size: Size, seed: int = 0) -> "World":
        """Movies and users; `rating_blocks` generates their ratings lazily."""
        movie_seed, user_seed = np.random.SeedSequence(seed, spawn_key=(0,)).spawn(2)
        catalogue = make_catalogue(size, np.random.default_rng(movie_seed))
        return cls(size, seed, catalogue, make_users(size, catalogue, np.random.default_rng(user_seed)))

    @property
    def user_ids(self) -> npt.NDArray[np.int64]:
        """The id of each user row: 1 and up."""
        return np.arange(1, self.size.users + 1)

    def rating_blocks(self) -> Iterator[RatingBlock]:
        """All ratings, a block of users at a time; memory does not grow with their number."""
        cuts = offsets_of_blocks(self.users, _BLOCK)
        for block in track(range(len(cuts) - 1), "Generating ratings"):
            rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(1, block)))
            yield generate_ratings(self.catalogue, self.users, np.arange(cuts[block], cuts[block + 1]), rng)

    def probabilities(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The probability of each movie as the next pick of `users` (b,), by interest: (b, movies), rows sum to 1.

        At their last visit: with the interests and releases of that time. Rated movies are not excluded, and the trail
        of the last rating has no effect.
        """
        last = self.users.visits[users + 1] - 1
        weights = self.users.weights_at(users, self.users.lateness[last])
        probabilities = np.zeros((len(users), self.size.movies))
        for interest in range(weights.shape[1]):
            probabilities += weights[:, interest, None] * self.catalogue.topics[self.users.interests[users, interest]]
        age = (self.users.starts[last][:, None] - self.catalogue.release) / _YEAR  # (b, movies)
        probabilities *= np.where(age >= 0, freshness(age), 0)
        return probabilities / probabilities.sum(axis=1, keepdims=True)

    def expected_ratings(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """The rating of each of `users` (b,) for each movie, before noise and rounding: (b, movies).

        With the interests of their first visit.
        """
        all_movies = np.arange(self.size.movies)
        pairs = np.repeat(users, len(all_movies)), np.tile(all_movies, len(users))
        return expected_ratings(self.catalogue, self.users, *pairs).reshape(len(users), len(all_movies))
