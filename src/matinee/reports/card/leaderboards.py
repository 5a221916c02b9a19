"""Tables of models with a number and an interval plot each: the leaderboard, small panels, and slices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matinee.i18n import Language
from matinee.reports.card.interval_plots import Axis, IntervalPlot, axis, common_scale, interval_plot
from matinee.reports.card.messages import sentence, slice_name
from matinee.reports.card.verdict import Verdict
from matinee.reports.charts import Scale
from matinee.reports.metrics import METRICS, find_metric, has_zero, metric_description, metric_label
from matinee.reports.number_format import decimal, interval, percent
from matinee.reports.schema import Figure, ModelReport, Report, Slice

DIGITS = 3  # of a metric in a leaderboard; the full table shows one more
_PANEL_TICKS = 3  # labels that fit above a narrow panel


@dataclass(frozen=True)
class LeaderboardRow:
    """One model: its figure as measured, as text and as a plot; all empty if it was not measured."""

    model: ModelReport
    figure: Figure | None
    text: str
    interval: str
    plot: IntervalPlot | None
    second: tuple[Figure, str] | None = None  # a second figure, as measured and as text


@dataclass(frozen=True)
class Leaderboard:
    """Models on one scale. `baseline` is the position of popularity, `second_label` that of the second figure."""

    label: str
    description: str
    is_foreign: bool  # whether the description stays in English
    rows: tuple[LeaderboardRow, ...]
    axis: Axis
    baseline: float | None = None
    second_label: str = ""
    users: int | None = None


def styles(report: Report, verdict: Verdict) -> dict[str, str]:
    """Choose the CSS class of each model: leader, level (with it), baseline or plain."""
    classes = {model.name: "baseline" if model.is_baseline else "plain" for model in report.models}
    return classes | {model.name: "level" for model in verdict.level} | {verdict.leader.name: "leader"}


def leaderboard(report: Report, key: str, second_key: str | None, language: Language) -> Leaderboard:
    """Rank all models by one metric, with a second figure if there is one."""
    board = _build(key, report.ranked(key), language, DIGITS, max_ticks=6)
    rows = tuple(_with_second(row, second_key) for row in board.rows)
    popularity = next((row.plot for row in rows if row.model.name == "popularity"), None)
    has_second = any(row.second for row in rows)
    return replace(
        board,
        rows=rows,
        baseline=None if popularity is None else popularity.at,
        second_label=metric_label(second_key, language) if second_key and has_second else "",
    )


def panels(report: Report, language: Language) -> list[Leaderboard]:
    """Build a small leaderboard for each metric beyond accuracy that at least one model has."""
    keys = [metric.key(report.cutoffs[0]) for metric in METRICS if metric.beyond_accuracy]
    keys = [key for key in keys if key in report.metrics]
    models = [model for model in report.ranking if any(key in model.metrics for key in keys)]
    return [_build(key, models, language, 2, _PANEL_TICKS) for key in keys]


def slice_leaderboards(report: Report, key: str, language: Language) -> list[Leaderboard]:
    """Build a leaderboard for each slice, with each model's figure for all users beside it."""
    by_name: dict[str, list[tuple[ModelReport, Slice]]] = {}
    for model in report.ranking:
        for name, part in model.slices.items():
            by_name.setdefault(name, []).append((model, part))
    boards = [_slice_leaderboard(name, members, key, language) for name, members in by_name.items()]
    return [board for board in boards if board.rows]


def _slice_leaderboard(
    name: str, members: Sequence[tuple[ModelReport, Slice]], key: str, language: Language
) -> Leaderboard:
    figures = {model.name: part.metrics[key] for model, part in members if key in part.metrics}
    models = [model for model, _ in members if model.name in figures]
    overall = {model.name: model.metrics[key] for model in models if key in model.metrics}
    scale = common_scale([*figures.values(), *overall.values()], has_zero(key))
    description, is_foreign = sentence(members[0][1].description, language)
    return Leaderboard(
        slice_name(name, language),
        description,
        is_foreign,
        tuple(_row(model, figures[model.name], scale, language, DIGITS, overall.get(model.name)) for model in models),
        axis(scale, max_ticks=_PANEL_TICKS),
        users=members[0][1].users,
    )


def _build(key: str, models: Iterable[ModelReport], language: Language, digits: int, max_ticks: int) -> Leaderboard:
    models = list(models)
    metric = find_metric(key)
    as_percent = metric is not None and metric.is_percent
    scale = common_scale([model.metrics[key] for model in models if key in model.metrics], has_zero(key))
    rows = (_row(model, model.metrics.get(key), scale, language, digits, as_percent=as_percent) for model in models)
    return Leaderboard(
        metric_label(key, language),
        metric_description(key, language),
        False,
        tuple(rows),
        axis(scale, as_percent, max_ticks),
    )


def _row(
    model: ModelReport,
    figure: Figure | None,
    scale: Scale,
    language: Language,
    digits: int,
    reference: Figure | None = None,
    as_percent: bool = False,
) -> LeaderboardRow:
    if figure is None:
        return LeaderboardRow(model, None, "", "", None)
    text = percent(figure.value) if as_percent else decimal(figure.value, digits)
    span = "" if as_percent else interval(figure, digits, language)
    return LeaderboardRow(model, figure, text, span, interval_plot(scale, figure, reference))


def _with_second(row: LeaderboardRow, key: str | None) -> LeaderboardRow:
    figure = row.model.metrics.get(key) if key else None
    return row if figure is None else replace(row, second=(figure, decimal(figure.value, DIGITS)))
