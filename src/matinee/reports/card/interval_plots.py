"""Dots with whiskers on a line: one plot per model or comparison, all plots of a column on one scale.

Positions are in per cent of the plot's width, so a plot can be as wide as the page allows.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from matinee.reports.charts import Scale, round_scale
from matinee.reports.schema import Figure


@dataclass(frozen=True)
class IntervalPlot:
    """A dot at `at` with a whisker from `low` to `high`; `reference` is a second, open dot to compare with."""

    at: float
    low: float
    high: float
    reference: float | None = None


@dataclass(frozen=True)
class Axis:
    """The scale above a column of plots: the position and the text of each tick."""

    ticks: tuple[tuple[float, str], ...]

    @property
    def step(self) -> float:
        """Per cent of the width between two ticks, for the grid behind the plots."""
        return round(self.ticks[1][0] - self.ticks[0][0], 3)


def common_scale(figures: Iterable[Figure], from_zero: bool, intervals: int = 4) -> Scale:
    """Build one scale for all figures and their intervals, and for zero if it belongs there."""
    values = [value for figure in figures for value in (figure.value, figure.low, figure.high)]
    return round_scale([*values, 0.0] if from_zero else values, intervals)


def interval_plot(scale: Scale, figure: Figure, reference: Figure | None = None) -> IntervalPlot:
    """Draw one figure on a scale, with another beside it for comparison."""
    return IntervalPlot(
        scale.at(figure.value),
        scale.at(figure.low),
        scale.at(figure.high),
        None if reference is None else scale.at(reference.value),
    )


def axis(scale: Scale, as_percent: bool = False, max_ticks: int = 6) -> Axis:
    """Label the ticks of a scale with just enough digits; at most `max_ticks`, so that they never touch."""
    every = math.ceil(len(scale.ticks) / max_ticks)
    first = scale.ticks.index(0.0) % every if 0.0 in scale.ticks else 0  # zero always has a label
    ticks = scale.ticks[first::every]
    return Axis(tuple((scale.at(tick), _label(tick, scale.step, as_percent)) for tick in ticks))


def _label(tick: float, step: float, as_percent: bool) -> str:
    factor = 100 if as_percent else 1
    digits = len(f"{step * factor:.6f}".rstrip("0").partition(".")[2])
    text = f"{tick * factor:.{digits}f}"
    return (text + ("%" if as_percent else "")).replace("-", "−")
