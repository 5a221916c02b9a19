from dataclasses import replace
from itertools import pairwise

from matinee.reports.schema import Report, TradeoffCurves
from matinee.service.web.views.lab_charts import metric_rows, seconds_chart, tradeoff_chart, training_curves


def figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def report(**values: tuple[float, float]) -> Report:
    """Models by name, with NDCG@10 and the seconds of a fit; RMSE is one minus NDCG."""
    return Report.from_json(
        {
            "protocol": {"split": "leave-last", "dataset": "d", "movies": 9, "tested_users": 5, "k": [10]},
            "models": [
                {
                    "name": name,
                    "metrics": {"ndcg@10": figure(ndcg), "rmse": figure(1 - ndcg)},
                    "fit_seconds": seconds,
                }
                for name, (ndcg, seconds) in values.items()
            ],
            "curve": [{"epoch": 0, "loss": 2.0, "seconds": 1}, {"epoch": 1, "loss": 1.0, "seconds": 2, "late": 3}],
        }
    )


THREE = report(random=(0.02, 0), ease=(0.2, 1), blend=(0.21, 10))


def test_the_best_model_is_first_for_any_metric() -> None:
    assert [row.model.name for row in metric_rows(THREE, "ndcg@10")] == ["blend", "ease", "random"]
    assert [row.model.name for row in metric_rows(THREE, "rmse")] == ["blend", "ease", "random"]
    assert metric_rows(THREE, "mae") == []


def test_intervals_contain_their_points_on_one_scale() -> None:
    for row in metric_rows(THREE, "ndcg@10"):
        assert 6 <= row.low < row.x < row.high <= 294
    best, second, worst = metric_rows(THREE, "ndcg@10")
    assert best.x > second.x > worst.x


def test_quality_goes_up_and_seconds_to_the_right() -> None:
    chart = seconds_chart(THREE, "ndcg@10")
    assert chart
    random, ease, blend = chart.points
    assert random.x < ease.x < blend.x
    assert random.y > ease.y > blend.y
    assert blend.high < blend.y < blend.low  # SVG counts from above
    assert abs(ease.label_y - blend.label_y) >= 16 or ease.label_left != blend.label_left
    assert seconds_chart(report(ease=(0.2, 1)), "ndcg@10") is None


def test_each_setting_is_a_point_and_labels_do_not_touch() -> None:
    points = [
        {"setting": i / 10, "ndcg": figure(0.2 - i / 100), "variety": figure(variety), "coverage": 0.5}
        for i, variety in enumerate((0.7, 0.75, 0.8, 0.89, 0.9, 0.901))
    ]
    chart = tradeoff_chart(TradeoffCurves.from_json({"users": 5, "k": 10, "diversity": points}))
    assert len(chart.points) == 6 == len(chart.line.split())
    labelled = [point.x for point in chart.points if point.is_labelled]
    assert chart.points[-1].is_labelled
    assert all(b - a >= 26 for a, b in pairwise(labelled))


def test_curves_show_the_values_of_every_epoch() -> None:
    (curve,) = training_curves(THREE)
    assert (curve.name, curve.first, curve.last, curve.lowest, curve.highest, curve.epochs) == ("loss", 2, 1, 1, 2, 2)
    assert training_curves(replace(THREE, curve=THREE.curve[:1])) == []
