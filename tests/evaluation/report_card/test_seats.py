import re

import pytest

from matinee.evaluation.report_card.seats import hit_rate_chart


@pytest.mark.parametrize(("share", "lit"), [(0.0, 0), (0.004, 0), (0.2333, 23), (1.0, 100), (1.2, 100)])
def test_a_hundred_seats_as_many_lit_as_the_share_says(share: float, lit: int) -> None:
    house = hit_rate_chart(share)
    assert (house.n_lit, house.lit.count("M"), house.dark.count("M")) == (lit, lit, 100 - lit)


def test_seats_are_inside_and_apart() -> None:
    house = hit_rate_chart(0.5)
    seats = [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)", house.lit + house.dark)]
    assert len(set(seats)) == 100
    assert all(4 < x < house.width - 10 and 4 < y < house.height - 4 for x, y in seats)
