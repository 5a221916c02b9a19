"""The plain tables of the card: every figure, the paired comparisons, and the bars of the data."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from matinee.i18n import Language
from matinee.reports.card.interval_plots import Axis, IntervalPlot, axis, common_scale, interval_plot
from matinee.reports.card.sentences import DIFFERENCE_DIGITS, comparison_sentence, join_all
from matinee.reports.card.verdict import Verdict, hit_metric
from matinee.reports.metrics import METRICS, cutoff_of, find_metric, metric_label
from matinee.reports.number_format import decimal, interval, p_value, percent
from matinee.reports.schema import Comparison, Figure, Report

DIGITS = 4
_MAX_LISTED = 8  # comparisons shown at first if none is with the leader


@dataclass(frozen=True)
class Cell:
    """One figure of the full table."""

    figure: Figure
    text: str
    interval: str
    is_best: bool


@dataclass(frozen=True)
class MetricLine:
    """One metric of the full table: a cell for each model, None if it was not measured."""

    key: str
    label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class MetricGroup:
    """The metrics at one list length, or (`cutoff=None`) those without a list."""

    cutoff: int | None
    lines: tuple[MetricLine, ...]


@dataclass(frozen=True)
class ComparisonRow:
    """One paired comparison as a sentence and as numbers."""

    comparison: Comparison
    better: str  # short names
    worse: str
    sentence: Markup
    metric: str
    difference: str
    interval: str
    p: str


@dataclass(frozen=True)
class Comparisons:
    """The comparisons shown at first, each with its plot, and those of the unfolded table."""

    metric: str
    metrics: Markup  # those of `unfolded`
    listed: tuple[tuple[ComparisonRow, IntervalPlot], ...]
    unfolded: tuple[ComparisonRow, ...]
    axis: Axis
    zero: float


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, `width` per cent long."""

    label: str
    value: float
    text: str
    width: float


def metric_groups(report: Report, language: Language) -> list[MetricGroup]:
    """Group every metric that any model has by list length, in the order of the registry."""

    def registry_order(key: str) -> tuple[int, str]:
        metric = find_metric(key)
        return (len(METRICS) if metric is None else METRICS.index(metric), key)

    by_cutoff: dict[int | None, list[str]] = {}
    for key in sorted(report.metrics, key=registry_order):
        by_cutoff.setdefault(cutoff_of(key), []).append(key)
    cutoffs = sorted(by_cutoff, key=lambda cutoff: float("inf") if cutoff is None else cutoff)
    return [MetricGroup(cutoff, tuple(_line(report, key, language) for key in by_cutoff[cutoff])) for cutoff in cutoffs]


def build_comparisons(report: Report, verdict: Verdict, language: Language) -> Comparisons | None:
    """List the paired comparisons with the leader on the lead metric, or else the first few."""
    if not report.comparisons:
        return None
    with_leader = [report.comparison(verdict.metric, verdict.leader.name, model.name) for model in report.ranking]
    tests = [test for test in with_leader if test is not None]
    if not tests:
        metric = report.comparisons[0].metric
        tests = [test for test in report.comparisons if test.metric == metric][:_MAX_LISTED]
    scale = common_scale([test.gain for test in tests], from_zero=True, intervals=6)
    metrics = list(dict.fromkeys([tests[0].metric, hit_metric(report)]))
    return Comparisons(
        metric_label(tests[0].metric, language),
        join_all([metric_label(key, language) for key in metrics], language),
        tuple((_comparison_row(report, test, language), interval_plot(scale, test.gain)) for test in tests),
        tuple(_comparison_row(report, test, language) for test in report.comparisons if test.metric in metrics),
        axis(scale),
        scale.at(0.0),
    )


def rating_bars(report: Report) -> list[Bar]:
    """The share of each rating."""
    total = sum(report.data.rating_histogram.values()) or 1
    return _bars([(label, count / total) for label, count in report.data.rating_histogram.items()])


def popularity_bars(report: Report) -> list[Bar]:
    """The share of the ratings that each tenth of the movies holds, most-rated first."""
    return _bars([(str(n), share) for n, share in enumerate(report.data.popularity_deciles, start=1)])


def _bars(shares: Sequence[tuple[str, float]]) -> list[Bar]:
    longest = max((share for _, share in shares), default=0) or 1
    return [Bar(label, share, percent(share), round(100 * share / longest, 2)) for label, share in shares]


def _line(report: Report, key: str, language: Language) -> MetricLine:
    best = report.best_value(key)
    figures = [model.metrics.get(key) for model in report.ranking]
    # Bits run to ten and more: one digit less is enough.
    digits = DIGITS if all(figure is None or abs(figure.value) < 2 for figure in figures) else DIGITS - 1
    cells = (None if figure is None else _cell(figure, figure.value == best, digits, language) for figure in figures)
    return MetricLine(key, metric_label(key, language), tuple(cells))


def _cell(figure: Figure, is_best: bool, digits: int, language: Language) -> Cell:
    return Cell(figure, decimal(figure.value, digits), interval(figure, digits, language), is_best)


def _comparison_row(report: Report, test: Comparison, language: Language) -> ComparisonRow:
    names = report.short_names
    better, worse = names.get(test.better, test.better), names.get(test.worse, test.worse)
    return ComparisonRow(
        test,
        better,
        worse,
        comparison_sentence(test, better, worse, language),
        metric_label(test.metric, language),
        decimal(test.gain.value, DIFFERENCE_DIGITS),
        interval(test.gain, DIFFERENCE_DIGITS, language),
        p_value(test.p),
    )
