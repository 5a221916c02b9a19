"""Where points of a drawing lie: scales, their ticks, and lines, as numbers for SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """From values to places along an axis, whose first value lies at `start` and whose last at `end`."""

    first: float
    last: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The place of a value, to a tenth; values beyond the scale lie at its ends."""
        first, last, here = (self._way(one) for one in (self.first, self.last, value))
        share = (here - first) / (last - first) if last != first else 0.5
        return round(self.start + min(max(share, 0), 1) * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[float]:
        """Round values on the scale, some four of them; powers of ten on a logarithmic one."""
        if self.log:
            low, high = math.ceil(math.log10(self.first) - 1e-9), math.floor(math.log10(self.last) + 1e-9)
            return [10.0**power for power in range(low, high + 1)]
        width = self.last - self.first
        if width <= 0:
            return [self.first]
        rough = width / 4
        size = 10 ** math.floor(math.log10(rough))
        step = next(one * size for one in _STEPS if one * size >= rough * 0.999)
        low = math.ceil(self.first / step - 1e-9)
        return [round(number * step, 10) for number in range(low, math.floor(self.last / step + 1e-9) + 1)]

    def _way(self, value: float) -> float:
        return math.log10(max(value, self.first)) if self.log else value


def scale_of(values: Sequence[float], start: float, end: float, zero: bool = False) -> Scale:
    """A scale that has room for all values, from zero if it is asked to."""
    low, high = min(values), max(values)
    spread = high - low
    if spread < 1e-9 * max(1, abs(low), abs(high)):  # one value, but for rounding
        spread = abs(high) if abs(high) > 1e-9 else 1
    margin = 0.06 * spread
    return Scale(0 if zero and low >= 0 else low - margin, high + margin, start, end)


def log_scale_of(values: Sequence[float], start: float, end: float, least: float = 0.01) -> Scale:
    """A logarithmic scale over whole powers of ten that has room for all values; what is below `least` lies there."""
    low = max(least, min(values))
    high = max(low * 10, *values)
    return Scale(10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high)), start, end, log=True)


def points(xs: Sequence[float], ys: Sequence[float]) -> str:
    """The points of a line as SVG takes them."""
    return " ".join(f"{x:g},{y:g}" for x, y in zip(xs, ys, strict=True))


def apart(places: Sequence[float], room: float) -> list[float]:
    """Places moved as little as need be to be `room` apart, for labels; in the order given."""
    order = sorted(range(len(places)), key=lambda one: places[one])
    moved = [0.0] * len(places)
    before = -math.inf
    for one in order:
        before = moved[one] = max(places[one], before + room)
    return moved
