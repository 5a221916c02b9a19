"""The card in one language: every section as values that the template only draws."""

import shlex
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from matinee.i18n import Language, gettext
from matinee.reports.card import sentences
from matinee.reports.card.hit_rate_chart import HitRateChart, hit_rate_chart
from matinee.reports.card.leaderboards import Leaderboard, leaderboard, panels, slice_leaderboards, styles
from matinee.reports.card.messages import phrase, sentence
from matinee.reports.card.scatter import scatter
from matinee.reports.card.tables import build_comparisons, metric_groups, popularity_bars, rating_bars
from matinee.reports.card.verdict import Verdict, fast_alternative, find_verdict, hit_metric
from matinee.reports.metrics import METRICS, RATING_ERRORS, find_metric, lower_is_better, metric_label
from matinee.reports.number_format import decimal, duration, interval, long_date, memory, out_of_total, setting
from matinee.reports.schema import Figure, ModelReport, Report

_WIDTHS = (860.0, 340.0)  # of the two scatter charts; the style sheet shows the one that fits


@dataclass(frozen=True)
class HitRateView:
    """One hit rate chart at the top: whose tries, as text and as seats."""

    name: str  # short
    figure: Figure
    hits: int
    tries: int
    interval: str
    chart: HitRateChart


@dataclass(frozen=True)
class ModelEntry:
    """One model in the list of models: its description, cost and settings."""

    model: ModelReport
    description: tuple[str, bool]  # the text, and whether it stays in English
    note: tuple[str, bool]
    costs: tuple[tuple[str, float, str], ...]  # label, number, text
    settings: tuple[tuple[str, str], ...]


def build_page(report: Report, language: Language) -> dict[str, Any]:
    """Compute everything that the template shows in one language."""
    protocol = report.protocol
    verdict = find_verdict(report)
    page: dict[str, Any] = {
        "language": language,
        "protocol": protocol,
        "short_names": report.short_names,
        "facts": _facts(report, language),
        "task": sentence(protocol.description, language),
        "intervals": sentence(protocol.interval, language),
        "dropped": [sentence(message, language) for message in protocol.dropped],
        "parts": _parts(report, language),
        "machine": _machine(report, language),
        "entries": [_entry(model, language) for model in report.ranking],
        "times": {model.name: _time(model, language) for model in report.models},
        "metric_groups": metric_groups(report, language),
        "glossary": [metric for metric in METRICS if any(find_metric(key) == metric for key in report.metrics)],
        "rating_bars": rating_bars(report),
        "popularity_bars": popularity_bars(report),
        "command": _command(report),
        "k": report.cutoffs[0],
        "verdict": verdict,
    }
    return page if verdict is None else page | _results(report, verdict, language)


def _results(report: Report, verdict: Verdict, language: Language) -> dict[str, Any]:
    """Compute the sections that need at least one measured model."""
    hit_key = hit_metric(report)
    fast = fast_alternative(report, verdict)
    charts = (scatter(report, verdict.metric, width) for width in _WIDTHS)
    return {
        "headline": sentences.headline(verdict, report.protocol.has_one_movie_per_user, language),
        "lede": _lede(verdict, hit_key, language),
        "hit_rates": _hit_rates(report, verdict, hit_key, language),
        "styles": styles(report, verdict),
        "metric": metric_label(verdict.metric, language),
        "less_is_better": lower_is_better(verdict.metric),
        "leaderboard": leaderboard(report, verdict.metric, None if hit_key == verdict.metric else hit_key, language),
        "rating_errors": _rating_errors(report, verdict, language),
        "scatters": [chart for chart in charts if chart is not None],
        "fast_alternative": None if fast is None else sentences.fast_alternative(fast, verdict, language),
        "panels": panels(report, language),
        "slices": slice_leaderboards(report, verdict.metric, language),
        "comparisons": build_comparisons(report, verdict, language),
    }


def _lede(verdict: Verdict, hit_key: str, language: Language) -> list[Markup]:
    """Write the sentences under the headline."""
    paragraphs = [sentences.against_popularity(verdict, language), sentences.lead_over_others(verdict, language)]
    if verdict.more_hits is not None:
        name = verdict.short_names[verdict.more_hits.name]
        paragraphs.append(sentences.more_hits(name, verdict.more_hits.metrics[hit_key], language))
    return [paragraph for paragraph in paragraphs if paragraph]


