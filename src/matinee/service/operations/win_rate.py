"""What a tally of duels says: how sure one may be that somebody prefers one model, and how many picks that takes.

Of w wins of the first and l of the second model (picks of neither say nothing of either), the share of duels that the
first wins is w / (w + l). Its interval is the exact one of Clopper & Pearson ("The use of confidence or fiducial limits
illustrated in the case of the binomial", Biometrika 1934), which covers the truth at least 95 times of 100:

    low  = the 2.5% quantile of Beta(w, l + 1)         0 if w = 0
    high = the 97.5% quantile of Beta(w + 1, l)        1 if l = 0

A tally means something once the interval leaves out one half. Shorter intervals, such as Jeffreys', would say so after
four picks of one kind, which two equal models give one time in eight; this one waits for six.
"""

import math
from dataclasses import dataclass

from scipy.special import betaincinv

_TAIL = 0.025
_Z = 1.96  # of a normal distribution, that leaves this tail
_MOST = 1_000  # picks; beyond these nobody picks on


@dataclass(frozen=True)
class WinRate:
    """The share of duels that the first of two models wins with somebody."""

    share: float | None  # None without picks
    low: float
    high: float
    at_least: int  # further picks until it means something, if all of them go to the leader; 0: it does now
    at_this_rate: int | None  # further picks if they go on as they went; None: they would not tell within a thousand

    @property
    def is_meaningful(self) -> bool:
        """Whether the interval leaves out one half."""
        return self.at_least == 0


def interval(first: int, second: int) -> tuple[float, float]:
    """The 95% interval of the share of the first, for so many wins of each."""
    low = float(betaincinv(first, second + 1, _TAIL)) if first else 0.0
    high = float(betaincinv(first + 1, second, 1 - _TAIL)) if second else 1.0
    return low, high


def win_rate(first: int, second: int) -> WinRate:
    """What so many wins of each say.

    The picks still needed at this rate follow from the normal approximation: an interval of half-width
    1.96 sqrt(p (1 - p) / n) about p leaves out one half from n = 1.96^2 p (1 - p) / (p - 1/2)^2 picks on.
    """
    low, high = interval(first, second)
    picks, at_least = first + second, _sweep(first, second)
    if not picks or not at_least:
        return WinRate(first / picks if picks else None, low, high, at_least, None if at_least else 0)
    share = first / picks
    distance = (share - 0.5) ** 2
    needed = math.ceil(_Z**2 * share * (1 - share) / distance) if distance else math.inf
    at_this_rate = max(int(needed) - picks, at_least) if needed <= _MOST else None
    return WinRate(share, low, high, at_least, at_this_rate)


def _sweep(first: int, second: int) -> int:
    """How many picks in a row for the leader make it mean something."""
    more, lead, trail = 0, max(first, second), min(first, second)
    while interval(lead + more, trail)[0] <= 0.5:
        more += 1
    return more
