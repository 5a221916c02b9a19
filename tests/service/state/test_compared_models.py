from pathlib import Path

import numpy as np
import pytest

from matinee.errors import RunError
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.pipeline.request import Request
from matinee.service.state.compared_models import ComparedModels
from matinee.service.state.served_run import RunPaths, ServedRun, load_served_run
from tests.datasets import checkerboard
from tests.service.conftest import DATA

PARTS = (
    {"model": "ease", "settings": {"reg": 5}},
    {"model": "ease", "settings": {"reg": 50}},
    {"model": "item_cf"},
)


@pytest.fixture(scope="module")
def blend(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> ServedRun:
    folder = tmp_path_factory.mktemp("runs") / "blend"
    save_run(folder, make("blend", parts=PARTS).fit(DATA), DATA, data_folder)
    return load_served_run(RunPaths(folder))


def test_a_blend_is_compared_with_its_parts_and_popularity(blend: ServedRun) -> None:
    models = ComparedModels([], blend).get(blend)
    assert list(models) == ["blend", "ease (reg 5)", "ease (reg 50)", "item_cf", "popularity"]


def test_each_model_ranks_by_its_own_scores(blend: ServedRun) -> None:
    compared_models = ComparedModels([], blend)
    request = Request(DATA.histories_of(np.array([0])), k=3)
    orders = {name: model.top_rows(request) for name, model in compared_models.get(blend).items()}
    unseen = np.setdiff1d(np.arange(DATA.n_movies), request.history.movies)
    most_rated = unseen[np.argsort(-DATA.counts[unseen], kind="stable")][:3]
    assert orders["popularity"] == most_rated.tolist()
    scores = make("ease", reg=5).fit(DATA).score(request.history)[0, unseen]
    assert orders["ease (reg 5)"] == unseen[np.argsort(-scores, kind="stable")][:3].tolist()
    assert compared_models.get(blend) is compared_models.get(blend)


def test_further_runs_have_unique_names(run: ServedRun, run_folder: Path) -> None:
    assert list(ComparedModels([run_folder], run).get(run)) == ["ease", "popularity", "ease #2"]


def test_a_run_of_another_catalogue_is_refused(run: ServedRun, tmp_path: Path) -> None:
    other = checkerboard(n_movies=12)
    save_run(tmp_path / "other", make("popularity").fit(other), other, tmp_path)
    with pytest.raises(RunError, match=r"has another catalogue than .*\. Compare runs"):
        ComparedModels([tmp_path / "other"], run)
    with pytest.raises(RunError, match="is not a run"):
        ComparedModels([tmp_path / "nothing"], run)


def test_further_runs_of_another_catalogue_are_left_out(run: ServedRun, run_folder: Path, tmp_path: Path) -> None:
    compared_models = ComparedModels([run_folder], run)
    other = checkerboard(n_movies=12)
    save_run(tmp_path / "other", make("popularity").fit(other), other, tmp_path)
    assert list(compared_models.get(load_served_run(RunPaths(tmp_path / "other")))) == ["popularity"]