def _hit_rates(report: Report, verdict: Verdict, hit_key: str, language: Language) -> list[HitRateView]:
    """Draw the leader's hit rate and, for comparison, popularity's."""
    if verdict.hits is None:
        return []
    popularity = report.model("popularity")
    models = [verdict.leader]
    if popularity is not None and popularity is not verdict.leader and hit_key in popularity.metrics:
        models.append(popularity)
    return [_hit_rate(report.short_names[model.name], model.metrics[hit_key], language) for model in models]


def _hit_rate(name: str, figure: Figure, language: Language) -> HitRateView:
    hits, total = out_of_total(figure.value)
    scaled = Figure(figure.value * total, figure.low * total, figure.high * total)
    return HitRateView(name, figure, hits, total, interval(scaled, 0, language), hit_rate_chart(figure.value))


def _rating_errors(report: Report, verdict: Verdict, language: Language) -> Leaderboard | None:
    """Rank the models that predict ratings, unless the main leaderboard does so already."""
    keys = [metric.name for metric in RATING_ERRORS if metric.name in report.metrics]
    if not keys or verdict.metric in keys:
        return None
    key, *others = keys
    board = leaderboard(report, key, others[0] if others else None, language)
    return replace(board, rows=tuple(row for row in board.rows if row.figure is not None))


def _facts(report: Report, language: Language) -> list[tuple[str, str]]:
    """List the facts of the ticket: the data, the test, the date."""
    protocol = report.protocol
    facts = [
        (gettext(language, "Data"), protocol.dataset),
        (gettext(language, "Users tested"), decimal(protocol.tested_users, 0)),
        (gettext(language, "Movies to choose from"), decimal(protocol.movies, 0)),
        (gettext(language, "Hidden ratings"), decimal(protocol.test_ratings, 0) if protocol.test_ratings else ""),
        (gettext(language, "Split"), protocol.split),
        (gettext(language, "Measured"), long_date(protocol.date, language)),
    ]
    return [(label, value) for label, value in facts if value]


def _parts(report: Report, language: Language) -> str:
    protocol = report.protocol
    if not (protocol.train_ratings and protocol.validation_ratings and protocol.test_ratings):
        return ""
    text = gettext(language, "{train:,} to learn from, {validation:,} to choose by, {test:,} to test with.")
    return text.format(train=protocol.train_ratings, validation=protocol.validation_ratings, test=protocol.test_ratings)


def _machine(report: Report, language: Language) -> str:
    """Describe the machine in one line, as far as the report does."""
    machine = report.protocol.machine
    parts = [
        machine.processor,
        gettext(language, "{cores} cores").format(cores=machine.cores) if machine.cores else "",
        gettext(language, "{gb} GB memory").format(gb=machine.memory_gb) if machine.memory_gb else "",
        f"Python {machine.python}" if machine.python else "",
    ]
    return " · ".join(part for part in parts if part)


def _entry(model: ModelReport, language: Language) -> ModelEntry:
    costs: list[tuple[str, float, str]] = []
    if model.seconds is not None:
        costs.append((gettext(language, "training"), model.fit_seconds, duration(model.fit_seconds, language)))
    costs.append((gettext(language, "scoring"), model.score_seconds, duration(model.score_seconds, language)))
    if model.peak_memory_mb:
        costs.append((gettext(language, "peak memory"), model.peak_memory_mb, memory(model.peak_memory_mb)))
    settings = tuple((name, setting(value)) for name, value in model.settings.items())
    return ModelEntry(
        model, phrase(model.description, language), sentence(model.note, language), tuple(costs), settings
    )


def _time(model: ModelReport, language: Language) -> str:
    return "" if model.seconds is None else duration(model.seconds, language)


def _command(report: Report) -> str:
    """Build the command that writes this card again, safe to paste into a shell whatever the runs are called."""
    protocol = report.protocol
    words = ["matinee", "evaluate", *(model.name for model in report.models)]
    words += ["--data", protocol.dataset or "PATH"]
    if protocol.split:
        words += ["--split", protocol.split]
    words += ["--k", ",".join(str(k) for k in report.cutoffs)]
    if protocol.seed is not None:
        words += ["--seed", str(protocol.seed)]
    return shlex.join([*words, "--html", "report.html"])
