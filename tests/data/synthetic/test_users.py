import numpy as np

from matinee.data.synthetic.catalogue import make_catalogue
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.users import DAY, FIRST_DAY, LAST_DAY, SyntheticUsers, make_users


def people(size: Size, seed: int = 0) -> SyntheticUsers:
    rng = np.random.default_rng(seed)
    return make_users(size, make_catalogue(size, rng), rng)


def test_ratings_add_up_with_twenty_at_least_and_a_long_tail() -> None:
    counts = people(Size(320_000, 2_000, 4_000)).n_ratings
    assert counts.sum() == 320_000
    assert 20 <= counts.min() <= 22
    assert counts.max() > 10 * np.median(counts)


def test_the_fullest_and_the_emptiest_size_can_be_made() -> None:
    assert people(Size(4_000, 200, 200)).n_ratings.sum() == 4_000
    full = people(Size(6_000, 200, 300)).n_ratings
    assert full.sum() == 6_000
    assert full.max() <= 0.55 * 300


def test_visits_are_in_order_and_within_the_time() -> None:
    made = people(Size(320_000, 2_000, 4_000))
    owner = np.repeat(np.arange(len(made)), np.diff(made.visits))
    same = owner[1:] == owner[:-1]
    assert (np.diff(made.starts)[same] >= 0).all()
    assert made.starts.min() >= FIRST_DAY - 30 * DAY
    assert made.starts.max() < LAST_DAY
    once = (np.diff(made.visits) == 1).mean()
    assert 0.5 < once < 0.6


def test_weights_drift_from_the_first_visit_to_the_last() -> None:
    made = people(Size(40_000, 500, 1_000))
    everyone = np.arange(500)
    np.testing.assert_allclose(made.weights_at(everyone, 0), made.weights, rtol=1e-5)
    late = made.weights_at(everyone, 1)
    np.testing.assert_allclose(late.sum(axis=1), 1, rtol=1e-5)
    ratio = np.log(late[:, 0] / late[:, 1]) - np.log(made.weights[:, 0] / made.weights[:, 1])
    np.testing.assert_allclose(ratio, made.drift[:, 0] - made.drift[:, 1], rtol=1e-3, atol=1e-3)


def test_nobody_has_an_interest_twice() -> None:
    interests = np.sort(people(Size(40_000, 500, 1_000)).interests, axis=1)
    assert (np.diff(interests, axis=1) > 0).all()
