import pytest

from matinee.evaluation.report_card.reading import read_report
from matinee.evaluation.report_card.tables import comparisons_of, deciles, histogram, numbers
from matinee.evaluation.report_card.verdict import verdict_of
from tests.evaluation.report_card.sample import comparison, measure, sample_report


def test_metrics_are_grouped_by_length_of_list_in_their_usual_order() -> None:
    report = sample_report()
    report["models"][0]["metrics"] |= {"rmse": measure(1.0), "surprise@10": measure(0.5)}
    groups = numbers(read_report(report), "en")
    assert [group.cutoff for group in groups] == [10, 20, None]
    labels = [line.label for line in groups[0].lines]
    assert labels == ["NDCG@10", "Hit rate@10", "Recall@10", "Coverage@10", "Novelty@10", "surprise@10"]
    assert [cell is None for cell in groups[2].lines[0].cells] == [True, True, True, True, False]


def test_the_best_is_marked_where_one_way_is_better() -> None:
    report = sample_report()
    for i, one in enumerate(report["models"]):
        one["metrics"]["gini@10"] = measure(0.5 + i / 10)
        one["metrics"]["surprise@10"] = measure(0.5 + i / 10)
    lines = {line.label: line.cells for line in numbers(read_report(report), "en")[0].lines}
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


def test_comparisons_with_the_leader_are_told_and_the_others_kept() -> None:
    report = sample_report()
    report["comparisons"].append(comparison("slist", "ease", 0.015, 0.011, 0.001))
    report["comparisons"].append(comparison("slist", "ease", 0.015, 0.011, 0.001) | {"metric": "mrr@20"})
    read = read_report(report)
    verdict = verdict_of(read)
    assert verdict is not None
    found = comparisons_of(read, verdict, "en")
    assert found is not None
    assert [test.worse for test, _ in found.told] == ["slist", "ease", "popularity", "random"]
    assert len(found.every) == 5
    places = [strip.at for _, strip in found.told]
    assert places == sorted(places)
    assert found.zero < places[0]


def test_comparisons_without_the_leader_are_told_by_the_first_metric() -> None:
    report = sample_report()
    report["comparisons"] = [comparison("slist", "ease", 0.015, 0.011, 0.001)]
    read = read_report(report)
    verdict = verdict_of(read)
    assert verdict is not None
    found = comparisons_of(read, verdict, "en")
    assert found is not None
    assert [(test.better, test.worse) for test, _ in found.told] == [("slist", "ease")]


def test_bars_are_as_long_as_their_shares() -> None:
    read = read_report(sample_report())
    ratings = histogram(read)
    assert [bar.label for bar in ratings] == ["1", "2", "3", "4", "5"]
    assert sum(bar.value for bar in ratings) == pytest.approx(1)
    assert max(ratings, key=lambda bar: bar.width).label == "4"
    assert max(bar.width for bar in ratings) == 100
    tenths = deciles(read)
    assert tenths[1].width == pytest.approx(100 * 0.2 / 0.55, abs=0.01)
    assert tenths[0].text == "55%"


def test_no_data_gives_no_bars() -> None:
    report = sample_report()
    del report["data"]
    assert (histogram(read_report(report)), deciles(read_report(report))) == ([], [])
