from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.models.bayesian.bayes_mf import BayesMF, Samples
from tests.datasets import dataset_of, small_ratings

NOISE = 0.3
QUICK = {"embedding_dim": 3, "burn_in": 20, "samples": 15, "thin": 2}
UNCONVERGED = {"embedding_dim": 2, "burn_in": 1, "samples": 3, "thin": 1}  # enough where the quality does not matter


def tastes(seed: int, n_users: int = 120, n_movies: int = 40) -> tuple[Dataset, np.ndarray]:
    """Two kinds of movies, even and odd rows; each user likes one kind as much as they dislike the other.

    Gives about half of the noisy ratings, and every true rating: (users, movies).
    """
    rng = np.random.default_rng(seed)
    kind = np.where(np.arange(n_movies) % 2, 1.0, -1.0)
    feedback, bias = rng.standard_normal(n_users), 0.3 * rng.standard_normal((n_users, 1))
    true = 3 + bias + 0.4 * rng.standard_normal(n_movies) + 0.6 * np.outer(feedback, kind)
    user, movie = np.nonzero(rng.random(true.shape) < 0.5)
    ratings = true[user, movie] + NOISE * rng.standard_normal(len(user))
    data = dataset_of(user, movie, ratings, n_users=n_users, n_movies=n_movies, name="tastes")
    return replace(data, scale=(-5.0, 11.0)), true


@pytest.fixture(scope="module")
def data_and_truth() -> tuple[Dataset, np.ndarray]:
    return tastes(seed=1)


@pytest.fixture(scope="module")
def model(data_and_truth: tuple[Dataset, np.ndarray]) -> BayesMF:
    return BayesMF(**QUICK).fit(data_and_truth[0])


def test_it_recovers_a_low_rank_truth_to_well_below_the_noise(model: BayesMF, data_and_truth) -> None:
    data, true = data_and_truth
    unrated = np.ones(true.shape, dtype=bool)
    unrated[data.ratings.user, data.ratings.movie] = False
    error = (model.score(data.histories) - true)[unrated]
    assert np.sqrt(np.mean(error**2)) < 0.7 * NOISE


def test_new_users_are_predicted_as_well_as_training_users(model: BayesMF) -> None:
    rng = np.random.default_rng(2)
    data, true = tastes(seed=1)
    rated = np.sort(rng.choice(data.n_movies, 20, replace=False)).tolist()
    likes_odd = true.mean(axis=0) + np.where(np.arange(data.n_movies) % 2, 1.0, -1.0)
    scores = model.score(Histories.of([rated], [likes_odd[rated].tolist()]))
    np.testing.assert_allclose(scores[0], likes_odd, atol=2 * NOISE)


def test_an_empty_history_predicts_about_the_mean_of_each_movie(model: BayesMF, data_and_truth) -> None:
    data, _ = data_and_truth
    means = np.bincount(data.ratings.movie, weights=data.ratings.rating) / data.counts
    scores = model.score(Histories.of([[]], [[]]))[0]
    assert np.sqrt(np.mean((scores - means) ** 2)) < 0.2
    assert np.std(scores) > 0.3  # not one figure for all


def test_predictions_stay_in_the_scale() -> None:
    data, _ = tastes(seed=3)
    narrow = replace(data, scale=(2.5, 3.5))
    scores = BayesMF(**QUICK).fit(narrow).score(data.histories)
    assert scores.min() == 2.5
    assert scores.max() == 3.5


def test_one_history_scores_as_in_a_batch_of_other_lengths(model: BayesMF) -> None:
    histories = Histories.of([[1, 2], [], list(range(40)), [3]], [[5, 1], [], [3] * 40, [2]])
    batch = model.score(histories)
    for row in range(len(histories)):
        np.testing.assert_allclose(model.score(histories.block(row, row + 1))[0], batch[row], rtol=1e-5)


