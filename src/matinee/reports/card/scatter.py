"""The chart of seconds against quality: dots with names that do not cover one another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matinee.reports.card.interval_plots import axis, common_scale
from matinee.reports.charts import Scale, seconds_scale
from matinee.reports.metrics import has_zero, lower_is_better
from matinee.reports.schema import ModelReport, Report

LETTER, LINE = 8.0, 16.0  # room taken by one letter and one line of a 13 px label, generously
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 20.0, 14.0, 34.0
_DOT = 6.0


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing, in its own units."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        """Tell whether the two overlap."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, other: "Box") -> bool:
        """Tell whether this box lies wholly within the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@dataclass(frozen=True)
class Dot:
    """One model: its point, its whisker, its label, and the end of the line to a label that had to move away."""

    model: ModelReport
    name: str  # short
    x: float
    y: float
    low: float
    high: float
    label: Box
    tie: tuple[float, float] | None


@dataclass(frozen=True)
class Scatter:
    """Everything needed to draw the chart, in units of its own `width` by `height` box."""

    width: float
    height: float
    plot: Box
    dots: tuple[Dot, ...]
    columns: tuple[tuple[float, float], ...]  # x of a grid line, its seconds
    rows: tuple[tuple[float, str], ...]  # y of a grid line, its label
    frontier: str  # SVG path through the models that no other beats on both axes; empty for fewer than two


def scatter(report: Report, key: str, width: float) -> Scatter | None:
    """Draw the models that have both seconds and the metric; None for fewer than two."""
    timed = [(model, model.seconds) for model in report.ranking if key in model.metrics]
    timed_models = [(model, seconds) for model, seconds in timed if seconds is not None]
    if len(timed_models) < 2:
        return None
    n = len(timed_models)
    height = max(340.0, 150 + 22.0 * n) if width < 500 else max(380.0, 150 + 17.0 * n)
    plot = Box(_LEFT, _TOP, width - _RIGHT, height - _BOTTOM)
    across = seconds_scale([seconds for _, seconds in timed_models])
    up = common_scale([model.metrics[key] for model, _ in timed_models], has_zero(key))
    points = [
        _point(model, report.short_names[model.name], seconds, key, across, up, plot) for model, seconds in timed_models
    ]
    frontier = _frontier(points, lower_is_better(key))
    return Scatter(
        width,
        height,
        plot,
        tuple(_labelled(points, frontier, plot)),
        tuple((_x(across.at(tick), plot), tick) for tick in _spaced(across, plot)),
        tuple((_y(percent, plot), text) for percent, text in axis(up).ticks),
        _staircase(frontier),
    )


@dataclass(frozen=True)
class _Point:
    model: ModelReport
    name: str
    x: float
    y: float
    low: float
    high: float


def _point(model: ModelReport, name: str, seconds: float, key: str, across: Scale, up: Scale, plot: Box) -> _Point:
    figure = model.metrics[key]
    y, y_low, y_high = (_y(up.at(value), plot) for value in (figure.value, figure.low, figure.high))
    return _Point(model, name, _x(across.at(seconds), plot), y, y_low, y_high)


def _x(percent: float, plot: Box) -> float:
    # A dot on the edge of the scale keeps its whole round inside the plot.
    return round(plot.left + _DOT + percent / 100 * (plot.right - plot.left - 2 * _DOT), 1)


def _y(percent: float, plot: Box) -> float:
    return round(plot.bottom - percent / 100 * (plot.bottom - plot.top), 1)


def _spaced(across: Scale, plot: Box) -> list[float]:
    """Pick ticks that are at least 60 units apart."""
    spaced: list[float] = []
    for tick in across.ticks:
        if not spaced or _x(across.at(tick), plot) - _x(across.at(spaced[-1]), plot) >= 60:
            spaced.append(tick)
    return spaced


def _labelled(points: Sequence[_Point], frontier: Sequence[_Point], plot: Box) -> Iterator[Dot]:
    """Label each dot at the nearest spot that covers no dot, no label and, if possible, no line."""
    taken = [Box(point.x - _DOT, point.y - _DOT, point.x + _DOT, point.y + _DOT) for point in points]
    lines = [Box(point.x - 2, point.high, point.x + 2, point.low) for point in points]
    for left, right in pairwise(frontier):
        top, bottom = sorted((left.y, right.y))
        lines += [Box(left.x, left.y - 1, right.x, left.y + 1), Box(right.x - 1, top, right.x + 1, bottom)]
    for point in points:
        size = (LETTER * len(point.name), LINE)
        spots = [spot for spot in _spots(point, size, plot) if spot.inside(plot)]
        no_label = Box(point.x, point.y, point.x, point.y)  # without any room, the dot goes without its name
        label = _free(spots, taken + lines) or _free(spots, taken) or no_label
        taken.append(label)
        yield Dot(point.model, point.name, point.x, point.y, point.low, point.high, label, _tie(point, label))


def _free(spots: Sequence[Box], taken: Sequence[Box]) -> Box | None:
    return next((spot for spot in spots if not any(spot.touches(box) for box in taken)), None)


def _spots(point: _Point, size: tuple[float, float], plot: Box) -> Iterator[Box]:
    """Yield spots for a label: beside the dot, above and below it, then anywhere, nearest first."""
    wide, tall = size
    for away in (10.0, 18.0):
        right, left, middle = point.x + away, point.x - away - wide, point.x - wide / 2
        beside = [(x, y) for y in (0.0, -10.0, 10.0) for x in (right, left)]
        for x, y in [*beside, (middle, -away - 6), (middle, away + 6)]:
            yield Box(x, point.y + y - tall / 2, x + wide, point.y + y + tall / 2)
    lefts = range(int(plot.left), int(plot.right - wide) + 1, 10)
    tops = range(int(plot.top), int(plot.bottom - tall) + 1, int(LINE) + 1)
    anywhere = [Box(float(x), float(y), x + wide, y + tall) for x in lefts for y in tops]
    yield from sorted(anywhere, key=lambda spot: math.dist((point.x, point.y), _nearest(point, spot)))


def _nearest(point: _Point, label: Box) -> tuple[float, float]:
    """Find the point of a label that is nearest to its dot."""
    x = min(max(point.x, label.left), label.right)
    y = min(max(point.y, label.top + 3), label.bottom - 3)
    return round(x, 1), round(y, 1)


def _tie(point: _Point, label: Box) -> tuple[float, float] | None:
    """Find the end of the line from a dot to a label that is too far away to be read as its own."""
    end = _nearest(point, label)
    return end if math.dist((point.x, point.y), end) > 16 else None


def _frontier(points: Sequence[_Point], less_is_better: bool) -> list[_Point]:
    """Find the models that no other is both faster and better than, fastest first."""
    sign = -1 if less_is_better else 1
    frontier: list[_Point] = []
    for point in sorted(points, key=lambda point: (point.x, sign * point.y)):
        if not frontier or sign * point.y < sign * frontier[-1].y:
            frontier.append(point)
    return frontier


def _staircase(frontier: Sequence[_Point]) -> str:
    if len(frontier) < 2:
        return ""
    start, *steps = frontier
    return f"M{start.x:g} {start.y:g}" + "".join(f"H{step.x:g}V{step.y:g}" for step in steps)
