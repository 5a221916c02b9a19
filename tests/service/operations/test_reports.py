import json
from pathlib import Path
from typing import Any

import pytest

from matinee.errors import InputError
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.service.operations.reports import list_runs, load_report, load_run_report, load_tradeoff
from matinee.service.settings import read_settings
from matinee.service.state.served_run import RunPaths, ServedRun, load_served_run
from tests.service.conftest import DATA

FIGURE = {"value": 0.2, "low": 0.1, "high": 0.3}


def report(dataset: str = "movies", model: str = "ease", **more: Any) -> dict[str, Any]:
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
def runs(tmp_path: Path, data_folder: Path) -> Path:
    """A folder with two runs, one of them with a report, and another folder."""
    documents = {"metrics.json": json.dumps(report()).encode()}
    save_run(tmp_path / "first", make("ease", reg=5).fit(DATA), DATA, data_folder, documents)
    save_run(tmp_path / "second", make("popularity").fit(DATA), DATA, data_folder)
    (tmp_path / "notes").mkdir()
    return tmp_path


@pytest.fixture
def run(runs: Path) -> ServedRun:
    return load_served_run(RunPaths(runs / "first"))


def test_the_runs_own_report_is_shown_without_another(runs: Path, run: ServedRun) -> None:
    loaded = load_report(read_settings(run=runs / "first"), run)
    assert loaded
    assert loaded == load_run_report(run)
    assert (loaded.lead, loaded.metrics) == ("ndcg@10", ["hr@10", "ndcg@10"])
    assert load_report(read_settings(run=runs / "second"), load_served_run(RunPaths(runs / "second"))) is None


def test_a_report_from_the_settings_precedes_one_beside_the_run(runs: Path, run: ServedRun) -> None:
    (runs / "report.json").write_text(json.dumps(report("beside")), encoding="utf-8")
    (runs / "set.json").write_text(json.dumps(report("set")), encoding="utf-8")
    beside = load_report(read_settings(run=runs / "first"), run)
    from_settings = load_report(read_settings(run=runs / "first", report=runs / "set.json"), run)
    assert beside
    assert from_settings
    assert (beside.protocol.dataset, from_settings.protocol.dataset) == ("beside", "set")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "is not a report of 'matinee evaluate --json'"),
        (json.dumps(report(models=[])), "models: list should have at least 1 item"),
        (json.dumps(report()).replace("0.3", "NaN"), r"models.0.metrics.hr@10.high: input should be a finite number"),
    ],
)
def test_invalid_reports_are_refused_in_one_line(runs: Path, run: ServedRun, content: str, message: str) -> None:
    path = runs / "set.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        load_report(read_settings(run=runs / "first", report=path), run)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_report_from_the_settings_must_exist(runs: Path, run: ServedRun) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_report(read_settings(run=runs / "first", report=runs / "missing.json"), run)


def test_tradeoff_curves_are_read_and_checked(runs: Path, run: ServedRun) -> None:
    settings = read_settings(run=runs / "first")
    assert load_tradeoff(settings, run) is None
    points = [{"setting": setting, "ndcg": FIGURE, "variety": FIGURE, "coverage": 0.5} for setting in (0, 1)]
    path = runs / "tradeoff.json"
    path.write_text(json.dumps({"users": 5, "k": 10, "diversity": points}), encoding="utf-8")
    curves = load_tradeoff(settings, run)
    assert curves
    assert [point.setting for point in curves.diversity] == [0, 1]
    path.write_text(json.dumps({"users": 5, "k": 10, "diversity": points[::-1]}), encoding="utf-8")
    with pytest.raises(InputError, match="points out of order"):
        load_tradeoff(settings, run)


def test_runs_of_a_folder_are_listed_with_their_figures(runs: Path, run: ServedRun) -> None:
    (runs / "broken").mkdir()
    for name in ("settings.json", "catalogue.parquet"):
        (runs / "broken" / name).write_text("{", encoding="utf-8")
    summaries = {summary.folder: summary for summary in list_runs(run, [runs / "first", None])}
    assert set(summaries) == {"first", "second"}
    first, second = summaries["first"], summaries["second"]
    assert (first.model, first.is_served, first.metric) == ("ease", True, "ndcg@10")
    assert first.figure
    assert (second.model, second.is_served, second.figure) == ("popularity", False, None)
