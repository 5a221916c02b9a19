from pathlib import Path

import numpy as np
import pytest

from matinee.errors import RunError
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.pipeline.request import Request
from matinee.service.state.compared_models import Contenders
from matinee.service.state.served_run import Sources, Stage, open_stage
from tests.datasets import checkerboard
from tests.service.conftest import DATA

PARTS = (
    {"model": "ease", "settings": {"ridge": 5}},
    {"model": "ease", "settings": {"ridge": 50}},
    {"model": "item_cf"},
)


@pytest.fixture(scope="module")
def blend(tmp_path_factory: pytest.TempPathFactory, films: Path) -> Stage:
    folder = tmp_path_factory.mktemp("runs") / "blend"
    save_run(folder, make("blend", parts=PARTS).fit(DATA), DATA, films)
    return open_stage(Sources(folder))


def test_a_blend_stands_against_its_parts_and_popularity(blend: Stage) -> None:
    found = Contenders([], blend).of(blend)
    assert list(found) == ["blend", "ease (ridge 5)", "ease (ridge 50)", "item_cf", "popularity"]


def test_each_orders_as_its_model_does(blend: Stage) -> None:
    contenders = Contenders([], blend)
    request = Request(DATA.histories_of(np.array([0])), k=3)
    orders = {name: one.rows(request) for name, one in contenders.of(blend).items()}
    unseen = np.setdiff1d(np.arange(DATA.n_movies), request.history.movies)
    most = unseen[np.argsort(-DATA.counts[unseen], kind="stable")][:3]
    assert orders["popularity"] == most.tolist()
    scores = make("ease", ridge=5).fit(DATA).score(request.history)[0, unseen]
    assert orders["ease (ridge 5)"] == unseen[np.argsort(-scores, kind="stable")][:3].tolist()
    assert contenders.of(blend) is contenders.of(blend)


def test_further_runs_join_under_a_name_of_their_own(stage: Stage, run_folder: Path) -> None:
    assert list(Contenders([run_folder], stage).of(stage)) == ["ease", "popularity", "ease #2"]


def test_a_run_of_another_catalogue_is_refused(stage: Stage, tmp_path: Path) -> None:
    other = checkerboard(n_movies=12)
    save_run(tmp_path / "other", make("popularity").fit(other), other, tmp_path)
    with pytest.raises(RunError, match=r"its catalogue is not that of .*; expected, to be compared with it, a run"):
        Contenders([tmp_path / "other"], stage)
    with pytest.raises(RunError, match="not a run"):
        Contenders([tmp_path / "nothing"], stage)


def test_of_another_stage_only_runs_of_its_catalogue_stay(stage: Stage, run_folder: Path, tmp_path: Path) -> None:
    contenders = Contenders([run_folder], stage)
    other = checkerboard(n_movies=12)
    save_run(tmp_path / "other", make("popularity").fit(other), other, tmp_path)
    assert list(contenders.of(open_stage(Sources(tmp_path / "other")))) == ["popularity"]
