"""The card in one language: every section computed, nothing left for the template but to draw it."""

import shlex
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from matinee.evaluation.report_card import sentences
from matinee.evaluation.report_card.boards import Board, board, kinds_of, panels, slice_boards
from matinee.evaluation.report_card.figures import day, decimal, duration, interval, memory, setting, tries
from matinee.evaluation.report_card.language import Language
from matinee.evaluation.report_card.metrics import METRICS, Metric, label_of, metric_of
from matinee.evaluation.report_card.reading import Measure, Model, Report
from matinee.evaluation.report_card.scatter import scatter
from matinee.evaluation.report_card.seats import HitRateChart, hit_rate_chart
from matinee.evaluation.report_card.tables import comparisons_of, deciles, histogram, numbers
from matinee.evaluation.report_card.translations import phrase_in, sentence_in
from matinee.evaluation.report_card.verdict import Verdict, fast_alternative, hit_metric, verdict_of
from matinee.evaluation.report_card.words import words_in

_WIDE, _NARROW = (
    860.0,
    340.0,
)  # the widths at which the scatter is drawn; the style sheet shows the one that fits


@dataclass(frozen=True)
class House:
    """One auditorium of the hero: whose tries, in words and in seats."""

    model: Model
    hits: Measure
    found: int
    tries: int
    interval: str
    seats: HitRateChart


@dataclass(frozen=True)
class Entry:
    """One model of the list of models: what it is, what it took, how it was set."""

    model: Model
    about: tuple[str, bool]  # the words, and whether they stay in English on the Chinese page
    note: tuple[str, bool]
    took: tuple[tuple[str, float, str], ...]  # what, the number, as written
    settings: tuple[tuple[str, str], ...]


def page_of(report: Report, language: Language) -> dict[str, Any]:
    """Everything the template shows of a report in one language."""
    words = words_in(language)
    verdict = verdict_of(report)
    shown: dict[str, Any] = {
        "language": language,
        "t": words,
        "facts": _facts(report, words, language),
        "task": sentence_in(str(report.protocol.get("about") or ""), language),
        "intervals": sentence_in(str(report.protocol.get("interval") or ""), language),
        "dropped": [sentence_in(str(one), language) for one in report.protocol.get("dropped") or []],
        "parts": _parts(report, words),
        "machine": _machine(report, words),
        "entries": [_entry(model, words, language) for model in report.ranking],
        "times": {model.name: _time(model, language) for model in report.models},
        "numbers": numbers(report, language),
        "glossary": _glossary(report),
        "histogram": histogram(report),
        "deciles": deciles(report),
        "command": _command(report),
        "k": report.cutoffs[0] if report.cutoffs else None,
        "one_each": _one_movie_each(report),
        "verdict": verdict,
    }
    return shown if verdict is None else shown | _judged(report, verdict, language)


def _judged(report: Report, verdict: Verdict, language: Language) -> dict[str, Any]:
    """The sections that need at least one measured model."""
    metric = metric_of(verdict.metric)
    hits = hit_metric(report)
    bargain = fast_alternative(report, verdict)
    charts = (scatter(report.ranking, verdict.metric, width) for width in (_WIDE, _NARROW))
    return {
        "headline": sentences.headline(verdict, _one_movie_each(report), language),
        "lede": _lede(report, verdict, language),
        "houses": _houses(report, verdict, language),
        "kinds": kinds_of(report, verdict),
        "metric": label_of(verdict.metric).said(language),
        "less_is_better": metric is not None and metric.higher_is_better is False,
        "board": board(report, verdict.metric, None if hits == verdict.metric else hits, language),
        "stars": _stars(report, verdict, language),
        "scatters": [chart for chart in charts if chart is not None],
        "bargain": None if bargain is None else sentences.bargain(bargain, verdict.leader.short, language),
        "panels": panels(report, language),
        "slices": slice_boards(report, verdict.metric, language),
        "comparisons": comparisons_of(report, verdict, language),
    }


def _lede(report: Report, verdict: Verdict, language: Language) -> list[Markup]:
    """The sentences under the headline."""
    said = [sentences.against_popularity(verdict, language), sentences.standing(verdict, language)]
    hits = hit_metric(report)
    if verdict.more_hits is not None and hits is not None:
        said.append(sentences.more_hits(verdict.more_hits, verdict.more_hits.metrics[hits], language))
    return [one for one in said if one]


def _houses(report: Report, verdict: Verdict, language: Language) -> list[House]:
    """The leader's auditorium and, to compare with, popularity's."""
    key = hit_metric(report)
    if key is None or verdict.hits is None:
        return []
    popularity = report.model("popularity")
    models = [verdict.leader]
    if popularity is not None and popularity is not verdict.leader and key in popularity.metrics:
        models.append(popularity)
    return [_house(model, model.metrics[key], language) for model in models]


