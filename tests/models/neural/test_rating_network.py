from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from torch.nn import functional as F

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import random_ratings
from matinee.errors import ProtocolError
from matinee.models.baselines.bias import Bias
from matinee.models.neural.text_cnn import TextCNN
from tests.datasets import dataset_of, small_ratings

QUICK = {"output_dim": 8, "embedding_dim": 4, "training": {"epochs": 12, "batch_size": 16, "lr": 0.02}}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


def two_tastes(n_users: int = 24, n_movies: int = 12) -> Dataset:
    """Users of each gender give 5 to the movies of one parity and 2 to the others; every other movie is rated."""
    user, movie = np.divmod(np.arange(n_users * n_movies), n_movies)
    ratings = np.where(user % 2 == movie % 2, 5.0, 2.0)
    rated = (user // 2 + movie // 2) % 3 > 0
    data = dataset_of(user[rated], movie[rated], ratings[rated], n_users=n_users, n_movies=n_movies)
    users = pl.DataFrame({"user_id": data.user_ids.ids, "gender": ["F" if row % 2 else "M" for row in range(n_users)]})
    return replace(data, users=users, scale=(1.0, 5.0))


@pytest.fixture(scope="module")
def data() -> Dataset:
    return two_tastes()


@pytest.fixture(scope="module")
def model(data: Dataset) -> TextCNN:
    return TextCNN(**QUICK).fit(data)


def error(model: TextCNN | Bias, data: Dataset, histories: Histories) -> float:
    user, movie = np.divmod(np.arange(data.n_users * data.n_movies), data.n_movies)
    truth = np.where(user % 2 == movie % 2, 5.0, 2.0).reshape(data.n_users, data.n_movies)
    return float(np.sqrt(np.mean((model.score(histories) - truth) ** 2)))


def test_it_predicts_ratings_that_biases_cannot(model: TextCNN, data: Dataset) -> None:
    assert error(Bias().fit(data), data, data.histories) > 1.3
    assert error(model, data, data.histories) < 0.5


def test_gender_alone_predicts_the_taste_of_a_new_user(model: TextCNN, data: Dataset) -> None:
    empty = Histories.of([[], []])
    women_and_men = pl.DataFrame({"row": pl.Series([None, None], dtype=pl.Int32), "gender": ["F", "M"]})
    scores = model.score(replace(empty, users=women_and_men))
    odd = np.arange(data.n_movies) % 2 == 1
    assert scores[0, odd].min() > scores[0, ~odd].max()
    assert scores[1, ~odd].min() > scores[1, odd].max()


def test_before_training_scores_are_those_of_bias() -> None:
    data = small_ratings(3)
    model = TextCNN(output_dim=8, embedding_dim=2, training={"epochs": 1, "lr": 1e-9}).fit(data)
    with torch.no_grad():
        model.module.movie_tower.join.weight.zero_()
        model.module.movie_tower.join.bias.zero_()
    model._vectors = None
    # A new user with the same history has the same bias as the training user.
    new_users = Histories(data.histories.offsets, data.histories.movies, data.histories.ratings)
    expected = Bias().fit(data).score(new_users)
    np.testing.assert_allclose(model.score(new_users), expected, rtol=1e-4)
    np.testing.assert_allclose(model.score(data.histories), expected, rtol=1e-4)


def test_ratings_are_the_product_of_vectors_plus_biases(model: TextCNN, data: Dataset) -> None:
    model.module.eval()
    users, movies = torch.tensor([0, 3, 5]), torch.tensor([4, 4, 1])
    with torch.no_grad():
        ratings = model.module(users, movies).clamp(1, 5)
    scores = model.score(data.histories)
    np.testing.assert_allclose(scores[users, movies], ratings, rtol=1e-5)
    assert scores.min() >= 1
    assert scores.max() <= 5
    free = TextCNN(**QUICK, bounded=False).fit(data).score(data.histories)
    assert free.max() > 5


def test_similar_movies_and_users_are_those_of_one_taste(model: TextCNN, data: Dataset) -> None:
    similarity = model.similar(np.arange(data.n_movies, dtype=np.int32))
    np.testing.assert_allclose(np.diag(similarity), 1, rtol=1e-5)
    np.fill_diagonal(similarity, -1)
    np.testing.assert_array_equal(similarity.argmax(axis=1) % 2, np.arange(data.n_movies) % 2)
    users = model.user_vectors(data.histories)
    assert users.shape == (data.n_users, 8)
    assert model.movie_vectors().shape == (data.n_movies, 8)
    unit = F.normalize(torch.from_numpy(users), dim=1)
    nearest = (unit @ unit.T).fill_diagonal_(-1).argmax(1)
    np.testing.assert_array_equal(nearest % 2, np.arange(data.n_users) % 2)


def test_hidden_ids_train_the_unknown_user(data: Dataset) -> None:
    fresh = TextCNN(**QUICK).build_module
    for share, moved in ((0.0, False), (0.3, True)):
        model = TextCNN(**QUICK, unknown_share=share)
        module = model.build_module(data).train()
        assert fresh(data).unknown_share == 0.05
        module.loss(next(model.make_batches(data).epoch(0))).backward()
        gradient = module.user_tower.embeddings[0].weight.grad[0]
        assert bool(gradient.abs().sum() > 0) is moved


def test_new_embeddings_have_the_standard_deviation_of_the_setting(data: Dataset) -> None:
    ids = TextCNN(init_std=0.5).build_module(data).movie_tower.ids.weight
    assert float(ids.detach().std()) == pytest.approx(0.5, rel=0.2)


def test_the_epoch_is_chosen_on_validation_by_the_weights_of_that_epoch() -> None:
    split = random_ratings(two_tastes(), 0.2, seed=0)
    model = TextCNN(**QUICK).fit(split.train, split.validation)
    figures = [entry["RMSE"] for entry in model.curve]
    assert min(figures) < figures[0]
    users = np.unique(split.validation.ratings.user)
    best = model.rmse(split.train.histories_of(users), split.validation.histories_of(users))
    assert best == pytest.approx(min(figures), rel=1e-5)


def test_a_saved_model_holds_nothing_of_the_users_but_their_weights(
    model: TextCNN, data: Dataset, tmp_path: Path
) -> None:
    assert not any("attributes" in name for name in model.state())
    model.save(tmp_path)
    loaded = TextCNN.load(tmp_path)
    np.testing.assert_array_equal(loaded.score(data.histories), model.score(data.histories))
    np.testing.assert_array_equal(loaded.movie_vectors(), model.movie_vectors())
    loaded._vectors = None
    np.testing.assert_allclose(loaded.movie_vectors(), model.movie_vectors(), rtol=1e-5)


def test_data_without_ratings_is_refused() -> None:
    with pytest.raises(ProtocolError, match="small 2 has none"):
        TextCNN(**QUICK).fit(small_ratings(2, rated=False))
