from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data.dataset import Dataset
from matinee.data.splits import make_split
from matinee.errors import ConfigError, RunError
from matinee.models.registry import make
from matinee.models.runs import load_run
from matinee.workflows.train import TrainingOptions, train_run
from matinee.workflows.update import update_run
from tests.datasets import checkerboard


def older_half(dataset: Dataset) -> Dataset:
    """The ratings up to the median time."""
    times = np.asarray(dataset.ratings.timestamp)
    return dataset.keep(times <= np.median(times))


def test_a_run_is_evaluated_and_then_fitted_on_all_ratings(tmp_path: Path) -> None:
    data = checkerboard()
    split = make_split(data, "leave-last")
    trained = train_run(make("ease", reg=5), split, tmp_path, tmp_path / "runs" / "ease")
    assert [model.name for model in trained.report.models] == ["random", "popularity", "ease"]
    assert trained.run.info.data.ratings == len(data.ratings)
    assert trained.run.metrics is not None
    assert "# ease" in (trained.run.card or "")
    expected = make("ease", reg=5).fit(data).score(data.histories)
    np.testing.assert_allclose(trained.run.model.score(data.histories), expected, rtol=1e-5)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["ease"]


def test_an_updatable_run_learns_new_ratings(tmp_path: Path) -> None:
    data = checkerboard()
    old, options = older_half(data), TrainingOptions(updatable=True)
    split = make_split(old, "random:0.2")
    trained = train_run(make("ease", reg=5, head=6), split, tmp_path, tmp_path / "run", options)
    updated = update_run(tmp_path / "run", data, tmp_path)
    assert updated.new_ratings == len(data.ratings) - len(old.ratings)
    assert updated.new_movies == 0
    assert updated.updated_users + updated.unchanged_users == data.n_users
    assert updated.run.folder == trained.run.folder == tmp_path / "run"
    before = trained.run.model.score(data.histories)  # the equality with a full fit is tested with the model
    assert not np.allclose(load_run(tmp_path / "run").model.score(data.histories), before)


def test_an_update_can_go_to_another_folder(tmp_path: Path) -> None:
    data = checkerboard()
    split = make_split(older_half(data), "random:0.2")
    train_run(make("ease", head=6), split, tmp_path, tmp_path / "run", TrainingOptions(updatable=True))
    updated = update_run(tmp_path / "run", data, tmp_path, tmp_path / "new")
    assert updated.run.folder == tmp_path / "new"
    assert load_run(tmp_path / "run").info.data.ratings < updated.run.info.data.ratings


def test_a_run_without_sums_cannot_be_updated(tmp_path: Path) -> None:
    data = checkerboard()
    train_run(make("ease"), make_split(data, "leave-last"), tmp_path, tmp_path / "run")
    with pytest.raises(RunError, match="updat"):
        update_run(tmp_path / "run", data, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_model_without_sums_cannot_be_made_updatable(tmp_path: Path) -> None:
    split = make_split(replace(checkerboard(), name="board"), "leave-last")
    with pytest.raises(ConfigError, match="cannot be updated"):
        train_run(make("popularity"), split, tmp_path, tmp_path / "run", TrainingOptions(updatable=True))
    assert not list(tmp_path.iterdir())
