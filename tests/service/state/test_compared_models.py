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
    {"model": "ease", "settings": {"ridge": 5}},
    {"model": "ease", "settings": {"ridge": 50}},
    {"model": "item_cf"},
)


@pytest.fixture(scope="module")
def blend(tmp_path_factory: pytest.TempPathFactory, films: Path) -> ServedRun:
    folder = tmp_path_factory.mktemp("runs") / "blend"
    save_run(folder, make("blend", parts=PARTS).fit(DATA), DATA, films)
    return load_served_run(RunPaths(folder))


def test_a_blend_stands_against_its_parts_and_popularity(blend: ServedRun) -> None:
    found = ComparedModels([], blend).get(blend)
    assert list(found) == ["blend", "ease (ridge 5)", "ease (ridge 50)", "item_cf", "popularity"]


def test_each_orders_as_its_model_does(blend: ServedRun) -> None:
    contenders = ComparedModels([], blend)
    request = Request(DATA.histories_of(np.array([0])), k=3)
    orders = {name: one.top_rows(request) for name, one in contenders.get(blend).items()}
    unseen = np.setdiff1d(np.arange(DATA.n_movies), request.history.movies)
    most = unseen[np.argsort(-DATA.counts[unseen], kind="stable")][:3]
    assert orders["popularity"] == most.tolist()
    scores = make("ease", ridge=5).fit(DATA).score(request.history)[0, unseen]
    assert orders["ease (ridge 5)"] == unseen[np.argsort(-scores, kind="stable")][:3].tolist()
    assert contenders.get(blend) is contenders.get(blend)


def test_further_runs_join_under_a_name_of_their_own(run: ServedRun, run_folder: Path) -> None:
    assert list(ComparedModels([run_folder], run).get(run)) == ["ease", "popularity", "ease #2"]


def test_a_run_of_another_catalogue_is_refused(run: ServedRun, tmp_path: Path) -> None:
    other = checkerboard(n_movies=12)
    save_run(tmp_path / "other", make("popularity").fit(other), other, tmp_path)
    with pytest.raises(RunError, match=r"its catalogue is not that of .*; expected, to be compared with it, a run"):
        ComparedModels([tmp_path / "other"], run)
    with pytest.raises(RunError, match="not a run"):
        ComparedModels([tmp_path / "nothing"], run)


def test_of_another_stage_only_runs_of_its_catalogue_stay(run: ServedRun, run_folder: Path, tmp_path: Path) -> None:
    contenders = ComparedModels([run_folder], run)
    other = checkerboard(n_movies=12)
    save_run(tmp_path / "other", make("popularity").fit(other), other, tmp_path)
    assert list(contenders.get(load_served_run(RunPaths(tmp_path / "other")))) == ["popularity"]
