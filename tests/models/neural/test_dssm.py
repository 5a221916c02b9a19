import math
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from torch.nn import functional as F

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import leave_last
from matinee.errors import ConfigError, ProtocolError
from matinee.models.capabilities import HasVectors
from matinee.models.neural.dssm import DSSM
from tests.datasets import checkerboard, own_unrated, small_ratings

TRAINING: dict[str, Any] = {"epochs": 12, "batch_size": 10, "lr": 0.03}
QUICK: dict[str, Any] = {"embedding_dim": 16, "max_length": 6, "dropout": 0.0, "training": TRAINING}
BRIEF: dict[str, Any] = QUICK | {"training": TRAINING | {"epochs": 1}}
IDS: dict[str, Any] = {"user_id": True, "history": "none"}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


def best_new(model: DSSM, data: Dataset) -> np.ndarray:
    scores = model.score(data.histories)
    scores[data.histories.owner, data.histories.movies] = -np.inf
    return scores.argmax(axis=1)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"loss": "bce"},
        {"loss": "triplet"},
        {"loss": "sampled", "sampler": "popularity"},
        {"loss": "sampled", "sampler": "mixed", "logq": False},
        {"loss": "in_batch"},
        {"loss": "in_batch", "logq": False},
        {"norm": "cosine", "temperature": 0.2},
        {"user_id": True, "demographics": True, "movie_features": True},
    ],
)
def test_the_next_movie_is_learned(changes: dict[str, Any]) -> None:
    data = checkerboard()
    best = best_new(DSSM(**(QUICK | changes)).fit(data), data)
    assert np.mean([movie == own_unrated(data, user)[0] for user, movie in enumerate(best)]) > 0.9


@pytest.mark.parametrize(
    "changes", [IDS, {"history": "mean"}, IDS | {"hidden_dims": (16, 8), "loss": "bce", "init_std": 0.3}]
)
def test_taste_is_learned_without_order(changes: dict[str, Any]) -> None:
    data = checkerboard()
    settings: dict[str, Any] = QUICK | {"training": TRAINING | {"epochs": 30}} | changes
    best = best_new(DSSM(**settings).fit(data), data)
    np.testing.assert_array_equal(best % 2, np.arange(data.n_users) % 2)


def test_scores_are_products_and_similarity_is_the_cosine() -> None:
    data = small_ratings(0)
    model = DSSM(**BRIEF, norm="cosine", temperature=0.1).fit(data)
    assert isinstance(model, HasVectors)
    users, movies = model.user_vectors(data.histories), model.movie_vectors()
    assert users.dtype == movies.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(movies, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(users, axis=1), 10, rtol=1e-5)
    np.testing.assert_allclose(model.score(data.histories), users @ movies.T, rtol=1e-5)
    np.testing.assert_allclose(model.similar(np.array([3], dtype=np.int32))[0], movies @ movies[3], atol=1e-5)


def test_users_in_training_are_as_they_were_scored_in_it() -> None:
    """The vector after a window of a whole history is the vector of that history."""
    data = small_ratings(1)
    model = DSSM(**BRIEF, user_id=True).fit(data)
    past = Histories(data.histories.offsets, data.histories.movies, users=data.user_features)
    who = int(np.argmax((past.lengths > 2) & (past.lengths < 6)))
    inputs = torch.zeros(1, 6, dtype=torch.int64)
    own = data.histories_of(np.array([who], dtype=np.int32)).movies
    inputs[0, : len(own)] = torch.from_numpy(own.astype(np.int64)) + 1
    user_codes = torch.tensor([[who + 1, 0, 0, 0]])
    with torch.inference_mode():
        x = model.module.movie_tower.ids((inputs - 1).clamp(min=0))
        assert model.module.pool is not None
        vector = model.module.users(user_codes, model.module.pool(x))[0, len(own) - 1]
    np.testing.assert_allclose(model.user_vectors(past.block(who, who + 1))[0], vector.numpy(), rtol=1e-5, atol=1e-6)


def test_full_softmax_is_over_the_real_positions_of_a_window() -> None:
    data = small_ratings(2)
    model = DSSM(**BRIEF).fit(data)
    module = model.module
    assert module.pool is not None
    user_codes, inputs, targets, negatives = next(model.make_batches(data).epoch(0))
    states = module.users(user_codes, module.pool(module.movie_tower.ids((inputs - 1).clamp(min=0))))
    losses = [
        F.cross_entropy(module.movies() @ states[row, position], targets[row, position] - 1)
        for row, position in torch.nonzero(targets).tolist()
    ]
    torch.testing.assert_close(module.loss((user_codes, inputs, targets, negatives)), torch.stack(losses).mean())


def one_batch(model: DSSM) -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
    """The scores of two users' positive and two negatives, and the batch they are from."""
    user_codes = torch.tensor([[1, 0, 0, 0], [2, 0, 0, 0]])
    targets, negatives = torch.tensor([[4], [7]]), torch.tensor([[[0, 1]], [[2, 1]]])
    users, movies = (
        model.module.user_tower(user_codes, torch.zeros(2, 1, 0))[:, 0],
        model.module.movie_tower.all_vectors(),
    )
    if model.config.norm == "squared":
        users, movies = users / (users**2).sum(1, keepdim=True), movies / (movies**2).sum(1, keepdim=True)
    rows = torch.cat([targets - 1, negatives[:, 0]], dim=1)
    scores = torch.stack([movies[rows[user]] @ users[user] for user in (0, 1)])
    return scores, (user_codes, torch.zeros_like(targets), targets, negatives)


