import re

import pytest

from matinee.evaluation.report_card.seats import hit_rate_chart


@pytest.mark.parametrize(("share", "lit"), [(0.0, 0), (0.004, 0), (0.2333, 23), (1.0, 100), (1.2, 100)])
def test_a_hundred_seats_as_many_lit_as_the_share_says(share: float, lit: int) -> None:
    state = hit_rate_chart(share)
    assert (state.n_lit, state.lit.count("M"), state.dark.count("M")) == (lit, lit, 100 - lit)


def test_seats_are_inside_and_apart() -> None:
    state = hit_rate_chart(0.5)
    seats = [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)", state.lit + state.dark)]
    assert len(set(seats)) == 100
    assert all(4 < x < state.width - 10 and 4 < y < state.height - 4 for x, y in seats)
