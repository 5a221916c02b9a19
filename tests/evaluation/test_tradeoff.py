from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from matinee.data.splits import make_split
from matinee.evaluation.evaluate import evaluate
from matinee.evaluation.tradeoff import DIVERSITY, EXPLORATION, draw_tradeoff, measure_tradeoff
from matinee.models.registry import make
from tests.datasets import checkerboard, small_ratings


@pytest.fixture(scope="module")
def curves():
    return measure_tradeoff(make("ease"), make_split(small_ratings(3, n_users=40), "random:0.3"), k=4)


def test_the_first_point_agrees_with_evaluate() -> None:
    """Equal ratings mean no dislikes, so the lists are the model's own."""
    data = small_ratings(3, n_users=40)
    data = replace(data, ratings=replace(data.ratings, rating=np.full(len(data.ratings), 4, dtype=np.float32)))
    split = make_split(data, "random:0.3")
    (report,) = evaluate({"ease": make("ease")}, split, ks=(4,)).models
    curves = measure_tradeoff(make("ease"), split, k=4)
    for point in (curves.diversity[0], curves.exploration[0]):
        assert point.ndcg.value == pytest.approx(report.metrics["ndcg@4"].value, abs=1e-9)
        assert point.coverage == pytest.approx(report.metrics["coverage@4"].value, abs=1e-4)
        assert point.variety.value == pytest.approx(report.metrics["diversity@4"].value, abs=1e-6)


def test_more_variety_is_more_varied() -> None:
    genres = [["Even", str(row % 3)] if row % 2 == 0 else ["Odd", str(row % 3)] for row in range(12)]
    data = checkerboard()
    data = replace(data, movies=data.movies.with_columns(pl.Series("genres", genres)))
    curves = measure_tradeoff(make("ease"), make_split(data, "leave-last"), k=3)
    assert [point.setting for point in curves.diversity] == list(DIVERSITY)
    assert curves.diversity[-1].variety.value > curves.diversity[0].variety.value
    assert curves.diversity[-1].ndcg.value <= curves.diversity[0].ndcg.value


def test_more_exploration_shows_more_of_the_catalogue(curves) -> None:
    assert [point.setting for point in curves.exploration] == list(EXPLORATION)
    assert curves.exploration[-1].coverage >= curves.exploration[0].coverage
    assert all(point.ndcg.low <= point.ndcg.value <= point.ndcg.high for point in curves.exploration)


def test_users_are_sampled() -> None:
    split = make_split(small_ratings(3, n_users=40), "random:0.3")
    assert measure_tradeoff(make("popularity"), split, k=4, users=7).users == 7
    assert measure_tradeoff(make("popularity"), split, k=4, users=10_000).users == len(split.tested_users)


def test_curves_are_drawn_as_png(curves) -> None:
    assert draw_tradeoff({"a": curves, "b": curves}).startswith(b"\x89PNG")


def test_json_has_plain_keys(curves) -> None:
    plain = curves.to_json()
    assert plain["diversity"][0]["setting"] == 0
    assert set(plain["diversity"][0]) == {"setting", "ndcg", "variety", "coverage"}
