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


def test_everybody_rates_as_much_as_they_should_and_nothing_twice() -> None:
    made = ratings()
    np.testing.assert_array_equal(np.bincount(made.user, minlength=400), world().users.n_ratings)
    pairs = made.user * 1_500 + made.movie
    assert len(np.unique(pairs)) == len(pairs)


def test_nothing_is_rated_before_it_is_out() -> None:
    assert (ratings().timestamp >= world().catalogue.release[ratings().movie]).all()


def test_ratings_are_by_user_then_oldest_first() -> None:
    made = ratings()
    same = made.user[1:] == made.user[:-1]
    assert (np.diff(made.user) >= 0).all()
    gaps = np.diff(made.timestamp)[same]
    assert (gaps >= 0).all()
    assert 0.15 < (gaps == 0).mean() < 0.3  # of one second
    assert 0.01 < (gaps > 3_600).mean() < 0.15  # another visit


def test_stars_are_whole_until_2003_and_half_later() -> None:
    made = ratings()
    old = made.timestamp < 1_045_000_000
    assert set(np.unique(made.rating[old])) <= {1, 2, 3, 4, 5}
    assert set(np.unique(made.rating[~old])) == {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5}


def test_what_follows_stands_near_on_the_shelf() -> None:
    made = ratings()
    place = world().catalogue.shelf_position[made.movie]
    near = np.abs(np.diff(place)) <= 4
    by_chance = np.abs(place[:-1] - np.random.default_rng(0).permutation(place[1:])) <= 4
    assert near.mean() > 10 * by_chance.mean()


def test_stars_follow_the_truth() -> None:
    made = ratings()
    truth = world().expected_ratings(np.arange(400))[made.user, made.movie]
    assert np.corrcoef(truth, made.rating)[0, 1] > 0.5
    assert abs((truth - made.rating).mean()) < 0.1


def test_a_glutton_is_filled_up() -> None:
    """Somebody who rates half of what is out gets it, though trails no longer find anything new."""
    greedy = int(world().users.n_ratings.argmax())
    one = generate_ratings(world().catalogue, world().users, np.array([greedy]), np.random.default_rng(1))
    assert len(np.unique(one.movie)) == world().users.n_ratings[greedy] == len(one.movie)


def test_new_movies_are_picked_more_readily() -> None:
    np.testing.assert_allclose(freshness(np.array([0.0, 1e6])), [1, 0.45])


def test_blocks_hold_everybody_once_and_are_of_about_the_size() -> None:
    people = world().users
    cuts = offsets_of_blocks(people, 10_000)
    assert (cuts[0], cuts[-1]) == (0, 400)
    sizes = np.add.reduceat(people.n_ratings, cuts[:-1])
    assert sizes.sum() == 60_000
    assert sizes.max() < 10_000 + people.n_ratings.max()
