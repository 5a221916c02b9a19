"""The result of a report as facts, without words: the leader, its lead, and whether that is more than chance.

A difference counts as real only where a paired test confirms it. A model that was never tested against the leader is
neither behind nor level, and the card says that no test was run.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from matinee.reports.metrics import HIT_RATE, lower_is_better
from matinee.reports.schema import Comparison, Figure, ModelReport, Report


@dataclass(frozen=True)
class Verdict:
    """The facts about the model with the best value of the lead metric."""

    metric: str
    leader: ModelReport
    quality: Figure  # the leader's lead metric
    hits: Figure | None  # the leader's hit rate with its shortest list
    level: tuple[ModelReport, ...]  # tested against the leader: within chance
    behind: tuple[ModelReport, ...]  # tested against the leader: more than chance
    untested: tuple[ModelReport, ...]  # not tested against the leader
    closest: Comparison | None  # the smallest clear difference to the leader
    popularity: Figure | None  # the hit rate of popularity; None if absent or the leader itself
    more_hits: ModelReport | None  # hits more often than the leader, but ranks the movie lower
    short_names: Mapping[str, str]

    @property
    def times_popularity(self) -> float | None:
        """The leader's hit rate as a multiple of popularity's."""
        if self.hits is None or self.popularity is None or not self.popularity.value:
            return None
        return self.hits.value / self.popularity.value


@dataclass(frozen=True)
class FastAlternative:
    """A model that comes close to the leader in much less time."""

    model: ModelReport
    share: float  # of the leader's quality
    seconds: float
    leader_seconds: float


def find_verdict(report: Report) -> Verdict | None:
    """Find the facts; None if no model has a metric to lead by."""
    metric = report.lead
    if metric is None:
        return None
    leader, *others = [model for model in report.ranking if metric in model.metrics]
    tests = {model.name: report.comparison(metric, leader.name, model.name) for model in others}
    clear = {name for name, test in tests.items() if test is not None and test.is_clear}
    nearest = (tests[model.name] for model in others if model.name in clear)
    hit_key = hit_metric(report)
    popularity = None if leader.name == "popularity" else report.model("popularity")
    return Verdict(
        metric,
        leader,
        leader.metrics[metric],
        leader.metrics.get(hit_key),
        level=tuple(model for model in others if tests[model.name] is not None and model.name not in clear),
        behind=tuple(model for model in others if model.name in clear),
        untested=tuple(model for model in others if tests[model.name] is None),
        closest=next(nearest, None),
        popularity=None if popularity is None else popularity.metrics.get(hit_key),
        more_hits=_more_hits(leader, others, hit_key),
        short_names=report.short_names,
    )


def hit_metric(report: Report) -> str:
    """The key of the hit rate at the shortest list."""
    return f"{HIT_RATE}@{report.cutoffs[0]}"


def fast_alternative(report: Report, verdict: Verdict) -> FastAlternative | None:
    """Find the best model in at most a third of the leader's time, if it reaches four fifths of its quality."""
    leader_seconds = verdict.leader.seconds
    if leader_seconds is None or lower_is_better(verdict.metric) or verdict.quality.value <= 0:
        return None
    for model in report.ranking:
        figure, seconds = model.metrics.get(verdict.metric), model.seconds
        if figure is None or seconds is None or seconds > leader_seconds / 3:
            continue
        share = figure.value / verdict.quality.value
        return FastAlternative(model, share, seconds, leader_seconds) if share >= 0.8 else None
    return None


def _more_hits(leader: ModelReport, others: list[ModelReport], hit_key: str) -> ModelReport | None:
    if hit_key not in leader.metrics:
        return None
    # A lead too small to show in "23 of 100" is not worth a sentence.
    threshold = leader.metrics[hit_key].value + 0.005
    ahead = [model for model in others if hit_key in model.metrics and model.metrics[hit_key].value > threshold]
    return max(ahead, key=lambda model: model.metrics[hit_key].value, default=None)
