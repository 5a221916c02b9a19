import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from matinee.data.histories import Histories
from matinee.data.splits import leave_last
from matinee.errors import ProtocolError, RunError
from matinee.models.neural.sasrec import SASRec
from matinee.training.checkpoint import CHECKPOINT_FILE
from tests.datasets import checkerboard, dataset_of

QUICK = {"embedding_dim": 8, "blocks": 1, "max_length": 6, "training": {"epochs": 2, "batch_size": 20}}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


class Fixed(SASRec):
    """Scores fall from movie 0 to movie 4."""

    def score(self, histories: Histories) -> np.ndarray:
        return np.tile(np.arange(5, 0, -1, dtype=np.float32), (len(histories), 1))


def test_ndcg_by_hand() -> None:
    """Movie 0 is seen; then 2 comes second. The other user's 1 and 4 come second and fifth of five."""
    histories, targets = Histories.of([[0], [2]]), Histories.of([[2], [1, 4]])
    ideal = 1 + 1 / math.log2(3)
    # The second user's candidates are 0, 1, 3, 4: movie 1 is second and movie 4 fourth.
    second = (1 / math.log2(3) + 1 / math.log2(5)) / ideal
    assert Fixed().ndcg(histories, targets) == pytest.approx((1 / math.log2(3) + second) / 2)
    assert Fixed().ndcg(histories, targets, k=3) == pytest.approx((1 / math.log2(3) + 1 / math.log2(3) / ideal) / 2)


def test_validation_without_known_users_is_ignored() -> None:
    data = checkerboard()
    new_user = dataset_of([0], [1], timestamps=[1], n_users=40, n_movies=12)
    past = data.keep(data.ratings.user != 0)
    curve = SASRec(**QUICK).fit(past, new_user).curve
    assert len(curve) == 2
    assert not any("NDCG@10" in entry for entry in curve)


def test_a_workspace_belongs_to_one_model_its_settings_and_its_data(tmp_path: Path) -> None:
    split = leave_last(checkerboard())
    model = SASRec(**QUICK)
    model.workspace = tmp_path
    scores = model.fit(split.train, split.validation).score(split.histories)
    assert (tmp_path / CHECKPOINT_FILE).exists()
    np.testing.assert_array_equal(model.fit(split.train, split.validation).score(split.histories), scores)
    for train, validation in ((split.before_test, split.validation), (split.train, split.test), (split.train, None)):
        with pytest.raises(RunError, match="other settings or data"):
            model.fit(train, validation)
    renamed = replace(split.train, movies=split.train.movies.with_columns(title=pl.lit("Heat")))
    with pytest.raises(RunError, match="other settings or data"):
        model.fit(renamed, split.validation)
    other = SASRec(**(QUICK | {"heads": 2}))
    other.workspace = tmp_path
    with pytest.raises(RunError, match="other settings or data"):
        other.fit(split.train, split.validation)


def test_data_with_nothing_to_learn_from_is_refused() -> None:
    one_each = dataset_of([0, 1], [1, 2], timestamps=[1, 1], n_users=2, n_movies=12)
    with pytest.raises(ProtocolError, match="at least two movies"):
        SASRec(**QUICK).fit(one_each)


def test_a_fit_on_everything_trains_as_long_as_was_best() -> None:
    split = leave_last(checkerboard())
    model = SASRec(**(QUICK | {"training": {"epochs": 6, "patience": 6, "batch_size": 20}}))
    assert model.unfitted_copy_for_all_data().config == model.config
    model.fit(split.train, split.validation)
    figures = [entry["NDCG@10"] for entry in model.curve]
    assert model.best_epoch == int(np.argmax(figures))
    whole = model.unfitted_copy_for_all_data().fit(split.whole)
    assert len(whole.curve) == model.best_epoch + 1
    assert whole.best_epoch is None


class Rater(Fixed):
    predicts_ratings = True


def test_models_of_ratings_are_validated_by_rmse() -> None:
    train = dataset_of([0, 1], [0, 1], [5, 5], n_users=2, n_movies=5)
    validation = dataset_of([0, 0, 1], [1, 2, 4], [3, 3, 4], n_users=2, n_movies=5)
    chosen_by = Rater().make_validation(train, validation)
    assert chosen_by.lower_is_better
    assert chosen_by.measure() == pytest.approx(math.sqrt((1**2 + 0**2 + 3**2) / 3))
