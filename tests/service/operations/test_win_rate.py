"""The expected numbers come from sums of the exact binomial distribution."""

from math import comb

import pytest

from matinee.service.operations.win_rate import interval, win_rate


def at_least(wins: int, picks: int, share: float) -> float:
    """The probability of at least `wins` wins."""
    return sum(comb(picks, k) * share**k * (1 - share) ** (picks - k) for k in range(wins, picks + 1))


@pytest.mark.parametrize(("first", "second"), [(1, 0), (3, 1), (6, 4), (20, 8), (5, 40)])
def test_each_end_of_the_interval_has_a_tail_of_one_in_forty(first: int, second: int) -> None:
    low, high = interval(first, second)
    assert at_least(first, first + second, low) == pytest.approx(0.025)
    if second:
        assert 1 - at_least(first + 1, first + second, high) == pytest.approx(0.025)
    assert interval(second, first) == pytest.approx((1 - high, 1 - low))


def test_the_win_rate_is_unknown_before_the_first_pick() -> None:
    result = win_rate(0, 0)
    assert (result.share, result.low, result.high, result.at_least, result.at_this_rate) == (None, 0, 1, 6, None)


def test_six_equal_picks_are_significant_and_five_are_not() -> None:
    assert not win_rate(5, 0).is_meaningful
    assert win_rate(5, 0).at_least == 1
    assert win_rate(6, 0).is_meaningful
    assert win_rate(0, 6).is_meaningful


def test_the_number_of_picks_still_needed() -> None:
    result = win_rate(6, 4)
    assert result.at_least == 7
    assert not win_rate(6 + 6, 4).is_meaningful
    assert win_rate(6 + 7, 4).is_meaningful
    assert result.at_this_rate == 93 - 10  # 1.96^2 * .24 / .01 = 92.2
    assert win_rate(10, 10).at_this_rate is None
    assert win_rate(51, 50).at_this_rate is None


def test_the_documented_rate_of_false_results() -> None:
    undecided, false_rate = {(0, 0): 1.0}, 0.0
    for _ in range(50):
        after: dict[tuple[int, int], float] = {}
        for (first, second), chance in undecided.items():
            for picks in ((first + 1, second), (first, second + 1)):
                after[picks] = after.get(picks, 0) + chance / 2
        ended = {picks for picks in after if win_rate(*picks).is_meaningful}
        false_rate += sum(after[picks] for picks in ended)
        undecided = {picks: chance for picks, chance in after.items() if picks not in ended}
    assert round(false_rate, 2) == 0.17
