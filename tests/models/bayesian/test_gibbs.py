import numpy as np
import pytest
from scipy import sparse

from matinee.models.bayesian.gibbs import (
    Design,
    FactorSide,
    Prior,
    draw_noise_precision,
    draw_normal,
    draw_wishart,
    make_buckets,
)
from matinee.models.linear.sparse import Matrix


def test_buckets_hold_every_row_once_with_its_ratings() -> None:
    rng = np.random.default_rng(0)
    lengths = np.array([0, 1, 40, 3, 2, 0, 41, 200])
    row = rng.permutation(np.repeat(np.arange(8), lengths))
    other, ratings = rng.integers(0, 9, len(row)), rng.standard_normal(len(row)).astype(np.float32)
    seen: list[int] = []
    for bucket in make_buckets(row, other, ratings, 8, 9, most_entries=100):
        assert len(bucket.rows) == 1 or bucket.others.size <= 100
        for bucket_row, others, values in zip(bucket.rows, bucket.others, bucket.ratings, strict=True):
            real = others < 9
            np.testing.assert_array_equal(others[real], other[row == bucket_row])
            np.testing.assert_array_equal(values[real], ratings[row == bucket_row])
            assert not values[~real].any()
        seen += bucket.rows.tolist()
    assert sorted(seen) == list(range(8))


def test_equations_are_those_of_each_rows_regression() -> None:
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((5, 2, 3)).astype(np.float32)  # 5 movies, 2 samples, bias and 2 factors
    movies, ratings = np.array([4, 0, 2, 1]), np.array([1.0, -1.0, 0.5, 2.0])
    (bucket,) = make_buckets(np.zeros(4, dtype=np.int64), movies, ratings, 1, 5)
    gram, cross, squares = Design.of(rows).equations(bucket)
    for sample in range(2):
        A = np.hstack([np.ones((4, 1)), rows[movies, sample, 1:]])
        t = ratings - rows[movies, sample, 0]
        np.testing.assert_allclose(gram[0, sample], A.T @ A, rtol=1e-5)
        np.testing.assert_allclose(cross[0, sample], A.T @ t, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(squares[0, sample], t @ t, rtol=1e-5)


def test_padding_adds_nothing_to_the_equations() -> None:
    rows = np.random.default_rng(2).standard_normal((30, 1, 3)).astype(np.float32)
    user = np.repeat([0, 1], [23, 24])  # similar enough for one bucket
    movie, ratings = np.arange(47) % 30, np.linspace(-1, 1, 47)
    (both,) = make_buckets(user, movie, ratings, 2, 30)
    (alone,) = make_buckets(user[:23], movie[:23], ratings[:23], 1, 30)
    assert both.others.shape[1] > alone.others.shape[1]
    for together, apart in zip(Design.of(rows).equations(both), Design.of(rows).equations(alone), strict=True):
        np.testing.assert_allclose(together[0], apart[0], rtol=1e-5, atol=1e-6)


def test_draws_have_the_expected_mean_and_covariance() -> None:
    rng = np.random.default_rng(3)
    precision = np.array([[2.0, 0.8], [0.8, 1.0]])
    target = np.array([1.0, -2.0])
    n = 100_000
    drawn = draw_normal(np.tile(precision, (n, 1, 1)), np.tile(target, (n, 1)), rng)
    np.testing.assert_allclose(drawn.mean(axis=0), np.linalg.solve(precision, target), atol=0.02)
    np.testing.assert_allclose(np.cov(drawn.T), np.linalg.inv(precision), atol=0.03)


def test_wishart_draws_average_degrees_times_scale() -> None:
    rng = np.random.default_rng(4)
    scale = np.array([[1.0, 0.3, 0.0], [0.3, 0.5, 0.1], [0.0, 0.1, 2.0]])
    mean = np.mean([draw_wishart(scale, 7, rng) for _ in range(1000)], axis=0)
    np.testing.assert_allclose(mean, 7 * scale, atol=0.8)


def test_noise_precision_is_found_from_the_residuals() -> None:
    drawn = draw_noise_precision(0.25 * 100_000, 100_000, np.random.default_rng(5))
    assert drawn == pytest.approx(4, rel=0.02)


def test_a_prior_recovers_the_regression_its_rows_come_from() -> None:
    rng = np.random.default_rng(6)
    features = Matrix(sparse.random(3000, 4, density=0.5, rng=rng, dtype=np.float32))
    weights = rng.standard_normal((4, 2)) * 3
    mean, spread = np.array([0.3, -0.2]), np.array([0.5, 0.1])
    rows = (mean + features @ weights + spread * rng.standard_normal((3000, 2))).astype(np.float32)
    prior = Prior(features, width=2)
    means, sampled_weights, precisions = [], [], []
    for sweep in range(60):
        prior.sample(rows, rng)
        if sweep >= 20:
            means.append(prior.mean)
            sampled_weights.append(prior.weights)
            precisions.append(prior.precision)
    np.testing.assert_allclose(np.mean(means, axis=0), mean, atol=0.05)
    np.testing.assert_allclose(np.mean(sampled_weights, axis=0), weights, atol=0.1)
    np.testing.assert_allclose(np.diag(np.mean(precisions, axis=0)), 1 / spread**2, rtol=0.1)
    np.testing.assert_allclose(prior.row_means(), prior.mean + features @ prior.weights, rtol=1e-5, atol=1e-5)


def test_a_side_returns_the_squared_residuals_of_the_rows_it_drew() -> None:
    rng = np.random.default_rng(7)
    user, movie = np.divmod(np.flatnonzero(rng.random(20 * 15) < 0.6), 15)
    ratings = rng.standard_normal(len(user)).astype(np.float32)
    other = rng.standard_normal((15, 3)).astype(np.float32)
    side = FactorSide(
        list(make_buckets(user, movie, ratings, 20, 15)), Matrix(np.ones((20, 1), dtype=np.float32)), 3, rng
    )
    squares = side.sample(other, noise_precision=2.0, rng=rng)
    predicted = side.rows[user, 0] + other[movie, 0] + np.sum(side.rows[user, 1:] * other[movie, 1:], axis=1)
    assert squares == pytest.approx(np.sum((ratings - predicted) ** 2), rel=1e-4)
