import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.evaluation.report_card.scales import linear_scale, seconds_scale

NUMBERS = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20)
SECONDS = st.lists(st.floats(0, 1e7), min_size=1, max_size=20)


def test_a_scale_begins_and_ends_on_round_numbers() -> None:
    scale = linear_scale([0.0, 0.003, 0.136])
    assert scale.ticks == (0.0, 0.05, 0.1, 0.15)
    assert (scale.at(0.0), scale.at(0.075), scale.at(0.15)) == (0.0, 50.0, 100.0)


def test_a_hair_over_a_round_number_does_not_add_a_tick() -> None:
    assert linear_scale([0.0, 1.000000001]).ticks[-1] == 1.0


@given(NUMBERS)
def test_all_values_fit_and_keep_their_order(values: list[float]) -> None:
    scale = linear_scale(values)
    places = [scale.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] <= 100
    slack = 1e-5 * scale.step  # a hair may lie outside; it is drawn on the edge
    assert scale.low <= min(values) + slack
    assert scale.high >= max(values) - slack
    assert 2 <= len(scale.ticks) <= 8


def test_equal_values_and_none_at_all_still_make_a_scale() -> None:
    assert 0 < linear_scale([7.0, 7.0]).at(7.0) < 100
    assert linear_scale([]).at(0.0) == 0.0
    assert linear_scale([0.0]).at(0.0) == 0.0


@given(SECONDS)
def test_seconds_keep_their_order_and_stay_inside(seconds: list[float]) -> None:
    scale = seconds_scale(seconds)
    places = [scale.at(one) for one in sorted(seconds)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] <= 100
    assert len(scale.ticks) >= 1


def test_equal_factors_take_equal_room() -> None:
    scale = seconds_scale([0.1, 10.0])
    assert scale.ticks == (0.1, 1.0, 10.0)
    assert scale.at(1.0) == pytest.approx(50.0)
