from typing import Any

import pytest

from matinee.reports.card.verdict import Verdict, fast_alternative, find_verdict
from matinee.reports.schema import Report
from tests.reports.card.sample import measure, sample_report


def verdict_on(content: dict[str, Any]) -> Verdict:
    verdict = find_verdict(Report.from_json(content))
    assert verdict is not None
    return verdict


def names(models: Any) -> list[str]:
    return [model.name for model in models]


def test_level_behind_and_untested_come_from_the_paired_tests() -> None:
    report = sample_report()
    report["comparisons"] = [test for test in report["comparisons"] if test["worse"] != "random"]
    verdict = verdict_on(report)
    assert verdict.leader.name == "blend"
    assert names(verdict.level) == ["slist"]
    assert names(verdict.behind) == ["ease", "popularity"]
    assert names(verdict.untested) == ["random"]
    assert verdict.closest is not None
    assert verdict.closest.worse == "ease"


def test_a_large_untested_lead_is_not_clear() -> None:
    report = sample_report()
    report["comparisons"] = []
    verdict = verdict_on(report)
    assert verdict.behind == ()
    assert len(verdict.untested) == 4


def test_the_leader_is_compared_with_popularity_by_hits() -> None:
    assert verdict_on(sample_report()).times_popularity == pytest.approx(0.2333 / 0.089)


def test_a_popularity_that_never_hits_gives_no_ratio() -> None:
    report = sample_report()
    report["models"][1]["metrics"]["hr@10"] = measure(0.0)
    assert verdict_on(report).times_popularity is None


def test_a_model_that_hits_more_often_but_ranks_lower_is_named() -> None:
    report = sample_report()
    assert verdict_on(report).more_hits is None
    report["models"][3]["metrics"]["hr@10"] = measure(0.25)
    more = verdict_on(report).more_hits
    assert more is not None
    assert more.name == "slist"


def test_a_report_without_metrics_has_no_verdict() -> None:
    content = sample_report() | {"models": [{"name": "blend", "metrics": {}, "fit_seconds": 1}]}
    assert find_verdict(Report.from_json(content)) is None


def test_a_fast_alternative_needs_a_third_of_the_time() -> None:
    report = sample_report()
    alternative = fast_alternative(Report.from_json(report), verdict_on(report))
    assert alternative is not None
    assert (alternative.model.name, alternative.share) == (
        "ease",
        pytest.approx(0.105 / 0.1239),
    )  # slist takes too long
    report["models"][2]["metrics"]["ndcg@10"] = measure(0.08)
    assert fast_alternative(Report.from_json(report), verdict_on(report)) is None
