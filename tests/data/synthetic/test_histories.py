from functools import cache

import numpy as np

from matinee.data.synthetic.histories import RatingBlock, freshness, generate_ratings, offsets_of_blocks
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.world import World


@cache
def world() -> World:
    return World.of(Size(60_000, 400, 1_500), seed=3)


@cache
def ratings() -> RatingBlock:
    return generate_ratings(world().catalogue, world().users, np.arange(400), np.random.default_rng(0))


def test_each_user_rates_distinct_movies() -> None:
    block = ratings()
    np.testing.assert_array_equal(np.bincount(block.user, minlength=400), world().users.n_ratings)
    pairs = block.user * 1_500 + block.movie
    assert len(np.unique(pairs)) == len(pairs)


def test_no_movie_is_rated_before_its_release() -> None:
    assert (ratings().timestamp >= world().catalogue.release[ratings().movie]).all()


def test_ratings_are_by_user_then_oldest_first() -> None:
    block = ratings()
    same = block.user[1:] == block.user[:-1]
    assert (np.diff(block.user) >= 0).all()
    gaps = np.diff(block.timestamp)[same]
    assert (gaps >= 0).all()
    assert 0.15 < (gaps == 0).mean() < 0.3  # in the same second
    assert 0.01 < (gaps > 3_600).mean() < 0.15  # another visit


def test_half_stars_start_in_2003() -> None:
    block = ratings()
    old = block.timestamp < 1_045_000_000
    assert set(np.unique(block.rating[old])) <= {1, 2, 3, 4, 5}
    assert set(np.unique(block.rating[~old])) == {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5}


def test_consecutive_ratings_are_close_on_the_shelf() -> None:
    block = ratings()
    position = world().catalogue.shelf_position[block.movie]
    near = np.abs(np.diff(position)) <= 4
    by_chance = np.abs(position[:-1] - np.random.default_rng(0).permutation(position[1:])) <= 4
    assert near.mean() > 10 * by_chance.mean()


def test_ratings_follow_the_expected_ratings() -> None:
    block = ratings()
    truth = world().expected_ratings(np.arange(400))[block.user, block.movie]
    assert np.corrcoef(truth, block.rating)[0, 1] > 0.5
    assert abs((truth - block.rating).mean()) < 0.1


def test_users_with_many_ratings_are_completed() -> None:
    """A user who rates half of the catalogue gets all ratings, although trails find no new movies."""
    greedy = int(world().users.n_ratings.argmax())
    block = generate_ratings(world().catalogue, world().users, np.array([greedy]), np.random.default_rng(1))
    assert len(np.unique(block.movie)) == world().users.n_ratings[greedy] == len(block.movie)


def test_new_movies_are_picked_more_often() -> None:
    np.testing.assert_allclose(freshness(np.array([0.0, 1e6])), [1, 0.45])


def test_blocks_hold_each_user_once() -> None:
    all_users = world().users
    cuts = offsets_of_blocks(all_users, 10_000)
    assert (cuts[0], cuts[-1]) == (0, 400)
    sizes = np.add.reduceat(all_users.n_ratings, cuts[:-1])
    assert sizes.sum() == 60_000
    assert sizes.max() < 10_000 + all_users.n_ratings.max()
