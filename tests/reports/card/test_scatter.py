import itertools
import random

import pytest

from matinee.reports.card.scatter import Box, Scatter, scatter
from matinee.reports.schema import Report
from tests.reports.card.sample import model, sample_report

WIDTHS = (860.0, 340.0)


def report_of(points: list[tuple[float, float]], name: str = "a-model-of-18-chars") -> Report:
    """Models at (seconds, quality)."""
    models = [model(f"{name}-{i}", quality, 0.2, seconds) for i, (seconds, quality) in enumerate(points)]
    return Report.from_json(sample_report() | {"models": models})


def draw(report: Report, width: float = 860.0) -> Scatter:
    chart = scatter(report, "ndcg@10", width)
    assert chart is not None
    return chart


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("spread", [0.0, 0.001, 1.0])
def test_no_label_covers_a_label_or_dot_or_leaves_the_plot(width: float, spread: float) -> None:
    rng = random.Random(5)
    points = [(10 ** (1 + 3 * spread * rng.random()), 0.1 * (1 + spread * rng.random())) for _ in range(20)]
    chart = draw(report_of(points), width)
    for dot, other in itertools.combinations(chart.dots, 2):
        assert not dot.label.touches(other.label)
    for dot, other in itertools.product(chart.dots, chart.dots):
        assert not dot.label.touches(Box(other.x - 5, other.y - 5, other.x + 5, other.y + 5))
    assert all(dot.label.inside(chart.plot) and dot.label.right > dot.label.left for dot in chart.dots)


def test_slower_is_further_right_and_better_is_higher() -> None:
    chart = draw(Report.from_json(sample_report()))
    by_time = sorted(chart.dots, key=lambda dot: dot.model.seconds or 0)
    by_quality = sorted(chart.dots, key=lambda dot: dot.model.metrics["ndcg@10"].value)
    assert [dot.x for dot in by_time] == sorted({dot.x for dot in by_time})
    assert [dot.y for dot in by_quality] == sorted({dot.y for dot in by_quality}, reverse=True)


def test_the_frontier_leaves_out_models_that_are_slower_and_worse() -> None:
    points = [(1.0, 0.05), (10.0, 0.04), (100.0, 0.1)]
    chart = draw(report_of(points))
    at = {dot.model.seconds: dot for dot in chart.dots}
    fast, beaten, best = at[1.5], at[10.5], at[100.5]
    assert chart.frontier == f"M{fast.x:g} {fast.y:g}H{best.x:g}V{best.y:g}"
    assert f"{beaten.y:g}" not in chart.frontier


def test_a_single_best_model_has_no_frontier() -> None:
    assert draw(report_of([(1.0, 0.1), (10.0, 0.05)])).frontier == ""


def test_fewer_than_two_timed_models_are_not_draw() -> None:
    content = sample_report()
    for entry in content["models"][1:]:
        entry["note"] = "judged as saved"
    assert scatter(Report.from_json(content), "ndcg@10", 860.0) is None


@pytest.mark.parametrize("width", WIDTHS)
def test_times_on_the_axis_do_not_touch(width: float) -> None:
    chart = draw(report_of([(0.01, 0.1), (90_000.0, 0.2)]), width)
    assert all(after[0] - before[0] >= 60 for before, after in itertools.pairwise(chart.columns))


def test_a_label_that_moved_away_is_tied_to_its_dot() -> None:
    chart = draw(report_of([(10.0, 0.1)] * 12))
    tied = [dot for dot in chart.dots if dot.tie]
    assert tied
    assert all(dot.tie is None or dot.label.left <= dot.tie[0] <= dot.label.right for dot in tied)
