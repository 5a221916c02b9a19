from xml.etree import ElementTree

import pytest

from matinee.artwork import shapes


@pytest.mark.parametrize(
    ("value", "expected"), [(12.0, "12"), (3.14159, "3.1"), (-0.5, "-0.5"), (100, "100"), (10.04, "10")]
)
def test_numbers_are_short(value: float, expected: str) -> None:
    assert shapes.number(value) == expected


def test_angles_go_clockwise_from_the_right() -> None:
    assert shapes.polar(10, 10, 5, 0) == pytest.approx((15, 10))
    assert shapes.polar(10, 10, 5, 90) == pytest.approx((10, 15))


def test_half_discs_bulge_towards_their_angle() -> None:
    # From (100, 90) round the right side to (100, 110): clockwise, which is sweep 1.
    right = shapes.half_disc(100, 100, 10, 0, "#000000")
    assert right == '<path d="M100 100L100 90A10 10 0 0 1 100 110Z" fill="#000000"/>'
    assert "M0 0L10 0A10 10 0 0 1 0 10Z" in shapes.quarter_disc(0, 0, 10, 0, "#000000")


def test_a_lens_is_the_intersection_of_two_circles() -> None:
    # Circles of radius 5, 6 apart: the shared part is 8 long and 4 thick.
    assert "A5 5 0 0 1 4 0A5 5 0 0 1 -4 0Z" in shapes.lens(0, 0, 8, 4, 0, "#000000")


@pytest.mark.parametrize(
    "drawn",
    [
        shapes.disc(1, 2, 3, "#000000"),
        shapes.ring(1, 2, 3, 4, "#000000", ' stroke-dasharray="1 2"'),
        shapes.box(1, 2, 3, 4, "#000000", corner=2),
        shapes.polygon([(0, 0), (1, 0), (0, 1)], "#000000"),
        shapes.polygons([[(0, 0), (1, 0), (0, 1)], [(5, 5), (6, 5), (5, 6)]], "#000000"),
        shapes.curve("M0 0H10", 2, "#000000"),
        shapes.dots(10, 3, 20, 5, "#000000"),
        shapes.rotate(shapes.disc(1, 2, 3, "#000000"), 45, 1, 2),
        shapes.flip(shapes.disc(1, 2, 3, "#000000"), 100),
    ],
)
def test_each_shape_is_one_well_formed_element(drawn: str) -> None:
    assert ElementTree.fromstring(drawn).tag in ("circle", "rect", "path", "g")
