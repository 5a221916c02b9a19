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
def dials():
    return measure_tradeoff(make("ease"), make_split(small_ratings(3, n_users=40), "random:0.3"), k=4)


def test_the_first_notch_is_what_evaluate_says() -> None:
    """Where everything was rated as high, nothing is disliked, and a list is the model's own."""
    data = small_ratings(3, n_users=40)
    data = replace(data, ratings=replace(data.ratings, rating=np.full(len(data.ratings), 4, dtype=np.float32)))
    split = make_split(data, "random:0.3")
    (judged,) = evaluate({"ease": make("ease")}, split, ks=(4,)).models
    dials = measure_tradeoff(make("ease"), split, k=4)
    for notch in (dials.diversity[0], dials.exploration[0]):
        assert notch.ndcg.value == pytest.approx(judged.metrics["ndcg@4"].value, abs=1e-9)
        assert notch.coverage == pytest.approx(judged.metrics["coverage@4"].value, abs=1e-4)
        assert notch.variety.value == pytest.approx(judged.metrics["diversity@4"].value, abs=1e-6)


def test_more_variety_is_more_varied() -> None:
    genres = [["Even", str(row % 3)] if row % 2 == 0 else ["Odd", str(row % 3)] for row in range(12)]
    data = checkerboard()
    data = replace(data, movies=data.movies.with_columns(pl.Series("genres", genres)))
    found = measure_tradeoff(make("ease"), make_split(data, "leave-last"), k=3)
    assert [notch.at for notch in found.diversity] == list(DIVERSITY)
    assert found.diversity[-1].variety.value > found.diversity[0].variety.value
    assert found.diversity[-1].ndcg.value <= found.diversity[0].ndcg.value


def test_more_chance_shows_more_of_the_catalogue(dials) -> None:
    assert [notch.at for notch in dials.exploration] == list(EXPLORATION)
    assert dials.exploration[-1].coverage >= dials.exploration[0].coverage
    assert all(notch.ndcg.low <= notch.ndcg.value <= notch.ndcg.high for notch in dials.exploration)


def test_some_users_are_a_sample_of_all() -> None:
    split = make_split(small_ratings(3, n_users=40), "random:0.3")
    assert measure_tradeoff(make("popularity"), split, k=4, users=7).users == 7
    assert measure_tradeoff(make("popularity"), split, k=4, users=10_000).users == len(split.tested_users)


def test_it_is_drawn(dials) -> None:
    assert draw_tradeoff({"a": dials, "b": dials}).startswith(b"\x89PNG")


def test_it_is_plain_data(dials) -> None:
    plain = dials.to_json()
    assert plain["diversity"][0]["at"] == 0
    assert set(plain["diversity"][0]) == {"at", "ndcg", "variety", "coverage"}