def test_a_posterior_mean_worked_out_by_hand() -> None:
    """Rank 1, one sample: b_u and p_u by ridge regression of the ratings on (1, q_m), drawn to the prior."""
    model = BayesMF(embedding_dim=1)
    model.n_movies, model.mean_rating, model.scale = 3, 3.0, (1.0, 5.0)
    model.implicit = np.array([0, 2], dtype=np.int32)
    movies = np.array([[0.5, 1.0], [-0.5, 2.0], [0.0, -1.0]], dtype=np.float32)[:, None]  # (bias, factor)
    weights = np.array([[0.2, 0.0], [0.0, 0.4]], dtype=np.float32)[:, None]
    model._take(Samples(movies, weights, np.array([[0.1, 0.0]]), np.diag([4.0, 2.0])[None], np.array([2.0])))
    # Movies 0 and 1 with ratings 4 and 3. Less 3 and the movies' biases: 0.5 and 0.5. Features: 1 / sqrt(2) of movie 0.
    prior = np.array([0.1 + 0.2 / np.sqrt(2), 0.0])
    A = np.array([[1.0, 1.0], [1.0, 2.0]])
    expected = np.linalg.solve(2 * A.T @ A + np.diag([4.0, 2.0]), 2 * A.T @ [0.5, 0.5] + [4, 2] * prior)
    ratings = 3 + movies[:, 0, 0] + expected[0] + expected[1] * movies[:, 0, 1]
    np.testing.assert_allclose(model.score(Histories.of([[0, 1]], [[4, 3]]))[0], ratings, rtol=1e-5)
    # Without ratings the posterior is the prior.
    without = 3 + movies[:, 0, 0] + prior[0]
    np.testing.assert_allclose(model.score(Histories.of([[0, 1]]))[0], without, rtol=1e-5)


def test_a_spread_worked_out_by_hand() -> None:
    """Rank 1, two samples: the variance between their predictions, and the mean of that within each."""
    model = BayesMF(embedding_dim=1)
    model.n_movies, model.mean_rating, model.scale = 2, 3.0, (1.0, 5.0)
    model.implicit = np.array([0], dtype=np.int32)
    factors = np.array([[[0.5, 1.0], [0.3, 2.0]], [[-0.5, 2.0], [0.0, -1.0]]], dtype=np.float32)  # (movies, S, width)
    weights, mean = np.zeros((1, 2, 2), dtype=np.float32), np.array([[0.1, 0.0], [0.2, 0.3]])
    priors, noise = np.stack([np.diag([4.0, 2.0]), np.diag([3.0, 1.0])]), np.array([2.0, 4.0])
    model._take(Samples(factors, weights, mean, priors, noise))
    expected, within = [], []
    for s in range(2):  # a rating of 4 for movie 0; prediction for movie 1
        a, x = np.array([1.0, factors[0, s, 1]]), np.array([1.0, factors[1, s, 1]])
        precision = noise[s] * np.outer(a, a) + priors[s]
        user = np.linalg.solve(precision, noise[s] * a * (1 - factors[0, s, 0]) + priors[s] @ mean[s])
        expected.append(factors[1, s, 0] + x @ user)
        within.append(x @ np.linalg.inv(precision) @ x + 1 / noise[s])
    deviations = model.predictive_std(Histories.of([[0], []], [[4], []]), np.array([1], dtype=np.int32))
    assert deviations.shape == (2, 1)
    assert deviations[0, 0] == pytest.approx(np.sqrt(np.var(expected) + np.mean(within)), rel=1e-5)
    assert model.predictive_std(Histories.of([[]]), np.array([1], dtype=np.int32))[0, 0] == pytest.approx(
        deviations[1, 0], rel=1e-5
    )


def test_more_ratings_reduce_the_uncertainty(model: BayesMF) -> None:
    movies_to_predict = np.array([0, 1], dtype=np.int32)
    few, many = (Histories.of([list(range(2, n))], [[3.0] * (n - 2)]) for n in (4, 40))
    assert (model.predictive_std(many, movies_to_predict) < model.predictive_std(few, movies_to_predict)).all()
    assert (model.predictive_std(many, movies_to_predict) > 0.8 * NOISE).all()  # at least the noise remains


