import re

import pytest

from matinee.reports.card.hit_rate_chart import hit_rate_chart


@pytest.mark.parametrize(("share", "lit"), [(0.0, 0), (0.004, 0), (0.2333, 23), (1.0, 100), (1.2, 100)])
def test_the_share_of_a_hundred_seats_is_lit(share: float, lit: int) -> None:
    chart = hit_rate_chart(share)
    assert (chart.n_lit, chart.lit.count("M"), chart.dark.count("M")) == (lit, lit, 100 - lit)


def test_seats_are_distinct_and_inside_the_box() -> None:
    chart = hit_rate_chart(0.5)
    seats = [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)", chart.lit + chart.dark)]
    assert len(set(seats)) == 100
    assert all(4 < x < chart.width - 10 and 4 < y < chart.height - 4 for x, y in seats)
