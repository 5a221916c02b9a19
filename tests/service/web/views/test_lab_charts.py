from itertools import pairwise

from matinee.service.operations.reports import Dials, Report
from matinee.service.web.views.lab_charts import curves, price_of_diversity, seconds_against, strips


def figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def report(**values: tuple[float, float]) -> Report:
    """Models by name, with NDCG@10 and the seconds of a fit; RMSE is one minus NDCG."""
    return Report.model_validate(
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


def test_the_best_stands_first_whichever_way_is_good() -> None:
    assert [one.model.name for one in strips(THREE, "ndcg@10")] == ["blend", "ease", "random"]
    assert [one.model.name for one in strips(THREE, "rmse")] == ["blend", "ease", "random"]
    assert strips(THREE, "mae") == []


def test_intervals_lie_around_their_points_on_one_scale() -> None:
    for one in strips(THREE, "ndcg@10"):
        assert 6 <= one.low < one.x < one.high <= 294
    best, second, worst = strips(THREE, "ndcg@10")
    assert best.x > second.x > worst.x


def test_quality_goes_up_and_seconds_to_the_right() -> None:
    chart = seconds_against(THREE, "ndcg@10")
    assert chart
    random, ease, blend = chart.points
    assert random.x < ease.x < blend.x
    assert random.y > ease.y > blend.y
    assert blend.high < blend.y < blend.low  # SVG counts from above
    assert abs(ease.label_y - blend.label_y) >= 16 or ease.label_left != blend.label_left
    assert seconds_against(report(ease=(0.2, 1)), "ndcg@10") is None


def test_each_notch_is_a_point_and_labels_do_not_touch() -> None:
    notches = [
        {"at": at / 10, "ndcg": figure(0.2 - at / 100), "variety": figure(variety), "coverage": 0.5}
        for at, variety in enumerate((0.7, 0.75, 0.8, 0.89, 0.9, 0.901))
    ]
    chart = price_of_diversity(Dials.model_validate({"users": 5, "k": 10, "diversity": notches}))
    assert len(chart.points) == 6 == len(chart.line.split())
    labelled = [one.x for one in chart.points if one.is_labelled]
    assert chart.points[-1].is_labelled
    assert all(b - a >= 26 for a, b in pairwise(labelled))


def test_curves_are_of_what_every_epoch_has() -> None:
    (one,) = curves(THREE)
    assert (one.name, one.first, one.last, one.least, one.most, one.epochs) == ("loss", 2, 1, 1, 2, 2)
    assert curves(THREE.model_copy(update={"curve": THREE.curve[:1]})) == []