def test_the_choice_of_movies_counts_without_ratings() -> None:
    """All rate four of the first ten movies. Those who give them 2 rated even ones of the rest, the others odd ones."""
    rng = np.random.default_rng(4)
    n_users = 150
    chosen = [
        np.concatenate([rng.choice(10, 4, replace=False), 10 + 2 * rng.choice(10, 5, replace=False) + user % 2])
        for user in range(n_users)
    ]
    user = np.repeat(np.arange(n_users), 9)
    ratings = 2 + 2 * (user % 2) + NOISE * rng.standard_normal(len(user))
    model = BayesMF(**QUICK).fit(dataset_of(user, np.concatenate(chosen), ratings, n_users=n_users, n_movies=30))
    even, odd = model.score(Histories.of([[10, 12, 14, 16, 18], [11, 13, 15, 17, 19]]))[:, :10].mean(axis=1)
    assert odd > even + 1


def test_a_movie_without_ratings_is_predicted_by_its_genre() -> None:
    data, true = tastes(seed=5)
    genres = [["Odd"] if row % 2 else ["Even"] for row in range(data.n_movies)]
    data = replace(data, movies=data.movies.with_columns(genres=pl.Series(genres, dtype=pl.List(pl.String))))
    cold = data.keep(data.ratings.movie < 38)
    scores = BayesMF(**QUICK).fit(cold).score(cold.histories)
    prefers_odd = true[:, 39] - true[:, 38] > 1
    assert (scores[prefers_odd, 39] > scores[prefers_odd, 38]).mean() > 0.95
    prefers_even = true[:, 38] - true[:, 39] > 1
    assert (scores[prefers_even, 38] > scores[prefers_even, 39]).mean() > 0.95


def test_movies_of_one_kind_are_similar(model: BayesMF, data_and_truth) -> None:
    n_movies = data_and_truth[0].n_movies
    similarity = model.similar(np.arange(n_movies, dtype=np.int32))
    np.testing.assert_allclose(np.diag(similarity), 1, rtol=1e-5)
    same = np.arange(n_movies)[:, None] % 2 == np.arange(n_movies) % 2
    assert similarity[same].min() > similarity[~same].max()


def test_vectors_multiply_to_the_part_of_the_score_that_is_taste(model: BayesMF, data_and_truth) -> None:
    histories = data_and_truth[0].histories
    movies, users = model.movie_vectors(), model.user_vectors(histories)
    assert movies.shape == (40, 3)
    assert users.shape == (120, 3)
    assert movies.dtype == users.dtype == np.float32
    scores = model.score(histories).astype(np.float64)
    feedback = scores - scores.mean(axis=0)
    feedback -= feedback.mean(axis=1, keepdims=True)
    product = users @ movies.T
    product = product - product.mean(axis=0)
    product -= product.mean(axis=1, keepdims=True)
    assert np.corrcoef(feedback.ravel(), product.ravel())[0, 1] > 0.99


def test_the_same_seed_gives_the_same_and_another_seed_another_result() -> None:
    data = small_ratings(seed=6)
    first, again, other = (BayesMF(**UNCONVERGED, seed=seed).fit(data).score(data.histories) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-3


def test_saved_and_loaded_it_is_the_same(model: BayesMF, data_and_truth, tmp_path) -> None:
    histories = data_and_truth[0].histories
    model.save(tmp_path)
    loaded = BayesMF.load(tmp_path)
    np.testing.assert_array_equal(loaded.score(histories), model.score(histories))
    np.testing.assert_array_equal(loaded.movie_vectors(), model.movie_vectors())
    np.testing.assert_array_equal(loaded.user_vectors(histories), model.user_vectors(histories))


def test_only_the_most_rated_movies_are_features_where_there_are_too_many(data_and_truth) -> None:
    data, _ = data_and_truth
    model = BayesMF(**QUICK | {"implicit_movies": 5}).fit(data)
    assert set(model.implicit) == set(np.argsort(-data.counts, kind="stable")[:5])
    assert model.state()["weights"].shape == (5, 15, 4)


def test_validation_is_learned_from_and_data_without_ratings_refused() -> None:
    data = small_ratings(seed=7)
    half = np.arange(len(data.ratings)) % 2 == 0
    both = BayesMF(**UNCONVERGED).fit(data.keep(half), data.keep(~half)).score(data.histories)
    whole = BayesMF(**UNCONVERGED).fit(data.keep(half).concat(data.keep(~half))).score(data.histories)
    np.testing.assert_array_equal(both, whole)
    with pytest.raises(ProtocolError, match="small 8 has none"):
        BayesMF().fit(small_ratings(seed=8, rated=False))
