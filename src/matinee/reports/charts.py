"""Scales, ticks and labels of drawings: from values to coordinates, as the report card and the lab use them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Seconds that have a name, from a hundredth to a week.
ROUND_SECONDS = (0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 36_000.0, 604_800.0)
_FACTORS = (1, 2, 2.5, 5, 10)  # of a power of ten, as steps between ticks


@dataclass(frozen=True)
class Scale:
    """A range of values drawn from `start` to `end`, by default in per cent, and the round values in it."""

    low: float
    high: float
    ticks: tuple[float, ...] = ()
    start: float = 0.0
    end: float = 100.0
    is_log: bool = False

    def at(self, value: float) -> float:
        """The coordinate of a value, to a hundredth; a value outside is drawn at the edge."""
        low, high, inner = (self._project(number) for number in (self.low, self.high, value))
        share = (inner - low) / (high - low) if high != low else 0.5
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 2)

    @property
    def step(self) -> float:
        """The distance between the first two ticks; 0 for fewer."""
        return self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else 0.0

    def _project(self, value: float) -> float:
        return math.log10(max(value, self.low)) if self.is_log else value


def round_scale(values: Sequence[float], intervals: int = 4) -> Scale:
    """A scale that begins and ends on a round tick around all `values`, with `intervals` or up to two more."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if high - low < 1e-9:  # a single number, as far as a drawing can tell, goes to the middle
        low, high = (low - 0.5, high + 0.5) if low else (0.0, 1.0)
    step = _round_step((high - low) / intervals)
    first, last = math.floor(low / step + 1e-6), math.ceil(high / step - 1e-6)
    ticks = tuple(round(step * i, 12) for i in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def padded_scale(values: Sequence[float], start: float, end: float, from_zero: bool = False) -> Scale:
    """A scale with a margin around all `values`, from zero if it can be; its ticks lie inside."""
    low, high = min(values), max(values)
    spread = high - low
    if spread < 1e-9 * max(1, abs(low), abs(high)):  # one value, apart from rounding
        spread = abs(high) if abs(high) > 1e-9 else 1
    margin = 0.06 * spread
    low, high = 0 if from_zero and low >= 0 else low - margin, high + margin
    return Scale(low, high, ticks_between(low, high), start, end)


def decades_scale(values: Sequence[float], start: float, end: float, smallest: float = 0.01) -> Scale:
    """A logarithmic scale over whole powers of ten; values below `smallest` are drawn there."""
    low = max(smallest, min(values))
    high = max(low * 10, *values)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks = tuple(10.0**power for power in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, start, end, is_log=True)


def seconds_scale(seconds: Sequence[float]) -> Scale:
    """A logarithmic scale whose ends are round times; less than a hundredth of a second counts as that."""
    shortest = max(min(seconds, default=1.0), ROUND_SECONDS[0])
    longest = max(*seconds, shortest) if seconds else shortest
    first = max(i for i, tick in enumerate(ROUND_SECONDS) if tick <= shortest)
    beyond = [i for i, tick in enumerate(ROUND_SECONDS) if tick >= longest]
    last = max(beyond[0] if beyond else len(ROUND_SECONDS) - 1, first + 1)
    ticks = ROUND_SECONDS[first : last + 1] or ROUND_SECONDS
    return Scale(ticks[0], max(ticks[-1], longest), ticks, is_log=True)


def ticks_between(low: float, high: float) -> tuple[float, ...]:
    """About four round values from `low` to `high`."""
    if high <= low:
        return (low,)
    step = _round_step((high - low) / 4)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


def svg_points(xs: Sequence[float], ys: Sequence[float]) -> str:
    """The `points` attribute of an SVG line."""
    return " ".join(f"{x:g},{y:g}" for x, y in zip(xs, ys, strict=True))


def spread_labels(positions: Sequence[float], gap: float) -> list[float]:
    """Move positions as little as needed to be `gap` apart; in the order given."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    moved = [0.0] * len(positions)
    previous = -math.inf
    for index in order:
        previous = moved[index] = max(positions[index], previous + gap)
    return moved


def _round_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in _FACTORS if factor * power >= rough * (1 - 1e-9))
