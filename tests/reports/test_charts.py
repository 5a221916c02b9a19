import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matinee.reports.charts import (
    Scale,
    decades_scale,
    padded_scale,
    round_scale,
    seconds_scale,
    spread_labels,
    svg_points,
    ticks_between,
)

NUMBERS = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20)
SECONDS = st.lists(st.floats(0, 1e7), min_size=1, max_size=20)
LARGE_NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20)


def test_values_are_drawn_in_proportion() -> None:
    scale = Scale(0, 10, start=100, end=200)
    assert [scale.at(value) for value in (0, 5, 10, 12, -3)] == [100, 150, 200, 200, 100]
    assert Scale(0, 1, start=200, end=100).at(0.25) == 175  # upright: more is higher up
    assert Scale(3, 3, start=0, end=10).at(3) == 5
    assert math.isfinite(Scale(0, 0, start=0, end=1).at(1))


def test_a_round_scale_begins_and_ends_on_round_numbers() -> None:
    scale = round_scale([0.0, 0.003, 0.136])
    assert scale.ticks == (0.0, 0.05, 0.1, 0.15)
    assert (scale.at(0.0), scale.at(0.075), scale.at(0.15)) == (0.0, 50.0, 100.0)


def test_a_hair_over_a_round_number_does_not_add_a_tick() -> None:
    assert round_scale([0.0, 1.000000001]).ticks[-1] == 1.0


@given(NUMBERS)
def test_all_values_fit_and_keep_their_order(values: list[float]) -> None:
    scale = round_scale(values)
    positions = [scale.at(value) for value in sorted(values)]
    assert positions == sorted(positions)
    assert positions[0] >= 0
    assert positions[-1] <= 100
    slack = 1e-5 * scale.step  # a hair may lie outside; it is drawn on the edge
    assert scale.low <= min(values) + slack
    assert scale.high >= max(values) - slack
    assert 2 <= len(scale.ticks) <= 8


def test_equal_values_and_no_values_still_make_a_scale() -> None:
    assert 0 < round_scale([7.0, 7.0]).at(7.0) < 100
    assert round_scale([]).at(0.0) == 0.0
    assert round_scale([0.0]).at(0.0) == 0.0


@given(SECONDS)
def test_seconds_keep_their_order_and_stay_inside(seconds: list[float]) -> None:
    scale = seconds_scale(seconds)
    positions = [scale.at(value) for value in sorted(seconds)]
    assert positions == sorted(positions)
    assert positions[0] >= 0
    assert positions[-1] <= 100
    assert len(scale.ticks) >= 1


def test_equal_factors_take_equal_room() -> None:
    scale = seconds_scale([0.1, 10.0])
    assert scale.ticks == (0.1, 1.0, 10.0)
    assert scale.at(1.0) == pytest.approx(50.0)


def test_a_decades_scale_gives_each_power_of_ten_the_same_room() -> None:
    scale = decades_scale([0.0, 0.3, 50], 0, 400)
    assert (scale.low, scale.high) == (0.01, 100)
    assert scale.ticks == (0.01, 0.1, 1, 10, 100)
    assert [scale.at(value) for value in (0.0, 0.01, 0.1, 1, 100)] == [0, 0, 100, 200, 400]


def test_ticks_are_round() -> None:
    assert ticks_between(0, 0.137) == (0, 0.05, 0.1)
    assert ticks_between(0.68, 0.93) == (0.7, 0.8, 0.9)
    assert ticks_between(2, 2) == (2,)


@given(LARGE_NUMBERS)
@example([0.0, 5e-324])
@example([0.1, 0.1 + 1e-17, 0.1 + 1e-16])
def test_a_padded_scale_has_room_for_everything(values: list[float]) -> None:
    scale = padded_scale(values, 0, 100)
    assert all(0 <= scale.at(value) <= 100 for value in values)
    assert scale.low < min(values)
    assert max(values) < scale.high
    assert all(scale.low - 1e-6 <= tick <= scale.high + 1e-6 for tick in scale.ticks)
    assert len(scale.ticks) < 12


def test_a_padded_scale_starts_at_zero_if_asked() -> None:
    assert padded_scale([2, 4], 0, 1, from_zero=True).low == 0
    assert padded_scale([-2, 4], 0, 1, from_zero=True).low < -2


def test_labels_are_moved_apart_and_keep_their_order() -> None:
    assert spread_labels([10, 12, 50, 0], 16) == [16, 32, 50, 0]
    assert spread_labels([], 16) == []


def test_points_are_written_for_svg() -> None:
    assert svg_points([1, 2.5], [3, 4]) == "1,3 2.5,4"
    with pytest.raises(ValueError, match="shorter"):
        svg_points([1, 2], [3])
