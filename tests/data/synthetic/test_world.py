import numpy as np

from matinee.data.synthetic import world as worlds
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.world import World

SIZE = Size(60_000, 400, 1_500)


def rated(world: World) -> tuple[np.ndarray, np.ndarray]:
    blocks = list(world.rating_blocks())
    return np.concatenate([block.user for block in blocks]), np.concatenate([block.movie for block in blocks])


def test_a_seed_determines_all_ratings() -> None:
    first, again, other = (rated(World.of(SIZE, seed))[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.5


def test_blocks_contain_all_ratings(monkeypatch) -> None:
    monkeypatch.setattr(worlds, "_BLOCK", 7_000)
    blocks = list(World.of(SIZE).rating_blocks())
    assert len(blocks) > 5
    assert sum(len(block.user) for block in blocks) == SIZE.ratings


def test_probabilities_predict_ratings_better_than_popularity() -> None:
    world = World.of(SIZE, seed=4)
    user, movie = rated(world)
    probabilities = world.probabilities(np.arange(SIZE.users))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    fame = np.bincount(movie, minlength=SIZE.movies)

    def mean_rank(scores: np.ndarray) -> float:
        """The mean relative rank of rated movies, from 0 for the best to 1."""
        return float(scores.argsort(axis=1).argsort(axis=1)[user, movie].mean()) / SIZE.movies

    assert mean_rank(-probabilities) < mean_rank(-np.tile(fame, (SIZE.users, 1))) - 0.03


def test_unreleased_movies_have_probability_zero() -> None:
    world = World.of(SIZE, seed=4)
    last = world.users.starts[world.users.visits[1:] - 1]
    early = int(last.argmin())
    probabilities = world.probabilities(np.array([early]))[0]
    assert (probabilities[world.catalogue.release > last[early]] == 0).all()
    assert (probabilities > 0).any()
