import json
from typing import Any

import pytest

from matinee.errors import InputError
from matinee.message import Message
from matinee.reports.schema import Comparison, Figure, Report, TradeoffCurves, load_json, shorten_names
from tests.reports.card.sample import comparison, measure, sample_report

POINT = {"setting": 0.0, "ndcg": measure(0.1), "variety": measure(0.7), "coverage": 0.5}


def test_json_and_back() -> None:
    report = Report.from_json(sample_report())
    assert Report.from_json(json.loads(json.dumps(report.to_json(), allow_nan=False))) == report
    assert "curve" not in report.to_json()


def test_optional_parts_may_be_missing() -> None:
    content = sample_report()
    for part in ("comparisons", "data"):
        del content[part]
    content["models"][0] = {"name": "random", "metrics": {}, "fit_seconds": 0.5}
    report = Report.from_json(content)
    random = report.models[0]
    assert (report.comparisons, report.data.popularity_deciles) == ([], [])
    assert (random.seconds, random.slices, random.description, random.settings) == (0.5, {}, "", {})


@pytest.mark.parametrize(
    ("change", "location"),
    [
        ({"models": []}, "models: list should have at least 1 item"),
        ({"protocol": {}}, "protocol.split: field required"),
        (
            {"models": [{"name": "a", "metrics": {"ndcg@10": None}, "fit_seconds": 0}]},
            r"models.0.metrics.ndcg@10: input",
        ),
        ({"models": [{"name": "a", "metrics": {"hr@10": measure(float("nan"))}, "fit_seconds": 0}]}, "finite number"),
        (
            {"models": [{"name": "a", "metrics": {}, "fit_seconds": -1}]},
            "fit_seconds: .* greater than or equal",
        ),
        ({"models": [{"name": "a" * 2001, "metrics": {}, "fit_seconds": 1}]}, "at most 2000 characters"),
    ],
)
def test_invalid_reports_are_refused_in_one_line(change: dict[str, Any], location: str) -> None:
    with pytest.raises(
        InputError, match=f"^r.json is not a report of 'matinee evaluate --json': .*{location}"
    ) as error:
        Report.from_json(sample_report() | change, "r.json")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["{n.real}", "{n!r}", "{n:>99999999}", "{n:{n}}", "{other}", "{0}", "{"])
def test_messages_are_plain_templates(text: str) -> None:
    content = sample_report()
    content["protocol"]["dropped"] = [{"text": text, "params": {"m": 1}}]
    with pytest.raises(InputError, match=r"protocol.dropped.0"):
        Report.from_json(content)


def test_messages_come_as_text_or_with_parameters() -> None:
    content = sample_report()
    message = {"text": "{users:,} users with {share:.1%}", "params": {"users": 1203, "share": 0.25}}
    content["protocol"]["dropped"] = ["all {of} it", message]
    report = Report.from_json(content)
    assert [str(dropped) for dropped in report.protocol.dropped] == ["all {of} it", "1,203 users with 25.0%"]
    assert report.to_json()["protocol"]["dropped"] == ["all {of} it", message]
    assert report.protocol.dropped[1] == Message(message["text"], message["params"])


def test_the_ranking_is_by_ndcg_at_the_shortest_list() -> None:
    content = sample_report()
    content["protocol"]["k"] = [20, 10]
    report = Report.from_json(content)
    assert report.lead == "ndcg@10"
    assert [model.name for model in report.ranking] == ["blend", "slist", "ease", "popularity", "random"]


def test_models_without_the_lead_metric_come_last() -> None:
    content = sample_report()
    for index in (4, 3):
        content["models"][index]["metrics"].pop("ndcg@10")
    names = [model.name for model in Report.from_json(content).ranking]
    assert names == ["ease", "popularity", "random", "slist", "blend"]


def test_errors_are_ranked_upwards() -> None:
    values = {"far": 1.2, "near": 0.8, "middle": 0.9}
    models = [{"name": name, "metrics": {"rmse": measure(value)}, "fit_seconds": 1} for name, value in values.items()]
    report = Report.from_json(sample_report() | {"models": models})
    assert report.lead == "rmse"
    assert [model.name for model in report.ranking] == ["near", "middle", "far"]
    assert (report.best_value("rmse"), report.best_value("mae")) == (0.8, None)


def test_a_gain_is_in_favour_of_the_better_model() -> None:
    content = sample_report()
    content["comparisons"] = [comparison("near", "far", -0.02, -0.03, 0.01)]
    test = Report.from_json(content).comparisons[0]
    assert test.gain.value == 0.02
    assert (test.gain.low, test.gain.high) == (pytest.approx(0.01), 0.03)


@pytest.mark.parametrize(("low", "p", "clear"), [(0.001, 0.01, True), (0.001, 0.05, False), (-0.001, 0.04, True)])
def test_a_difference_is_clear_by_its_p_value(low: float, p: float, clear: bool) -> None:
    assert Comparison("ndcg@10", "first", "second", Figure(0.01, low, 0.02), p).is_clear is clear


def test_a_comparison_is_found_in_either_order() -> None:
    report = Report.from_json(sample_report())
    test = report.comparison("ndcg@10", "slist", "blend")
    assert test is report.comparison("ndcg@10", "blend", "slist") is not None
    assert report.comparison("hr@10", "slist", "blend") is None


def test_a_note_replaces_the_seconds() -> None:
    content = sample_report()
    content["models"][4]["note"] = "judged as saved"
    report = Report.from_json(content)
    assert [model.seconds for model in report.models[3:]] == [3.8 + 0.5, None]


def test_short_names_are_the_ends_of_paths_as_far_as_they_differ() -> None:
    assert shorten_names(["slist", "runs/monday/ease", "runs/blend/"]) == ["slist", "ease", "blend"]
    assert shorten_names(["a/blend", "b/blend"]) == ["a/blend", "b/blend"]


def test_long_names_keep_both_ends_and_stay_distinct() -> None:
    shorts = shorten_names([f"ridge-regression-with-decay-{i}-second-attempt" for i in range(12)])
    assert all(len(short) <= 18 for short in shorts)
    assert len(set(shorts)) == 12
    assert shorts[0] == "ridge-reg…-attempt"


def test_tradeoff_curves_are_checked() -> None:
    content = {"users": 5, "k": 10, "diversity": [POINT, POINT | {"setting": 1.0}]}
    curves = TradeoffCurves.from_json(content)
    assert [point.setting for point in curves.diversity] == [0.0, 1.0]
    assert TradeoffCurves.from_json(curves.to_json()) == curves
    with pytest.raises(InputError, match="points out of order"):
        TradeoffCurves.from_json(content | {"diversity": content["diversity"][::-1]})
    with pytest.raises(InputError, match=r"t.json is not a file of 'matinee tradeoff --json': diversity: list should"):
        TradeoffCurves.from_json(content | {"diversity": []}, "t.json")


def test_unreadable_files_are_refused(tmp_path) -> None:
    with pytest.raises(InputError, match=r"missing.json cannot be read"):
        load_json(tmp_path / "missing.json")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken.json cannot be read"):
        load_json(tmp_path / "broken.json")


def test_huge_files_are_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matinee.reports.schema._MAX_BYTES", 10)
    (tmp_path / "huge.json").write_text('{"a": "123456"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"huge.json has 15 bytes. A report has at most 10"):
        load_json(tmp_path / "huge.json")
