import re

import pytest

from matinee.evaluation.report_card.metrics import METRICS, Metric, label_of, metric_of


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_is_explained_in_both_languages_in_one_sentence(metric: Metric) -> None:
    assert metric.sentence.en.count(". ") == 0
    assert metric.sentence.en.endswith(".")
    assert metric.sentence.zh.endswith("。")
    assert re.search("[一-鿿]", metric.formula.zh)
    assert metric.formula.en
    assert not re.search("[一-鿿]", metric.label.en + metric.sentence.en + metric.formula.en)


def test_names_do_not_repeat() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_keys_are_written_for_people() -> None:
    assert label_of("ndcg@10").en == "NDCG@10"
    assert label_of("recall_capped@20").zh == "召回率（封顶）@20"
    assert label_of("rmse").en == "RMSE"
    assert label_of("surprise@5").en == "surprise@5"
    assert metric_of("surprise@5") is None
