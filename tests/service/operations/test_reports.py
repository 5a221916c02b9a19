import json
from pathlib import Path
from typing import Any

import pytest

from matinee.errors import InputError
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.service.operations.reports import dials_of, own_report, report_of, runs_beside
from matinee.service.settings import read_settings
from matinee.service.state.served_run import RunPaths, ServedRun, load_served_run
from tests.service.conftest import DATA

FIGURE = {"value": 0.2, "low": 0.1, "high": 0.3}


def report(dataset: str = "films", model: str = "ease", **more: Any) -> dict[str, Any]:
    return {
        "protocol": {
            "split": "leave-last",
            "dataset": dataset,
            "fingerprint": DATA.fingerprint,
            "movies": 16,
            "tested_users": 20,
            "k": [10, 20],
        },
        "models": [{"name": model, "metrics": {"hr@10": FIGURE, "ndcg@10": FIGURE}, "fit_seconds": 0.5, "odd": 1}],
    } | more


@pytest.fixture
def runs(tmp_path: Path, films: Path) -> Path:
    """A folder of two runs, one of which was measured, and of something else."""
    documents = {"metrics.json": json.dumps(report()).encode()}
    save_run(tmp_path / "first", make("ease", ridge=5).fit(DATA), DATA, films, documents)
    save_run(tmp_path / "second", make("popularity").fit(DATA), DATA, films)
    (tmp_path / "notes").mkdir()
    return tmp_path


@pytest.fixture
def run(runs: Path) -> ServedRun:
    return load_served_run(RunPaths(runs / "first"))


def test_the_runs_own_figures_are_shown_where_nothing_else_is(runs: Path, run: ServedRun) -> None:
    found = report_of(read_settings(run=runs / "first"), run)
    assert found
    assert found == own_report(run)
    assert (found.headline, found.metrics) == ("ndcg@10", ["hr@10", "ndcg@10"])
    assert report_of(read_settings(run=runs / "second"), load_served_run(RunPaths(runs / "second"))) is None


def test_a_report_beside_the_run_comes_first_and_one_that_is_set_before_that(runs: Path, run: ServedRun) -> None:
    (runs / "report.json").write_text(json.dumps(report("beside")), encoding="utf-8")
    (runs / "set.json").write_text(json.dumps(report("set")), encoding="utf-8")
    beside = report_of(read_settings(run=runs / "first"), run)
    chosen = report_of(read_settings(run=runs / "first", report=runs / "set.json"), run)
    assert beside
    assert chosen
    assert (beside.protocol.dataset, chosen.protocol.dataset) == ("beside", "set")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "expected a report of 'matinee evaluate --json'"),
        (json.dumps(report(models=[])), "models: list should have at least 1 item"),
        (json.dumps(report()).replace("0.3", "NaN"), r"models.0.metrics.hr@10.high: input should be a finite number"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(runs: Path, run: ServedRun, content: str, said: str) -> None:
    file = runs / "set.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=said) as refused:
        report_of(read_settings(run=runs / "first", report=file), run)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_report_that_is_set_must_be_there(runs: Path, run: ServedRun) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        report_of(read_settings(run=runs / "first", report=runs / "nowhere.json"), run)


def test_dials_are_read_and_checked(runs: Path, run: ServedRun) -> None:
    settings = read_settings(run=runs / "first")
    assert dials_of(settings, run) is None
    notches = [{"at": at, "ndcg": FIGURE, "variety": FIGURE, "coverage": 0.5} for at in (0, 1)]
    (runs / "dial.json").write_text(json.dumps({"users": 5, "k": 10, "diversity": notches}), encoding="utf-8")
    found = dials_of(settings, run)
    assert found
    assert [one.at for one in found.diversity] == [0, 1]
    (runs / "dial.json").write_text(json.dumps({"users": 5, "k": 10, "diversity": notches[::-1]}), encoding="utf-8")
    with pytest.raises(InputError, match="notches out of order"):
        dials_of(settings, run)


def test_runs_beside_each_other_with_what_each_was_measured_at(runs: Path, run: ServedRun) -> None:
    (runs / "broken").mkdir()
    for name in ("settings.json", "catalogue.parquet"):
        (runs / "broken" / name).write_text("{", encoding="utf-8")
    told = {one.folder: one for one in runs_beside(run, [runs / "first", None])}
    assert set(told) == {"first", "second"}
    assert (told["first"].model, told["first"].serves, told["first"].metric) == ("ease", True, "ndcg@10")
    assert told["first"].figure
    assert (told["second"].model, told["second"].serves, told["second"].figure) == ("popularity", False, None)
