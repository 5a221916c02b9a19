from typing import Any

import pytest

from matinee.evaluation.report_card.reading import read_report
from matinee.evaluation.report_card.verdict import Verdict, fast_alternative, verdict_of
from tests.evaluation.report_card.sample import measure, sample_report


def judged(report: dict[str, Any]) -> Verdict:
    verdict = verdict_of(read_report(report))
    assert verdict is not None
    return verdict


def names(models: Any) -> list[str]:
    return [model.name for model in models]


def test_level_behind_and_unchecked_come_from_the_paired_tests_alone() -> None:
    report = sample_report()
    report["comparisons"] = [one for one in report["comparisons"] if one["worse"] != "random"]
    verdict = judged(report)
    assert verdict.leader.name == "blend"
    assert names(verdict.level) == ["slist"]
    assert names(verdict.behind) == ["ease", "popularity"]
    assert names(verdict.unchecked) == ["random"]
    assert verdict.closest is not None
    assert verdict.closest.worse == "ease"


def test_a_large_lead_that_nobody_tested_is_not_called_clear() -> None:
    report = sample_report()
    report["comparisons"] = []
    verdict = judged(report)
    assert verdict.behind == ()
    assert len(verdict.unchecked) == 4


def test_the_leader_is_compared_with_popularity_by_hits() -> None:
    assert judged(sample_report()).times_popularity == pytest.approx(0.2333 / 0.089)


def test_a_popularity_that_never_hits_gives_no_ratio() -> None:
    report = sample_report()
    report["models"][1]["metrics"]["hr@10"] = {"value": 0.0}
    assert judged(report).times_popularity is None


def test_somebody_who_hits_more_often_but_lower_is_named() -> None:
    report = sample_report()
    assert judged(report).more_hits is None
    report["models"][3]["metrics"]["hr@10"] = measure(0.25)
    more = judged(report).more_hits
    assert more is not None
    assert more.name == "slist"


def test_nothing_measured_gives_no_verdict() -> None:
    assert verdict_of(read_report({"models": [{"name": "blend"}]})) is None


def test_a_bargain_takes_a_third_of_the_time_and_keeps_four_fifths_of_the_quality() -> None:
    report = sample_report()
    read = read_report(report)
    found = fast_alternative(read, judged(report))
    assert found is not None
    assert (found.model.name, found.share) == ("ease", pytest.approx(0.105 / 0.1239))  # slist takes too long
    report["models"][2]["metrics"]["ndcg@10"] = measure(0.08)
    assert fast_alternative(read_report(report), judged(report)) is None
