"""A made-up world of movies and people, and the truth about them: what a model can only guess from ratings."""

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

_BLOCK = 400_000  # ratings made at a time
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
        """Movies and people; their ratings are made as `rating_blocks` is walked through."""
        for_movies, for_people = np.random.SeedSequence(seed, spawn_key=(0,)).spawn(2)
        catalogue = make_catalogue(size, np.random.default_rng(for_movies))
        return cls(size, seed, catalogue, make_users(size, catalogue, np.random.default_rng(for_people)))

    @property
    def user_ids(self) -> npt.NDArray[np.int64]:
        """The id of each user row: 1 and up."""
        return np.arange(1, self.size.users + 1)

    def rating_blocks(self) -> Iterator[RatingBlock]:
        """All ratings, a block of users at a time; memory does not grow with their number."""
        cuts = offsets_of_blocks(self.users, _BLOCK)
        for block in track(range(len(cuts) - 1), "Making ratings"):
            rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(1, block)))
            yield generate_ratings(self.catalogue, self.users, np.arange(cuts[block], cuts[block + 1]), rng)

    def probabilities(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """How likely each movie is what each of `users` (b,) picks next, by interest alone: (b, movies), rows sum to 1.

        As of their last visit: with the interests they have by then, and movies already out. What they rated before
        is not left out, and the movie last rated (the trail they are on) does not count.
        """
        last = self.users.visits[users + 1] - 1
        weights = self.users.weights_at(users, self.users.lateness[last])
        chances = np.zeros((len(users), self.size.movies))
        for place in range(weights.shape[1]):
            chances += weights[:, place, None] * self.catalogue.topics[self.users.interests[users, place]]
        age = (self.users.starts[last][:, None] - self.catalogue.release) / _YEAR  # (b, movies)
        chances *= np.where(age >= 0, freshness(age), 0)
        return chances / chances.sum(axis=1, keepdims=True)

    def expected_ratings(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """The stars each of `users` (b,) would give each movie, before noise and rounding: (b, movies).

        With the interests of their first visit.
        """
        every = np.arange(self.size.movies)
        pairs = np.repeat(users, len(every)), np.tile(every, len(users))
        return expected_ratings(self.catalogue, self.users, *pairs).reshape(len(users), len(every))
