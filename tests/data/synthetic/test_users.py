import numpy as np

from matinee.data.synthetic.catalogue import make_catalogue
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.users import DAY, FIRST_DAY, LAST_DAY, SyntheticUsers, make_users


def users(size: Size, seed: int = 0) -> SyntheticUsers:
    rng = np.random.default_rng(seed)
    return make_users(size, make_catalogue(size, rng), rng)


def test_ratings_add_up_with_a_long_tail() -> None:
    counts = users(Size(320_000, 2_000, 4_000)).n_ratings
    assert counts.sum() == 320_000
    assert 20 <= counts.min() <= 22
    assert counts.max() > 10 * np.median(counts)


def test_the_densest_and_sparsest_sizes_work() -> None:
    assert users(Size(4_000, 200, 200)).n_ratings.sum() == 4_000
    full = users(Size(6_000, 200, 300)).n_ratings
    assert full.sum() == 6_000
    assert full.max() <= 0.55 * 300


def test_visits_are_in_order_and_within_the_time() -> None:
    sample = users(Size(320_000, 2_000, 4_000))
    owner = np.repeat(np.arange(len(sample)), np.diff(sample.visits))
    same = owner[1:] == owner[:-1]
    assert (np.diff(sample.starts)[same] >= 0).all()
    assert sample.starts.min() >= FIRST_DAY - 30 * DAY
    assert sample.starts.max() < LAST_DAY
    once = (np.diff(sample.visits) == 1).mean()
    assert 0.5 < once < 0.6


def test_weights_drift_from_the_first_visit_to_the_last() -> None:
    sample = users(Size(40_000, 500, 1_000))
    rows = np.arange(500)
    np.testing.assert_allclose(sample.weights_at(rows, 0), sample.weights, rtol=1e-5)
    late = sample.weights_at(rows, 1)
    np.testing.assert_allclose(late.sum(axis=1), 1, rtol=1e-5)
    ratio = np.log(late[:, 0] / late[:, 1]) - np.log(sample.weights[:, 0] / sample.weights[:, 1])
    np.testing.assert_allclose(ratio, sample.drift[:, 0] - sample.drift[:, 1], rtol=1e-3, atol=1e-3)


def test_interests_are_distinct() -> None:
    interests = np.sort(users(Size(40_000, 500, 1_000)).interests, axis=1)
    assert (np.diff(interests, axis=1) > 0).all()
