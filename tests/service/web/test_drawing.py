import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matinee.service.web.drawing import Scale, apart, log_scale_of, points, scale_of

finite = st.floats(-1e6, 1e6)


def test_values_lie_in_proportion() -> None:
    scale = Scale(0, 10, 100, 200)
    assert [scale.at(value) for value in (0, 5, 10, 12, -3)] == [100, 150, 200, 200, 100]
    assert Scale(0, 1, 200, 100).at(0.25) == 175  # upright: more is higher up
    assert Scale(3, 3, 0, 10).at(3) == 5


def test_a_logarithmic_scale_gives_each_power_of_ten_the_same_room() -> None:
    scale = log_scale_of([0.0, 0.3, 50], 0, 400)
    assert (scale.first, scale.last) == (0.01, 100)
    assert scale.ticks == [0.01, 0.1, 1, 10, 100]
    assert [scale.at(value) for value in (0.0, 0.01, 0.1, 1, 100)] == [0, 0, 100, 200, 400]


def test_ticks_are_round() -> None:
    assert Scale(0, 0.137, 0, 1).ticks == [0, 0.05, 0.1]
    assert Scale(0.68, 0.93, 0, 1).ticks == [0.7, 0.8, 0.9]
    assert Scale(2, 2, 0, 1).ticks == [2]


@given(st.lists(finite, min_size=1, max_size=20))
@example([0.0, 5e-324])
@example([0.1, 0.1 + 1e-17, 0.1 + 1e-16])
def test_a_scale_has_room_for_everything(values: list[float]) -> None:
    scale = scale_of(values, 0, 100)
    assert all(0 <= scale.at(value) <= 100 for value in values)
    assert scale.first < min(values)
    assert max(values) < scale.last
    assert all(scale.first - 1e-6 <= tick <= scale.last + 1e-6 for tick in scale.ticks)
    assert len(scale.ticks) < 12


def test_zero_is_the_foot_where_it_is_asked_for() -> None:
    assert scale_of([2, 4], 0, 1, zero=True).first == 0
    assert scale_of([-2, 4], 0, 1, zero=True).first < -2


def test_labels_are_moved_apart_and_keep_their_order() -> None:
    assert apart([10, 12, 50, 0], 16) == [16, 32, 50, 0]
    assert apart([], 16) == []


def test_points_are_written_as_svg_has_them() -> None:
    assert points([1, 2.5], [3, 4]) == "1,3 2.5,4"
    with pytest.raises(ValueError, match="shorter"):
        points([1, 2], [3])
    assert math.isfinite(Scale(0, 0, 0, 1).at(1))
