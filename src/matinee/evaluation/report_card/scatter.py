"""Seconds against quality: dots whose names are placed so that none covers another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matinee.evaluation.report_card.reading import Model, is_error
from matinee.evaluation.report_card.scales import LogScale, Scale, seconds_scale
from matinee.evaluation.report_card.strips import has_zero, ruler, scale_for

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
        """Whether the two share any ground."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, other: "Box") -> bool:
        """Whether this one lies wholly within the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@dataclass(frozen=True)
class Dot:
    """One model: its place, its whisker, its name, and the end of the tie to a name that had to move away."""

    model: Model
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
    columns: tuple[tuple[float, float], ...]  # x of a grid line, seconds it stands for
    rows: tuple[tuple[float, str], ...]  # y of a grid line, what is written beside it
    frontier: str  # SVG path through the models that none beats on both counts; empty for fewer than two


def scatter(models: Sequence[Model], metric: str, width: float) -> Scatter | None:
    """Place the models that have both seconds and the metric; None for fewer than two."""
    timed = [(model, model.seconds) for model in models if metric in model.metrics]
    shown = [(model, seconds) for model, seconds in timed if seconds is not None]
    if len(shown) < 2:
        return None
    height = max(340.0, 150 + 22.0 * len(shown)) if width < 500 else max(380.0, 150 + 17.0 * len(shown))
    plot = Box(_LEFT, _TOP, width - _RIGHT, height - _BOTTOM)
    across = seconds_scale([seconds for _, seconds in shown])
    up = scale_for([model.metrics[metric] for model, _ in shown], has_zero(metric))
    places = [_place(model, seconds, metric, across, up, plot) for model, seconds in shown]
    marks = ruler(up)
    best = _best(places, is_error(metric))
    return Scatter(
        width,
        height,
        plot,
        tuple(_labelled(places, best, plot)),
        tuple((_x(across.at(tick), plot), tick) for tick in _spaced(across, plot)),
        tuple((_y(at, plot), text) for at, text in marks.ticks),
        _staircase(best),
    )


@dataclass(frozen=True)
class _Place:
    model: Model
    x: float
    y: float
    low: float
    high: float


def _place(model: Model, seconds: float, metric: str, across: LogScale, up: Scale, plot: Box) -> _Place:
    measure = model.metrics[metric]
    low, high = measure.bounds
    y, y_low, y_high = (_y(up.at(one), plot) for one in (measure.value, low, high))
    return _Place(model, _x(across.at(seconds), plot), y, y_low, y_high)


def _x(percent: float, plot: Box) -> float:
    # A dot on the edge of the scale keeps its whole round inside the plot.
    return round(plot.left + _DOT + percent / 100 * (plot.right - plot.left - 2 * _DOT), 1)


def _y(percent: float, plot: Box) -> float:
    return round(plot.bottom - percent / 100 * (plot.bottom - plot.top), 1)


def _spaced(across: LogScale, plot: Box) -> list[float]:
    """The ticks that leave each other 60 units of room."""
    kept: list[float] = []
    for tick in across.ticks:
        if not kept or _x(across.at(tick), plot) - _x(across.at(kept[-1]), plot) >= 60:
            kept.append(tick)
    return kept


def _labelled(places: Sequence[_Place], steps: Sequence[_Place], plot: Box) -> Iterator[Dot]:
    """Give each dot its name at the nearest spot that covers no dot, no name and, if it can be, no line."""
    taken = [Box(p.x - _DOT, p.y - _DOT, p.x + _DOT, p.y + _DOT) for p in places]
    lines = [Box(p.x - 2, p.high, p.x + 2, p.low) for p in places]
    for one, other in pairwise(steps):
        top, bottom = sorted((one.y, other.y))
        lines += [Box(one.x, one.y - 1, other.x, one.y + 1), Box(other.x - 1, top, other.x + 1, bottom)]
    for place in places:
        size = (LETTER * len(place.model.short), LINE)
        spots = [spot for spot in _spots(place, size, plot) if spot.inside(plot)]
        nowhere = Box(place.x, place.y, place.x, place.y)  # no room at all: the dot goes without its name
        label = _free(spots, taken + lines) or _free(spots, taken) or nowhere
        taken.append(label)
        yield Dot(place.model, place.x, place.y, place.low, place.high, label, _tie(place, label))


def _free(spots: Sequence[Box], taken: Sequence[Box]) -> Box | None:
    return next((spot for spot in spots if not any(spot.touches(one) for one in taken)), None)


def _spots(place: _Place, size: tuple[float, float], plot: Box) -> Iterator[Box]:
    """Spots for a label of this size: beside the dot, above and below it, then anywhere, nearest first."""
    wide, tall = size
    for away in (10.0, 18.0):
        right, left, middle = place.x + away, place.x - away - wide, place.x - wide / 2
        beside = [(x, y) for y in (0.0, -10.0, 10.0) for x in (right, left)]
        for x, y in [*beside, (middle, -away - 6), (middle, away + 6)]:
            yield Box(x, place.y + y - tall / 2, x + wide, place.y + y + tall / 2)
    lefts = range(int(plot.left), int(plot.right - wide) + 1, 10)
    tops = range(int(plot.top), int(plot.bottom - tall) + 1, int(LINE) + 1)
    anywhere = [Box(float(x), float(y), x + wide, y + tall) for x in lefts for y in tops]
    yield from sorted(anywhere, key=lambda spot: math.dist((place.x, place.y), _nearest(place, spot)))


def _nearest(place: _Place, label: Box) -> tuple[float, float]:
    """The point of a label that is nearest to its dot."""
    x = min(max(place.x, label.left), label.right)
    y = min(max(place.y, label.top + 3), label.bottom - 3)
    return round(x, 1), round(y, 1)


def _tie(place: _Place, label: Box) -> tuple[float, float] | None:
    """Where a line from the dot meets a label that stands too far away to be read as its own."""
    end = _nearest(place, label)
    return end if math.dist((place.x, place.y), end) > 16 else None


def _best(places: Sequence[_Place], less_is_better: bool) -> list[_Place]:
    """The models that no other is both faster and better than, fastest first."""
    sign = -1 if less_is_better else 1
    best: list[_Place] = []
    for place in sorted(places, key=lambda one: (one.x, sign * one.y)):
        if not best or sign * place.y < sign * best[-1].y:
            best.append(place)
    return best


def _staircase(best: Sequence[_Place]) -> str:
    if len(best) < 2:
        return ""
    start, *others = best
    return f"M{start.x:g} {start.y:g}" + "".join(f"H{one.x:g}V{one.y:g}" for one in others)
