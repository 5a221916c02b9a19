"""The charts of the lab as numbers for the SVG of its template."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matinee.reports.charts import Scale, decades_scale, padded_scale, spread_labels, svg_points
from matinee.reports.metrics import lower_is_better
from matinee.reports.schema import Figure, ModelReport, Report, TradeoffCurves

_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 428, 16, 252  # of a chart 440 wide and 300 high
_ROW = (6, 294)  # of a row 300 wide
_SMALL = (8, 232, 8, 92)  # left, right, top and bottom of a small chart
_LINE_GAP = 16  # between two labels, one above the other
_LABEL_GAP = 26  # between two labels, side by side
_LONGEST_NAME = 70


@dataclass(frozen=True)
class MetricRow:
    """One model's figure as a point with its interval."""

    model: ModelReport
    figure: Figure
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class ChartPoint:
    """A point with a vertical interval, and the position of its label."""

    name: str
    figure: Figure
    x: float
    y: float
    low: float
    high: float
    label_y: float = 0
    is_labelled: bool = True

    @property
    def label_left(self) -> bool:
        """Tell whether there is more room to the left."""
        return self.x > _RIGHT - _LONGEST_NAME


@dataclass(frozen=True)
class Chart:
    """Points over two axes, with the line through them."""

    points: list[ChartPoint]
    x: Scale
    y: Scale
    line: str = ""


@dataclass(frozen=True)
class TrainingCurve:
    """One value of a training, epoch by epoch."""

    name: str
    line: str
    first: float
    last: float
    lowest: float
    highest: float
    epochs: int


def metric_rows(report: Report, key: str) -> list[MetricRow]:
    """Draw the models that have a metric, best first, on one scale that starts at zero where it can."""
    ranked = [(model, model.metrics[key]) for model in report.ranked(key) if key in model.metrics]
    if not ranked:
        return []
    bounds = [bound for _, figure in ranked for bound in (figure.low, figure.high)]
    scale = padded_scale(bounds, *_ROW, from_zero=not lower_is_better(key))
    return [
        MetricRow(model, figure, scale.at(figure.value), scale.at(figure.low), scale.at(figure.high))
        for model, figure in ranked
    ]


def seconds_chart(report: Report, key: str) -> Chart | None:
    """Draw a metric over the seconds of a fit, on a logarithmic axis; None for a single model."""
    models = [(model, model.metrics[key]) for model in report.models if key in model.metrics]
    if len(models) < 2:
        return None
    x = decades_scale([model.fit_seconds for model, _ in models], _LEFT, _RIGHT)
    y = _vertical_scale([figure for _, figure in models])
    points = [_point(model.name, figure, x.at(model.fit_seconds), y) for model, figure in models]
    return Chart(_with_labels(points), x, y)


def tradeoff_chart(curves: TradeoffCurves) -> Chart:
    """Draw NDCG over the variety within a list, a point for each setting of diversity."""
    settings = curves.diversity
    x = padded_scale([point.variety.value for point in settings], _LEFT, _RIGHT)
    y = _vertical_scale([point.ndcg for point in settings])
    points = [_point(f"{point.setting:g}", point.ndcg, x.at(point.variety.value), y) for point in settings]
    line = svg_points([point.x for point in points], [point.y for point in points])
    labelled = _labelled(points)
    return Chart([replace(point, is_labelled=i in labelled) for i, point in enumerate(points)], x, y, line)


def training_curves(report: Report) -> list[TrainingCurve]:
    """Draw each value of a training that every epoch has."""
    if len(report.curve) < 2:
        return []
    names = [name for name in report.curve[0] if name not in ("epoch", "seconds")]
    names = [name for name in names if all(name in epoch for epoch in report.curve)]
    return [_training_curve(name, [epoch[name] for epoch in report.curve]) for name in names]


def _training_curve(name: str, values: Sequence[float]) -> TrainingCurve:
    left, right, top, bottom = _SMALL
    x, y = Scale(0, len(values) - 1, start=left, end=right), padded_scale(values, bottom, top)
    line = svg_points([x.at(epoch) for epoch in range(len(values))], [y.at(value) for value in values])
    return TrainingCurve(name, line, values[0], values[-1], min(values), max(values), len(values))


def _vertical_scale(figures: Sequence[Figure]) -> Scale:
    return padded_scale([bound for figure in figures for bound in (figure.low, figure.high)], _BOTTOM, _TOP)


def _point(name: str, figure: Figure, x: float, y: Scale) -> ChartPoint:
    return ChartPoint(name, figure, x, y.at(figure.value), y.at(figure.low), y.at(figure.high))


def _with_labels(points: list[ChartPoint]) -> list[ChartPoint]:
    """Move labels apart, on either side."""
    label_y: dict[int, float] = {}
    for left in (False, True):
        side = [i for i, point in enumerate(points) if point.label_left is left]
        label_y |= dict(zip(side, spread_labels([points[i].y for i in side], _LINE_GAP), strict=True))
    return [replace(point, label_y=round(label_y[i], 1)) for i, point in enumerate(points)]


def _labelled(points: Sequence[ChartPoint]) -> set[int]:
    """Pick the points whose labels do not touch, the last one among them."""
    labelled = [len(points) - 1]
    for i in range(len(points) - 1):
        if all(abs(points[i].x - points[other].x) >= _LABEL_GAP for other in labelled):
            labelled.append(i)
    return set(labelled)
