"""From numbers to places on paper: linear and logarithmic scales with round ticks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Seconds people have words for, from a hundredth to a week.
ROUND_SECONDS = (0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 36_000.0, 604_800.0)


@dataclass(frozen=True)
class Scale:
    """A stretch of numbers drawn from 0 to 100 per cent, and the round numbers on it."""

    low: float
    high: float
    ticks: tuple[float, ...]
    step: float  # between ticks, so that they can be written with enough digits and no more

    def at(self, value: float) -> float:
        """Where `value` is drawn, in per cent; what lies outside is drawn at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)


@dataclass(frozen=True)
class LogScale:
    """Seconds drawn so that each factor takes the same room."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Where `value` is drawn, in per cent; what lies outside is drawn at the edge."""
        share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return round(100 * min(share, 1.0), 2)


def linear_scale(values: Sequence[float], intervals: int = 4) -> Scale:
    """A scale over all `values` that begins and ends on a round tick, with `intervals` or up to two more."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if high - low < 1e-9:  # a single number, as far as ink can tell, stands in the middle
        low, high = (low - 0.5, high + 0.5) if low else (0.0, 1.0)
    step = _round_step((high - low) / intervals)
    first, last = math.floor(low / step + 1e-6), math.ceil(high / step - 1e-6)
    ticks = tuple(round(step * i, 12) for i in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, step)


def seconds_scale(seconds: Sequence[float]) -> LogScale:
    """A logarithmic scale whose ends are round times; under a hundredth of a second counts as that."""
    shortest = max(min(seconds, default=1.0), ROUND_SECONDS[0])
    longest = max(*seconds, shortest) if seconds else shortest
    first = max(i for i, tick in enumerate(ROUND_SECONDS) if tick <= shortest)
    beyond = [i for i, tick in enumerate(ROUND_SECONDS) if tick >= longest]
    last = max(beyond[0] if beyond else len(ROUND_SECONDS) - 1, first + 1)
    ticks = ROUND_SECONDS[first : last + 1] or ROUND_SECONDS
    return LogScale(ticks[0], max(ticks[-1], longest), ticks)


def _round_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