def _house(model: Model, hits: Measure, language: Language) -> House:
    found, total = tries(hits.value)
    scaled = Measure(
        hits.value * total,
        None if hits.low is None else hits.low * total,
        None if hits.high is None else hits.high * total,
    )
    return House(model, hits, found, total, interval(scaled, 0, language), hit_rate_chart(hits.value))


def _stars(report: Report, verdict: Verdict, language: Language) -> Board | None:
    """The board of guessed ratings, unless it is the leaderboard already or nobody guessed."""
    measured = {key for model in report.models for key in model.metrics}
    key = next((key for key in ("rmse", "mae") if key in measured), None)
    if key is None or verdict.metric in ("rmse", "mae"):
        return None
    whole = board(report, key, "mae" if key == "rmse" else None, language)
    rows = [row for row in whole.rows if row.measure is not None]
    return Board(whole.label, whole.about, False, tuple(rows), whole.ruler, whole.bar, whole.beside)


def _facts(report: Report, words: dict[str, str], language: Language) -> list[tuple[str, str]]:
    """The ticket: what was tested, on whom, when."""
    protocol = report.protocol
    counts = {"people": "tested_users", "catalogue": "movies", "hidden": "test_ratings"}
    found = [(words["dataset"], str(protocol.get("dataset") or ""))]
    found += [(words[word], _count(protocol.get(key))) for word, key in counts.items()]
    found.append((words["split"], str(protocol.get("split") or "")))
    found.append((words["measured"], day(str(protocol.get("date") or ""), language)))
    return [(label, value) for label, value in found if value]


def _parts(report: Report, words: dict[str, str]) -> str:
    keys = {"train": "train_ratings", "validation": "validation_ratings", "test": "test_ratings"}
    counts = {name: _count(report.protocol.get(key)) for name, key in keys.items()}
    return words["parts_said"].format(**counts) if all(counts.values()) else ""


def _machine(report: Report, words: dict[str, str]) -> str:
    """The machine in one line, as far as it is known."""
    machine: dict[str, Any] = report.protocol.get("machine") or {}
    known = [
        str(machine.get("processor") or ""),
        words["cores"].format(cores=machine["cores"]) if machine.get("cores") else "",
        words["memory"].format(gb=machine["memory_gb"]) if machine.get("memory_gb") else "",
        f"Python {machine['python']}" if machine.get("python") else "",
    ]
    return " · ".join(one for one in known if one)


def _entry(model: Model, words: dict[str, str], language: Language) -> Entry:
    timed = [(words["fit"], model.fit_seconds), (words["answer"], model.score_seconds)]
    took = [(word, seconds, duration(seconds, language)) for word, seconds in timed if seconds is not None]
    if model.peak_memory_mb is not None:
        took.append((words["peak"], model.peak_memory_mb, memory(model.peak_memory_mb)))
    settings = tuple((str(name), setting(value)) for name, value in model.settings.items())
    about, note = phrase_in(model.about, language), sentence_in(model.note, language)
    return Entry(model, about, note, tuple(took), settings)


def _time(model: Model, language: Language) -> str:
    return "" if model.seconds is None else duration(model.seconds, language)


def _glossary(report: Report) -> list[Metric]:
    """The metrics that occur in the report, in their usual order."""
    names = {key.partition("@")[0] for model in report.models for key in model.metrics}
    return [metric for metric in METRICS if metric.name in names]


def _command(report: Report) -> str:
    """The command that makes this card again, safe to paste into a shell whatever the runs are called."""
    protocol = report.protocol
    words = ["matinee", "evaluate", *(model.name for model in report.models)]
    words += ["--data", str(protocol.get("dataset") or "PATH")]
    if protocol.get("split"):
        words += ["--split", str(protocol["split"])]
    if report.cutoffs:
        words += ["--k", ",".join(str(k) for k in report.cutoffs)]
    if protocol.get("seed") is not None:
        words += ["--seed", str(protocol["seed"])]
    return shlex.join([*words, "--html", "report.html"])


def _one_movie_each(report: Report) -> bool:
    """Whether exactly one movie was hidden per person, so that a person is one try."""
    protocol = report.protocol
    return protocol.get("split") == "leave-last" or (
        bool(protocol.get("test_ratings")) and protocol.get("test_ratings") == protocol.get("tested_users")
    )


def _count(value: Any) -> str:
    return decimal(value, 0) if isinstance(value, int | float) and not isinstance(value, bool) else ""
