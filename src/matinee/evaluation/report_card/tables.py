"""What is shown as plain tables: every number, the paired comparisons, and the data's two histograms."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from matinee.evaluation.report_card.figures import chance, decimal, interval, per_cent
from matinee.evaluation.report_card.language import Language
from matinee.evaluation.report_card.metrics import METRICS, label_of, metric_of
from matinee.evaluation.report_card.reading import Comparison, Measure, Report
from matinee.evaluation.report_card.sentences import DIFFERENCE_DIGITS, compared
from matinee.evaluation.report_card.strips import Ruler, Strip, ruler, scale_for, strip
from matinee.evaluation.report_card.verdict import Verdict, hit_metric

DIGITS = 4
_MOST_TOLD = 8  # comparisons told at once where none is with the leader


@dataclass(frozen=True)
class Cell:
    """One number of the full table."""

    measure: Measure
    text: str
    interval: str
    is_best: bool


@dataclass(frozen=True)
class Line:
    """One metric of the full table: a cell for each model, None where it was not measured."""

    key: str
    label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Group:
    """The metrics at one length of list; `cutoff` is None for those that have no list."""

    cutoff: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Told:
    """One paired comparison in words and in numbers."""

    comparison: Comparison
    better: str  # short names
    worse: str
    said: Markup
    metric: str
    difference: str
    interval: str
    p: str


@dataclass(frozen=True)
class Comparisons:
    """The comparisons told, each with its strip; and for who unfolds them, all by that metric and by hits."""

    metric: str
    metrics: str  # those of `every`, in words
    told: tuple[tuple[Told, Strip], ...]
    every: tuple[Told, ...]
    ruler: Ruler
    zero: float


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, drawn `width` per cent long."""

    label: str
    value: float
    text: str
    width: float


def numbers(report: Report, language: Language) -> list[Group]:
    """Every metric that any model has, grouped by length of list; the known ones in their usual order."""
    order = [metric.name for metric in METRICS]
    keys = {key for model in report.models for key in model.metrics}

    def place(key: str) -> tuple[int, str]:
        metric = metric_of(key)
        return (len(order) if metric is None else order.index(metric.name), key)

    by_cutoff: dict[int | None, list[str]] = {}
    for key in sorted(keys, key=place):
        by_cutoff.setdefault(_cutoff(key), []).append(key)
    in_order = sorted(by_cutoff, key=lambda cutoff: float("inf") if cutoff is None else cutoff)
    return [Group(cutoff, tuple(_line(report, key, language) for key in by_cutoff[cutoff])) for cutoff in in_order]


def comparisons_of(report: Report, verdict: Verdict, language: Language) -> Comparisons | None:
    """The paired comparisons; those with the leader on the lead metric are told, or else the first few."""
    if not report.comparisons:
        return None
    with_leader = [report.compared(verdict.metric, verdict.leader.name, model.name) for model in report.ranking]
    told = [test for test in with_leader if test is not None]
    if not told:
        metric = report.comparisons[0].metric
        told = [test for test in report.comparisons if test.metric == metric][:_MOST_TOLD]
    scale = scale_for([test.difference for test in told], from_zero=True, intervals=6)
    metrics = [told[0].metric, *(key for key in [hit_metric(report)] if key and key != told[0].metric)]
    return Comparisons(
        label_of(told[0].metric).said(language),
        {"en": " and ", "zh": "、"}[language].join(label_of(key).said(language) for key in metrics),
        tuple((_told(report, test, language), strip(scale, test.difference)) for test in told),
        tuple(_told(report, test, language) for test in report.comparisons if test.metric in metrics),
        ruler(scale),
        scale.at(0.0),
    )


def histogram(report: Report) -> list[Bar]:
    """How often each rating was given."""
    total = sum(report.rating_histogram.values()) or 1
    shares = [(label, count / total) for label, count in report.rating_histogram.items()]
    return _bars(shares)


def deciles(report: Report) -> list[Bar]:
    """What share of the ratings each tenth of the movies holds, most-rated first."""
    return _bars([(str(n), share) for n, share in enumerate(report.popularity_deciles, start=1)])


def _bars(shares: Sequence[tuple[str, float]]) -> list[Bar]:
    longest = max((share for _, share in shares), default=0) or 1
    return [Bar(label, share, per_cent(share), round(100 * share / longest, 2)) for label, share in shares]


def _cutoff(key: str) -> int | None:
    tail = key.partition("@")[2]
    return int(tail) if tail.isdecimal() else None


def _line(report: Report, key: str, language: Language) -> Line:
    best = _best(report, key)
    measures = [model.metrics.get(key) for model in report.ranking]
    # Bits run to ten and more: one digit less says as much.
    digits = DIGITS if all(one is None or abs(one.value) < 2 for one in measures) else DIGITS - 1
    cells = tuple(None if one is None else _cell(one, one.value == best, digits, language) for one in measures)
    return Line(key, label_of(key).said(language), cells)


def _cell(measure: Measure, is_best: bool, digits: int, language: Language) -> Cell:
    return Cell(measure, decimal(measure.value, digits), interval(measure, digits, language), is_best)


def _best(report: Report, key: str) -> float | None:
    """The best value of a metric, where one way is better and there is more than one model to choose from."""
    metric = metric_of(key)
    values = [model.metrics[key].value for model in report.models if key in model.metrics]
    if metric is None or metric.higher_is_better is None or len(values) < 2:
        return None
    return max(values) if metric.higher_is_better else min(values)


def _told(report: Report, test: Comparison, language: Language) -> Told:
    better, worse = report.short(test.better), report.short(test.worse)
    return Told(
        test,
        better,
        worse,
        compared(test, better, worse, language),
        label_of(test.metric).said(language),
        decimal(test.difference.value, DIFFERENCE_DIGITS),
        interval(test.difference, DIFFERENCE_DIGITS, language),
        chance(test.p),
    )
