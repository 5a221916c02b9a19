"""Expected numbers are of the exact binomial distribution, worked out here by sums."""

from math import comb

import pytest

from matinee.service.operations.win_rate import interval, win_rate


def at_least(wins: int, picks: int, share: float) -> float:
    """The chance of so many wins or more."""
    return sum(comb(picks, k) * share**k * (1 - share) ** (picks - k) for k in range(wins, picks + 1))


@pytest.mark.parametrize(("first", "second"), [(1, 0), (3, 1), (6, 4), (20, 8), (5, 40)])
def test_beyond_each_end_so_many_wins_would_be_rarer_than_one_in_forty(first: int, second: int) -> None:
    low, high = interval(first, second)
    assert at_least(first, first + second, low) == pytest.approx(0.025)
    if second:
        assert 1 - at_least(first + 1, first + second, high) == pytest.approx(0.025)
    assert interval(second, first) == pytest.approx((1 - high, 1 - low))


def test_nothing_is_known_before_the_first_pick() -> None:
    found = win_rate(0, 0)
    assert (found.share, found.low, found.high, found.at_least, found.at_this_rate) == (None, 0, 1, 6, None)


def test_six_of_one_kind_mean_something_and_five_do_not() -> None:
    assert not win_rate(5, 0).is_meaningful
    assert win_rate(5, 0).at_least == 1
    assert win_rate(6, 0).is_meaningful
    assert win_rate(0, 6).is_meaningful


def test_how_many_more_it_takes() -> None:
    found = win_rate(6, 4)
    assert found.at_least == 7
    assert not win_rate(6 + 6, 4).is_meaningful
    assert win_rate(6 + 7, 4).is_meaningful
    assert found.at_this_rate == 93 - 10  # 1.96^2 * .24 / .01 = 92.2
    assert win_rate(10, 10).at_this_rate is None
    assert win_rate(51, 50).at_this_rate is None


def test_looking_after_every_pick_fools_as_often_as_the_page_of_the_docs_says() -> None:
    still, fooled = {(0, 0): 1.0}, 0.0
    for _ in range(50):
        after: dict[tuple[int, int], float] = {}
        for (first, second), chance in still.items():
            for picks in ((first + 1, second), (first, second + 1)):
                after[picks] = after.get(picks, 0) + chance / 2
        ended = {picks for picks in after if win_rate(*picks).is_meaningful}
        fooled += sum(after[picks] for picks in ended)
        still = {picks: chance for picks, chance in after.items() if picks not in ended}
    assert round(fooled, 2) == 0.17
