"""The win rate of one model against another, its confidence interval, and the number of picks still needed.

With w wins of the first model and l wins of the second (picks of neither are ignored), the win rate of the first is
w / (w + l). The interval is the exact one of Clopper & Pearson ("The use of confidence or fiducial limits illustrated
in the case of the binomial", Biometrika 1934), which covers the true rate with a probability of at least 95%:

    low  = the 2.5% quantile of Beta(w, l + 1)         0 if w = 0
    high = the 97.5% quantile of Beta(w + 1, l)        1 if l = 0

A result is significant once the interval excludes one half. Shorter intervals, such as Jeffreys', would exclude it
after four equal picks, which two equal models produce one time in eight. This one needs six.
"""

import math
from dataclasses import dataclass

from scipy.special import betaincinv

_TAIL = 0.025
_Z = 1.96  # of a normal distribution with this tail
_MAX_PICKS = 1_000  # more picks than any user would make


@dataclass(frozen=True)
class WinRate:
    """The share of duels that the first of two models wins."""

    share: float | None  # None without picks
    low: float
    high: float
    at_least: int  # further picks until it is significant, if all go to the leader; 0 if it is now
    at_this_rate: int | None  # further picks at the current rate; None if more than 1,000

    @property
    def is_meaningful(self) -> bool:
        """True if the interval excludes one half."""
        return self.at_least == 0


def interval(first: int, second: int) -> tuple[float, float]:
    """The 95% interval of the win rate of the first, for the wins of each model."""
    low = float(betaincinv(first, second + 1, _TAIL)) if first else 0.0
    high = float(betaincinv(first + 1, second, 1 - _TAIL)) if second else 1.0
    return low, high


def win_rate(first: int, second: int) -> WinRate:
    """Compute the win rate from the wins of each model.

    The picks still needed at this rate follow from the normal approximation: an interval of half-width
    1.96 sqrt(p (1 - p) / n) around p excludes one half from n = 1.96^2 p (1 - p) / (p - 1/2)^2 picks on.
    """
    low, high = interval(first, second)
    picks, at_least = first + second, _picks_in_a_row(first, second)
    if not picks or not at_least:
        return WinRate(first / picks if picks else None, low, high, at_least, None if at_least else 0)
    share = first / picks
    distance = (share - 0.5) ** 2
    needed = math.ceil(_Z**2 * share * (1 - share) / distance) if distance else math.inf
    at_this_rate = max(int(needed) - picks, at_least) if needed <= _MAX_PICKS else None
    return WinRate(share, low, high, at_least, at_this_rate)


def _picks_in_a_row(first: int, second: int) -> int:
    """The number of further picks, all for the leader, that make the result significant."""
    more, lead, trail = 0, max(first, second), min(first, second)
    while interval(lead + more, trail)[0] <= 0.5:
        more += 1
    return more
