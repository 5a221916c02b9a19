import pytest

from matinee.evaluation.report_card.reading import Comparison, Measure, read_report, short_names
from tests.evaluation.report_card.sample import comparison, sample_report


def test_what_is_missing_null_or_not_a_number_comes_out_empty() -> None:
    report = sample_report()
    report["models"][0] = {
        "name": "random",
        "metrics": {
            "hr@10": None,
            "ndcg@10": {"value": float("nan")},
            "mrr@10": {"value": True},
            "map@10": {"value": 0},
        },
        "fit_seconds": None,
        "slices": None,
    }
    random = read_report(report).models[0]
    assert dict(random.metrics) == {"map@10": Measure(0)}
    assert (random.seconds, random.slices, random.about, dict(random.settings)) == (None, (), "", {})


def test_the_ranking_is_by_ndcg_at_the_shortest_list() -> None:
    report = sample_report()
    report["protocol"]["k"] = [20, 10]
    read = read_report(report)
    assert read.lead == "ndcg@10"
    assert [model.name for model in read.ranking] == ["blend", "slist", "ease", "popularity", "random"]


def test_models_without_the_lead_metric_come_last_in_the_order_given() -> None:
    report = sample_report()
    for index in (4, 3):
        report["models"][index]["metrics"].pop("ndcg@10")
    names = [model.name for model in read_report(report).ranking]
    assert names == ["ease", "popularity", "random", "slist", "blend"]


def test_errors_are_ranked_upwards() -> None:
    values = {"far": 1.2, "near": 0.8, "middle": 0.9}
    models = [{"name": name, "metrics": {"rmse": {"value": value}}} for name, value in values.items()]
    read = read_report({"protocol": {"k": [10]}, "models": models})
    assert read.lead == "rmse"
    assert [model.name for model in read.ranking] == ["near", "middle", "far"]


def test_a_difference_is_in_favour_of_the_better_whichever_way_it_was_subtracted() -> None:
    report = sample_report()
    report["comparisons"] = [comparison("near", "far", -0.02, -0.03, 0.01)]
    found = read_report(report).comparisons[0]
    assert found.difference.value == 0.02
    assert found.difference.bounds == (pytest.approx(0.01), 0.03)


@pytest.mark.parametrize(
    ("low", "p", "clear"),
    [
        (0.001, 0.01, True),
        (0.001, 0.05, False),
        (-0.001, 0.04, True),
        (0.001, None, True),
        (-0.001, None, False),
    ],
)
def test_a_difference_is_clear_by_its_p_value_or_else_by_its_interval(low: float, p: float | None, clear: bool) -> None:
    assert Comparison("ndcg@10", "one", "other", Measure(0.01, low, 0.02), p).is_clear is clear


def test_a_comparison_is_found_in_either_order() -> None:
    read = read_report(sample_report())
    assert read.compared("ndcg@10", "slist", "blend") is read.compared("ndcg@10", "blend", "slist") is not None
    assert read.compared("hr@10", "slist", "blend") is None


def test_short_names_are_the_ends_of_paths_as_far_as_they_differ() -> None:
    assert short_names(["slist", "runs/monday/ease", "runs/blend/"]) == ["slist", "ease", "blend"]
    assert short_names(["a/blend", "b/blend"]) == ["a/blend", "b/blend"]


def test_long_names_keep_both_ends_and_stay_apart() -> None:
    shorts = short_names([f"ridge-regression-with-decay-{i}-second-attempt" for i in range(12)])
    assert all(len(short) <= 18 for short in shorts)
    assert len(set(shorts)) == 12
    assert shorts[0] == "ridge-reg…-attempt"
