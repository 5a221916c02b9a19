"""Dots with whiskers on a line: one strip per model or comparison, all strips of a column on one scale.

Places are in per cent of the strip's width, so a strip may be as wide as its place on the page allows.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from matinee.evaluation.report_card.metrics import metric_of
from matinee.evaluation.report_card.reading import Measure
from matinee.evaluation.report_card.scales import Scale, linear_scale


@dataclass(frozen=True)
class Strip:
    """A dot at `at` with a whisker from `low` to `high`; `mark` is a second, open dot to compare with."""

    at: float
    low: float
    high: float
    mark: float | None = None


@dataclass(frozen=True)
class Ruler:
    """The scale above a column of strips: where each tick stands and what is written there."""

    ticks: tuple[tuple[float, str], ...]

    @property
    def step(self) -> float:
        """Per cent of the width between one tick and the next, for the grid behind the strips."""
        return round(self.ticks[1][0] - self.ticks[0][0], 3)


def scale_for(measures: Iterable[Measure], from_zero: bool, intervals: int = 4) -> Scale:
    """One scale for all these numbers and their intervals, and for zero if it belongs there."""
    edges = [edge for one in measures for edge in (one.value, *one.bounds)]
    return linear_scale([*edges, 0.0] if from_zero else edges, intervals)


def has_zero(key: str) -> bool:
    """Whether zero belongs on the scale of this metric."""
    metric = metric_of(key)
    return metric is None or metric.is_share


def strip(scale: Scale, measure: Measure, mark: Measure | None = None) -> Strip:
    """Draw one number on a scale, beside another (`mark`) if given."""
    low, high = measure.bounds
    return Strip(scale.at(measure.value), scale.at(low), scale.at(high), None if mark is None else scale.at(mark.value))


def ruler(scale: Scale, percent: bool = False, most: int = 6) -> Ruler:
    """The ticks of a scale, written with just enough digits; at most `most`, so that they never touch."""
    every = math.ceil(len(scale.ticks) / most)
    first = scale.ticks.index(0.0) % every if 0.0 in scale.ticks else 0  # zero is always written
    shown = scale.ticks[first::every]
    return Ruler(tuple((scale.at(tick), _written(tick, scale.step, percent)) for tick in shown))


def _written(tick: float, step: float, percent: bool) -> str:
    factor = 100 if percent else 1
    digits = len(f"{step * factor:.6f}".rstrip("0").partition(".")[2])
    text = f"{tick * factor:.{digits}f}"
    return (text + ("%" if percent else "")).replace("-", "−")
