"""The drawings of the lab, as numbers that its template puts into SVG."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matinee.service.operations.reports import Dials, Figure, Measured, Report
from matinee.service.web.drawing import Scale, apart, log_scale_of, points, scale_of

_LOWER_IS_BETTER = ("rmse", "mae")
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 428, 16, 252  # of a chart 440 wide and 300 high
_STRIP = (6, 294)  # of a strip 300 wide
_SMALL = (8, 232, 8, 92)  # left, right, top and bottom of a small chart
_LINE = 16  # between two labels, one above the other
_ASIDE = 26  # between two labels, side by side
_LONGEST_NAME = 70


@dataclass(frozen=True)
class MetricStrip:
    """One model's figure as a point and its interval."""

    model: Measured
    figure: Figure
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Point:
    """A point with its interval upright, and where its label stands."""

    name: str
    figure: Figure
    across: float  # what the horizontal axis tells
    x: float
    y: float
    low: float
    high: float
    label_y: float = 0
    is_labelled: bool = True

    @property
    def label_left(self) -> bool:
        """Whether there is more room to the left."""
        return self.x > _RIGHT - _LONGEST_NAME


@dataclass(frozen=True)
class Chart:
    """Points over two axes, with the line through them."""

    points: list[Point]
    x: Scale
    y: Scale
    line: str = ""


@dataclass(frozen=True)
class Curve:
    """What one figure of a training was, epoch by epoch."""

    name: str
    line: str
    first: float
    last: float
    least: float
    most: float
    epochs: int


def strips(report: Report, metric: str) -> list[MetricStrip]:
    """The models that have a metric, the best first, on one scale from zero where it may begin there."""
    found = [(one, one.metrics[metric]) for one in report.models if metric in one.metrics]
    if not found:
        return []
    lower = metric.partition("@")[0] in _LOWER_IS_BETTER
    found.sort(key=lambda one: one[1].value if lower else -one[1].value)
    ends = [end for _, figure in found for end in (figure.low, figure.high)]
    scale = scale_of(ends, *_STRIP, zero=not lower)
    return [MetricStrip(model, one, scale.at(one.value), scale.at(one.low), scale.at(one.high)) for model, one in found]


def seconds_against(report: Report, metric: str) -> Chart | None:
    """The metric over the seconds a fit took, those on a logarithmic axis; None for a single model."""
    found = [(one, one.metrics[metric]) for one in report.models if metric in one.metrics]
    if len(found) < 2:
        return None
    x = log_scale_of([one.fit_seconds for one, _ in found], _LEFT, _RIGHT)
    y = _upright([figure for _, figure in found])
    placed = [_point(model.name, one, model.fit_seconds, x, y) for model, one in found]
    return Chart(_with_labels(placed), x, y)


def price_of_diversity(dials: Dials) -> Chart:
    """NDCG over the variety within a list, a point for each notch of the dial."""
    notches = dials.diversity
    x = scale_of([one.variety.value for one in notches], _LEFT, _RIGHT)
    y = _upright([one.ndcg for one in notches])
    placed = [_point(f"{one.at:g}", one.ndcg, one.variety.value, x, y) for one in notches]
    line = points([one.x for one in placed], [one.y for one in placed])
    return Chart([replace(one, is_labelled=number in _roomy(placed)) for number, one in enumerate(placed)], x, y, line)


def curves(report: Report) -> list[Curve]:
    """What a training kept of each figure, those that every epoch has."""
    if len(report.curve) < 2:
        return []
    names = [name for name in report.curve[0] if name not in ("epoch", "seconds")]
    names = [name for name in names if all(name in entry for entry in report.curve)]
    return [_curve(name, [entry[name] for entry in report.curve]) for name in names]


def _curve(name: str, values: Sequence[float]) -> Curve:
    left, right, top, bottom = _SMALL
    x, y = Scale(0, len(values) - 1, left, right), scale_of(values, bottom, top)
    line = points([x.at(place) for place in range(len(values))], [y.at(one) for one in values])
    return Curve(name, line, values[0], values[-1], min(values), max(values), len(values))


def _upright(figures: Sequence[Figure]) -> Scale:
    return scale_of([end for one in figures for end in (one.low, one.high)], _BOTTOM, _TOP)


def _point(name: str, figure: Figure, across: float, x: Scale, y: Scale) -> Point:
    return Point(name, figure, across, x.at(across), y.at(figure.value), y.at(figure.low), y.at(figure.high))


def _with_labels(placed: list[Point]) -> list[Point]:
    """With labels that do not stand on each other, on either side."""
    moved: dict[int, float] = {}
    for left in (False, True):
        side = [number for number, one in enumerate(placed) if one.label_left is left]
        moved |= dict(zip(side, apart([placed[number].y for number in side], _LINE), strict=True))
    return [replace(one, label_y=round(moved[number], 1)) for number, one in enumerate(placed)]


def _roomy(placed: Sequence[Point]) -> set[int]:
    """Places of points whose labels do not touch, the last one's among them."""
    kept = [len(placed) - 1]
    for number in range(len(placed) - 1):
        if all(abs(placed[number].x - placed[other].x) >= _ASIDE for other in kept):
            kept.append(number)
    return set(kept)
