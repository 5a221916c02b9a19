"""Models one below the other, each with its number and its strip: leaderboard, small multiples, slices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matinee.evaluation.report_card.figures import decimal, interval, per_cent
from matinee.evaluation.report_card.language import Language
from matinee.evaluation.report_card.metrics import label_of, metric_of
from matinee.evaluation.report_card.reading import Measure, Model, Report, Slice
from matinee.evaluation.report_card.scales import Scale
from matinee.evaluation.report_card.strips import Ruler, Strip, has_zero, ruler, scale_for, strip
from matinee.evaluation.report_card.translations import sentence_in, slice_name
from matinee.evaluation.report_card.verdict import Verdict

BEYOND = ("coverage", "novelty", "diversity")
DIGITS = 3  # of a metric on a board; the full table shows one more
_PANEL_TICKS = 3  # numbers that fit over a narrow panel


@dataclass(frozen=True)
class Row:
    """One model: its number as written, as measured and as drawn; all empty where it was not measured."""

    model: Model
    measure: Measure | None
    text: str
    interval: str
    strip: Strip | None
    beside: tuple[Measure, str] | None = None  # a second number, as measured and as written


@dataclass(frozen=True)
class Board:
    """Models on one scale. `bar` is where popularity stands, `beside` the label of the second number."""

    label: str
    about: str
    stays_english: bool
    rows: tuple[Row, ...]
    ruler: Ruler
    bar: float | None = None
    beside: str = ""
    users: int | None = None


def kinds_of(report: Report, verdict: Verdict) -> dict[str, str]:
    """How each model is marked, everywhere on the card: leader, level (with it), baseline or plain."""
    kinds = {model.name: "baseline" if model.is_baseline else "plain" for model in report.models}
    return kinds | {model.name: "level" for model in verdict.level} | {verdict.leader.name: "leader"}


def board(report: Report, key: str, beside: str | None, language: Language) -> Board:
    """All models by one metric, best first, with a second number (`beside`) if there is one."""
    metric = metric_of(key)
    drawn = _drawn(key, report.ranked(key), language, DIGITS, most=6)
    rows = [_with_beside(row, beside) for row in drawn.rows]
    popularity = next((row.strip for row in rows if row.model.name == "popularity"), None)
    has_beside = any(row.beside for row in rows)
    return Board(
        label=label_of(key).said(language),
        about="" if metric is None else metric.sentence.said(language),
        stays_english=False,
        rows=tuple(rows),
        ruler=drawn.ruler,
        bar=None if popularity is None else popularity.at,
        beside=label_of(beside).said(language) if beside and has_beside else "",
    )


def panels(report: Report, language: Language) -> list[Board]:
    """How far each model looks beyond the famous, one board per measure that at least one model has."""
    if not report.cutoffs:
        return []
    wanted = [f"{name}@{report.cutoffs[0]}" for name in BEYOND]
    keys = [key for key in wanted if any(key in model.metrics for model in report.models)]
    models = [model for model in report.ranking if any(key in model.metrics for key in keys)]
    return [_drawn(key, models, language, 2, _PANEL_TICKS) for key in keys]


def slice_boards(report: Report, key: str, language: Language) -> list[Board]:
    """One board per slice, each model's result there beside its result for everyone."""
    by_name: dict[str, list[tuple[Model, Slice]]] = {}
    for model in report.ranking:
        for part in model.slices:
            by_name.setdefault(part.name, []).append((model, part))
    found = [_slice_board(name, members, key, language) for name, members in by_name.items()]
    return [one for one in found if one.rows]


def _slice_board(name: str, members: Sequence[tuple[Model, Slice]], key: str, language: Language) -> Board:
    judged = {model.name: part.metrics[key] for model, part in members if key in part.metrics}
    models = [model for model, _ in members if model.name in judged]
    overall = {model.name: model.metrics[key] for model in models if key in model.metrics}
    scale = scale_for([*judged.values(), *overall.values()], has_zero(key))
    about, stays_english = sentence_in(members[0][1].about, language)
    return Board(
        label=slice_name(name, language),
        about=about,
        stays_english=stays_english,
        rows=tuple(
            _row(model, judged[model.name], scale, language, DIGITS, overall.get(model.name)) for model in models
        ),
        ruler=ruler(scale, most=_PANEL_TICKS),
        users=members[0][1].users,
    )


def _drawn(key: str, models: Iterable[Model], language: Language, digits: int, most: int) -> Board:
    models = list(models)
    metric = metric_of(key)
    percent = metric is not None and metric.name == "coverage"
    scale = scale_for([model.metrics[key] for model in models if key in model.metrics], has_zero(key))
    rows = tuple(_row(model, model.metrics.get(key), scale, language, digits, percent=percent) for model in models)
    sentence = "" if metric is None else metric.sentence.said(language)
    return Board(label_of(key).said(language), sentence, False, rows, ruler(scale, percent, most))


def _row(
    model: Model,
    measure: Measure | None,
    scale: Scale,
    language: Language,
    digits: int,
    mark: Measure | None = None,
    percent: bool = False,
) -> Row:
    if measure is None:
        return Row(model, None, "", "", None)
    text = per_cent(measure.value) if percent else decimal(measure.value, digits)
    span = "" if percent else interval(measure, digits, language)
    return Row(model, measure, text, span, strip(scale, measure, mark))


def _with_beside(row: Row, key: str | None) -> Row:
    measure = row.model.metrics.get(key) if key else None
    if measure is None:
        return row
    return Row(row.model, row.measure, row.text, row.interval, row.strip, (measure, decimal(measure.value, DIGITS)))
