import re

import pytest

from matinee.evaluation.metrics import ACCURACY
from matinee.i18n import gettext
from matinee.reports.metrics import (
    LEADERBOARD,
    LEADS,
    METRICS,
    Metric,
    cutoff_of,
    find_metric,
    has_zero,
    lower_is_better,
    metric_label,
)

CHINESE = "[一-鿿]"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_is_explained_in_one_sentence(metric: Metric) -> None:
    assert metric.description.count(". ") == 0
    assert metric.description.endswith(".")
    assert metric.formula
    assert not re.search(CHINESE, metric.label + metric.description + metric.formula)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_is_explained_in_chinese(metric: Metric) -> None:
    assert gettext("zh", metric.description).endswith("。")
    assert re.search(CHINESE, gettext("zh", metric.formula))


def test_names_and_positions_do_not_repeat() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert [metric.leaderboard for metric in LEADERBOARD] == list(range(1, len(LEADERBOARD) + 1))
    assert [metric.lead for metric in LEADS] == list(range(1, len(LEADS) + 1))


def test_every_accuracy_function_is_in_the_registry() -> None:
    ranking_metrics = {metric.name for metric in METRICS if metric.lead and not metric.in_stars}
    assert ACCURACY.keys() == ranking_metrics


def test_keys_are_labelled() -> None:
    assert metric_label("ndcg@10", "en") == "NDCG@10"
    assert metric_label("recall_capped@20", "zh") == "召回率（封顶）@20"
    assert metric_label("rmse", "en") == "RMSE"
    assert metric_label("surprise@5", "en") == "surprise@5"
    assert find_metric("surprise@5") is None
    assert (cutoff_of("ndcg@10"), cutoff_of("rmse"), cutoff_of("a@b")) == (10, None, None)


def test_direction_and_zero() -> None:
    assert [lower_is_better(key) for key in ("ndcg@10", "gini@10", "rmse", "mae", "surprise@5")] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [has_zero(key) for key in ("ndcg@10", "coverage@20", "novelty@10", "rmse")] == [True, True, False, False]
