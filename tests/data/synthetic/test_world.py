import numpy as np

from matinee.data.synthetic import world as worlds
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.world import World

SIZE = Size(60_000, 400, 1_500)


def rated(world: World) -> tuple[np.ndarray, np.ndarray]:
    blocks = list(world.rating_blocks())
    return np.concatenate([one.user for one in blocks]), np.concatenate([one.movie for one in blocks])


def test_a_seed_decides_everything() -> None:
    first, again, other = (rated(World.of(SIZE, seed))[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.5


def test_blocks_make_all_ratings(monkeypatch) -> None:
    monkeypatch.setattr(worlds, "_BLOCK", 7_000)
    blocks = list(World.of(SIZE).rating_blocks())
    assert len(blocks) > 5
    assert sum(len(one.user) for one in blocks) == SIZE.ratings


def test_chances_foretell_what_is_rated_better_than_fame() -> None:
    made = World.of(SIZE, seed=4)
    user, movie = rated(made)
    chances = made.probabilities(np.arange(SIZE.users))
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    fame = np.bincount(movie, minlength=SIZE.movies)

    def place(scores: np.ndarray) -> float:
        """Where what was rated stands on average, from 0, the first, to 1."""
        return float(scores.argsort(axis=1).argsort(axis=1)[user, movie].mean()) / SIZE.movies

    assert place(-chances) < place(-np.tile(fame, (SIZE.users, 1))) - 0.03


def test_what_is_not_out_has_no_chance() -> None:
    made = World.of(SIZE, seed=4)
    last = made.users.starts[made.users.visits[1:] - 1]
    early = int(last.argmin())
    chances = made.probabilities(np.array([early]))[0]
    assert (chances[made.catalogue.release > last[early]] == 0).all()
    assert (chances > 0).any()
