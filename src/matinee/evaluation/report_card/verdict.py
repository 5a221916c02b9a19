"""Who won, by how much, and whether that is more than chance: facts only, no words.

A difference counts as real only where a paired test says so. Models the leader was never tested against
are neither behind nor level: the card says that nobody checked.
"""

from dataclasses import dataclass

from matinee.evaluation.report_card.reading import Comparison, Measure, Model, Report, is_error


@dataclass(frozen=True)
class Verdict:
    """What the numbers say about the model with the best value of the lead metric."""

    metric: str
    leader: Model
    quality: Measure  # the leader's lead metric
    hits: Measure | None  # how often it finds a movie with its shortest list
    level: tuple[Model, ...]  # tested against the leader: within chance
    behind: tuple[Model, ...]  # tested against the leader: more than chance
    unchecked: tuple[Model, ...]  # never tested against the leader
    closest: Comparison | None  # the smallest clear difference to the leader
    popularity: Measure | None  # how often the most popular movies hit; None if absent or the leader itself
    more_hits: Model | None  # finds it more often than the leader, but places it lower

    @property
    def times_popularity(self) -> float | None:
        """How many times as often as popularity the leader hits."""
        if self.hits is None or self.popularity is None or not self.popularity.value:
            return None
        return self.hits.value / self.popularity.value


@dataclass(frozen=True)
class FastAlternative:
    """A model that comes close to the leader in much less time."""

    model: Model
    share: float  # of the leader's quality
    seconds: float
    leader_seconds: float


def verdict_of(report: Report) -> Verdict | None:
    """Judge the report; None where no model has any metric to lead by."""
    metric = report.lead
    if metric is None:
        return None
    leader, *others = [model for model in report.ranking if metric in model.metrics]
    tests = {model.name: report.compared(metric, leader.name, model.name) for model in others}
    clear = {name for name, test in tests.items() if test is not None and test.is_clear}
    nearest = (tests[model.name] for model in others if model.name in clear)
    hit_key = hit_metric(report)
    popularity = None if leader.name == "popularity" else report.model("popularity")
    return Verdict(
        metric,
        leader,
        leader.metrics[metric],
        None if hit_key is None else leader.metrics.get(hit_key),
        level=tuple(model for model in others if tests[model.name] is not None and model.name not in clear),
        behind=tuple(model for model in others if model.name in clear),
        unchecked=tuple(model for model in others if tests[model.name] is None),
        closest=next(nearest, None),
        popularity=None if popularity is None or hit_key is None else popularity.metrics.get(hit_key),
        more_hits=_more_hits(leader, others, hit_key),
    )


def hit_metric(report: Report) -> str | None:
    """The hit rate at the shortest list; None where ranking was not measured at all."""
    return f"hr@{report.cutoffs[0]}" if report.cutoffs else None


def fast_alternative(report: Report, verdict: Verdict) -> FastAlternative | None:
    """The best model in at most a third of the leader's time, if it reaches four fifths of its quality."""
    leader_seconds = verdict.leader.seconds
    if leader_seconds is None or is_error(verdict.metric) or verdict.quality.value <= 0:
        return None
    for model in report.ranking:
        measure, seconds = model.metrics.get(verdict.metric), model.seconds
        if measure is None or seconds is None or seconds > leader_seconds / 3:
            continue
        share = measure.value / verdict.quality.value
        return FastAlternative(model, share, seconds, leader_seconds) if share >= 0.8 else None
    return None


def _more_hits(leader: Model, others: list[Model], hit_key: str | None) -> Model | None:
    if hit_key is None or hit_key not in leader.metrics:
        return None
    # A lead too small to show in "23 of 100" is not worth a sentence.
    bar = leader.metrics[hit_key].value + 0.005
    ahead = [model for model in others if hit_key in model.metrics and model.metrics[hit_key].value > bar]
    return max(ahead, key=lambda model: model.metrics[hit_key].value, default=None)
