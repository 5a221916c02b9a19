from pathlib import Path

import pytest

from matinee.models.registry import make
from matinee.models.runs import load_run
from matinee.workflows import demo
from tests.datasets import checkerboard


def small(name: str):
    """Make a model, the sampler of `bayes_mf` with few steps."""
    return make(name, embedding_dim=2, burn_in=1, samples=2, thin=1) if name == "bayes_mf" else make(name)


def test_the_demo_leaves_two_runs_and_a_typical_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "make", small)
    data = checkerboard()
    built = demo.build_demo(demo.DemoData(data, tmp_path), tmp_path)
    assert [model.name for model in built.report.models] == [
        "random",
        "popularity",
        "item_cf",
        "ease",
        "slist",
        "blend",
    ]
    assert load_run(tmp_path / "run").model.name == "blend"
    assert load_run(tmp_path / demo.RATING_RUN).model.predicts_ratings
    assert len(built.history) == 1
    assert len(built.history.movies) == sorted(data.histories.lengths.tolist())[data.n_users // 2]