def test_as_written_has_two_sigmoids_and_squared_norms() -> None:
    data = small_ratings(0)
    model = DSSM(**(BRIEF | IDS), hidden_dims=(8, 4), norm="squared", loss="bce", sigmoid_twice=True, init_std=1.0).fit(
        data
    )
    scores, batch = one_batch(model)
    labels = torch.tensor([[1.0, 0, 0], [1.0, 0, 0]])
    torch.testing.assert_close(
        model.module.loss(batch), F.binary_cross_entropy_with_logits(scores.sigmoid(), labels), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("logq", [True, False])
def test_logq_lowers_negatives_by_the_log_of_how_often_they_are_drawn(logq: bool) -> None:
    data = small_ratings(0)
    model = DSSM(**(BRIEF | IDS), loss="sampled", sampler="popularity", logq=logq).fit(data)
    scores, batch = one_batch(model)
    if logq:
        chance = data.counts**0.75 / (data.counts**0.75).sum()
        drawn = torch.from_numpy(np.log(2 * chance[[[0, 1], [2, 1]]])).float()
        scores = torch.cat([scores[:, :1], scores[:, 1:] - drawn], dim=1)
    expected = F.cross_entropy(scores, torch.tensor([0, 0]))
    torch.testing.assert_close(model.module.loss(batch), expected, rtol=1e-4, atol=1e-5)


def test_in_batch_negatives_are_weighed_by_how_often_movies_are_rated() -> None:
    data = small_ratings(0)
    model = DSSM(**(BRIEF | IDS), loss="in_batch").fit(data)
    chance = model.module.log_probability.exp().numpy()
    np.testing.assert_allclose(chance, data.counts / data.counts.sum(), rtol=1e-5)
    user_codes, zeros = torch.tensor([[1, 0, 0, 0], [2, 0, 0, 0]]), torch.zeros(2, 1, dtype=torch.int64)
    batch = (user_codes, zeros, torch.tensor([[4], [7]]), torch.zeros(2, 1, 0, dtype=torch.int64))
    users = model.module.user_tower(user_codes, torch.zeros(2, 1, 0))[:, 0]
    scores = (users @ model.module.movies(torch.tensor([3, 6])).T).tolist()
    first = scores[0][0] - math.log(math.exp(scores[0][0]) + math.exp(scores[0][1]) / chance[6])
    second = scores[1][1] - math.log(math.exp(scores[1][1]) + math.exp(scores[1][0]) / chance[3])
    assert model.module.loss(batch).item() == pytest.approx(-(first + second) / 2, rel=1e-4)


def test_an_unknown_user_is_the_mean_of_all_ids() -> None:
    data = small_ratings(0)
    model = DSSM(**(BRIEF | IDS)).fit(data)
    trained = model.user_vectors(data.histories)
    new_user = model.user_vectors(Histories.of([[1, 2], []]))
    np.testing.assert_allclose(new_user, np.tile(trained.mean(axis=0), (2, 1)), rtol=1e-4, atol=1e-6)


def test_demographics_count_if_the_setting_is_on() -> None:
    data = small_ratings(0)
    users = pl.DataFrame({"gender": ["F", "M"] * 15, "user_id": data.user_ids.ids})
    data = replace(data, users=users)
    past = Histories(
        np.array([0, 1, 2]),
        np.array([1, 1], dtype=np.int32),
        users=pl.DataFrame({"row": [None, None], "gender": ["F", "M"]}),
    )
    for uses_demographics in (True, False):
        scores = DSSM(**BRIEF, demographics=uses_demographics).fit(data).score(past)
        assert np.allclose(scores[0], scores[1]) is not uses_demographics


def test_only_a_recent_history_needs_order() -> None:
    data = small_ratings(0, ordered=False)
    assert DSSM().uses_timestamps
    with pytest.raises(ProtocolError, match="no timestamps"):
        DSSM(**BRIEF).fit(data)
    for changes in (IDS, {"history": "mean"}):
        settings: dict[str, Any] = BRIEF | changes
        model = DSSM(**settings)
        assert not model.uses_timestamps
        assert np.isfinite(model.fit(data).score(data.histories)).all()


def test_a_mean_ignores_order() -> None:
    data = small_ratings(0)
    model = DSSM(**BRIEF, history="mean").fit(data)
    first, other = model.score(Histories.of([[1, 5, 3], [5, 3, 1]]))
    np.testing.assert_allclose(first, other, rtol=1e-5, atol=1e-6)


def test_the_user_tower_needs_an_input() -> None:
    with pytest.raises(ConfigError, match="no input for users"):
        DSSM(history="none")


def test_the_epoch_is_chosen_on_validation_and_the_vectors_are_its_own() -> None:
    split = leave_last(checkerboard())
    model = DSSM(**QUICK, user_id=True).fit(split.train, split.validation)
    users = np.unique(split.validation.ratings.user)
    figures = [entry["NDCG@10"] for entry in model.curve]
    best = model.ndcg(split.train.histories_of(users), split.validation.histories_of(users))
    assert best == pytest.approx(max(figures))
