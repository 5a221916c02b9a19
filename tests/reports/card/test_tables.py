import pytest

from matinee.reports.card.tables import build_comparisons, metric_groups, popularity_bars, rating_bars
from matinee.reports.card.verdict import find_verdict
from matinee.reports.schema import Report
from tests.reports.card.sample import comparison, measure, sample_report


def test_metrics_are_grouped_by_list_length_in_registry_order() -> None:
    report = sample_report()
    report["models"][0]["metrics"] |= {"rmse": measure(1.0), "surprise@10": measure(0.5)}
    groups = metric_groups(Report.from_json(report), "en")
    assert [group.cutoff for group in groups] == [10, 20, None]
    labels = [line.label for line in groups[0].lines]
    assert labels == ["NDCG@10", "Hit rate@10", "Recall@10", "Coverage@10", "Novelty@10", "surprise@10"]
    assert [cell is None for cell in groups[2].lines[0].cells] == [True, True, True, True, False]


def test_the_best_value_of_a_known_metric_is_marked() -> None:
    report = sample_report()
    for i, model in enumerate(report["models"]):
        model["metrics"]["gini@10"] = measure(0.5 + i / 10)
        model["metrics"]["surprise@10"] = measure(0.5 + i / 10)
    lines = {line.label: line.cells for line in metric_groups(Report.from_json(report), "en")[0].lines}
    assert [cell is not None and cell.is_best for cell in lines["NDCG@10"]] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert [cell is not None and cell.is_best for cell in lines["Gini@10"]] == [
        False,
        False,
        False,
        False,
        True,
    ]
    assert not any(cell is not None and cell.is_best for cell in lines["surprise@10"])


def test_comparisons_with_the_leader_are_listed_first() -> None:
    report = sample_report()
    report["comparisons"].append(comparison("slist", "ease", 0.015, 0.011, 0.001))
    report["comparisons"].append(comparison("slist", "ease", 0.015, 0.011, 0.001) | {"metric": "mrr@20"})
    checked = Report.from_json(report)
    verdict = find_verdict(checked)
    assert verdict is not None
    comparisons = build_comparisons(checked, verdict, "en")
    assert comparisons is not None
    assert [test.worse for test, _ in comparisons.listed] == ["slist", "ease", "popularity", "random"]
    assert len(comparisons.unfolded) == 5
    positions = [plot.at for _, plot in comparisons.listed]
    assert positions == sorted(positions)
    assert comparisons.zero < positions[0]


def test_comparisons_without_the_leader_are_listed_by_metric() -> None:
    report = sample_report()
    report["comparisons"] = [comparison("slist", "ease", 0.015, 0.011, 0.001)]
    checked = Report.from_json(report)
    verdict = find_verdict(checked)
    assert verdict is not None
    comparisons = build_comparisons(checked, verdict, "en")
    assert comparisons is not None
    assert [(test.better, test.worse) for test, _ in comparisons.listed] == [("slist", "ease")]


def test_bars_are_as_long_as_their_shares() -> None:
    report = Report.from_json(sample_report())
    ratings = rating_bars(report)
    assert [bar.label for bar in ratings] == ["1", "2", "3", "4", "5"]
    assert sum(bar.value for bar in ratings) == pytest.approx(1)
    assert max(ratings, key=lambda bar: bar.width).label == "4"
    assert max(bar.width for bar in ratings) == 100
    tenths = popularity_bars(report)
    assert tenths[1].width == pytest.approx(100 * 0.2 / 0.55, abs=0.01)
    assert tenths[0].text == "55%"


def test_no_data_gives_no_bars() -> None:
    report = sample_report()
    del report["data"]
    assert (rating_bars(Report.from_json(report)), popularity_bars(Report.from_json(report))) == ([], [])
