"""The dict that `evaluate --json` writes, read into typed parts that may be missing."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matinee.evaluation.report_card.metrics import metric_of

_BASELINES = frozenset({"random", "popularity"})
# What the template asks of any protocol, where the report does not say.
_UNKNOWN: dict[str, Any] = {"dataset": "", "split": "", "fingerprint": "", "version": "", "seed": None}
_LEADS = ("ndcg", "hr", "recall", "map", "mrr", "precision", "recall_capped", "recall_pooled", "rmse", "mae")


@dataclass(frozen=True)
class Measure:
    """A number and, where it was estimated, its interval."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval; the value itself twice where there is none."""
        return (self.value if self.low is None else self.low, self.value if self.high is None else self.high)


@dataclass(frozen=True)
class Slice:
    """How one model did for some of the users or movies."""

    name: str
    about: str
    users: int | None
    metrics: Mapping[str, Measure]


@dataclass(frozen=True)
class Model:
    """One row of the report; `short` is its name cut to fit a drawing, distinct from the others'.

    A model with a `note` was judged as it had been saved, so that its training was not timed here.
    """

    name: str
    short: str
    about: str
    note: str
    metrics: Mapping[str, Measure]
    slices: tuple[Slice, ...]
    settings: Mapping[str, Any]
    fit_seconds: float | None
    score_seconds: float | None
    peak_memory_mb: float | None

    @property
    def is_baseline(self) -> bool:
        """Whether it is one of the two that stand in every report."""
        return self.name in _BASELINES

    @property
    def seconds(self) -> float | None:
        """Training and answering together; None where one of the two was not timed."""
        if self.fit_seconds is None or self.score_seconds is None:
            return None
        return self.fit_seconds + self.score_seconds


@dataclass(frozen=True)
class Comparison:
    """A paired test of two models on one metric; a difference above zero is in favour of `better`."""

    metric: str
    better: str
    worse: str
    difference: Measure
    p: float | None

    @property
    def is_clear(self) -> bool:
        """Whether the difference is more than chance: p below 0.05, or without p an interval above zero."""
        if self.p is None:
            return self.difference.low is not None and self.difference.low > 0
        return self.p < 0.05


@dataclass(frozen=True)
class Report:
    """Everything the card is drawn from."""

    protocol: Mapping[str, Any]
    models: tuple[Model, ...]
    comparisons: tuple[Comparison, ...]
    rating_histogram: Mapping[str, float] = field(default_factory=dict[str, float])
    popularity_deciles: tuple[float, ...] = ()

    @property
    def cutoffs(self) -> list[int]:
        """The lengths of list that were judged, shortest first."""
        return sorted(self.protocol.get("k") or [])

    @property
    def lead(self) -> str | None:
        """The metric that orders the models: NDCG at the shortest list, or the nearest thing measured."""
        measured = {key for model in self.models for key in model.metrics}
        wanted = [f"{name}@{k}" for name in _LEADS for k in self.cutoffs[:1]] + list(_LEADS)
        return next((key for key in wanted if key in measured), None)

    @property
    def ranking(self) -> list[Model]:
        """Best first by the lead metric; models without it last, in the order given."""
        return list(self.models) if self.lead is None else self.ranked(self.lead)

    def ranked(self, metric: str) -> list[Model]:
        """Best first by any metric; models without it last, in the order given."""
        sign = 1 if is_error(metric) else -1
        judged = [model for model in self.models if metric in model.metrics]
        rest = [model for model in self.models if metric not in model.metrics]
        return sorted(judged, key=lambda model: sign * model.metrics[metric].value) + rest

    def short(self, name: str) -> str:
        """The short form of a model's name; the name itself if there is no such model."""
        model = self.model(name)
        return name if model is None else model.short

    def compared(self, metric: str, one: str, other: str) -> Comparison | None:
        """The paired test of two models on a metric, in either order."""
        for found in self.comparisons:
            if found.metric == metric and {found.better, found.worse} == {one, other}:
                return found
        return None

    def model(self, name: str) -> Model | None:
        """The model of that name, if it is in the report."""
        return next((model for model in self.models if model.name == name), None)


def is_error(key: str) -> bool:
    """Whether less is better for this metric."""
    metric = metric_of(key)
    return metric is not None and metric.higher_is_better is False


def read_report(report: Mapping[str, Any]) -> Report:
    """Read the dict of `evaluate --json`; parts that are missing or null come out empty."""
    data = report.get("data") or {}
    raw_models: list[Mapping[str, Any]] = list(report.get("models") or [])
    shorts = short_names([str(raw["name"]) for raw in raw_models])
    return Report(
        protocol=_UNKNOWN | dict(report.get("protocol") or {}),
        models=tuple(_model(raw, short) for raw, short in zip(raw_models, shorts, strict=True)),
        comparisons=tuple(_comparisons(report.get("comparisons") or [])),
        rating_histogram=data.get("rating_histogram") or {},
        popularity_deciles=tuple(data.get("popularity_deciles") or ()),
    )


def short_names(names: list[str], limit: int = 18) -> list[str]:
    """Names of at most `limit` characters, still distinct: the end of a path, its middle cut if need be."""
    ends = [name.rstrip("/").rsplit("/", 1)[-1] or name for name in names]
    taken: set[str] = set()
    shorts: list[str] = []
    for name, end in zip(names, ends, strict=True):
        wanted = end if ends.count(end) == 1 else name
        short, copy = _cut(wanted, limit), 2
        while short in taken:
            short, copy = f"{_cut(wanted, limit - 3)} {copy}", copy + 1
        taken.add(short)
        shorts.append(short)
    return shorts


def _cut(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    tail = (limit - 1) // 2
    return f"{name[: limit - 1 - tail]}…{name[-tail:]}"


def _model(raw: Mapping[str, Any], short: str) -> Model:
    slices: Mapping[str, Mapping[str, Any]] = raw.get("slices") or {}
    return Model(
        name=str(raw["name"]),
        short=short,
        about=str(raw.get("about") or ""),
        note=str(raw.get("note") or ""),
        metrics=_measures(raw.get("metrics") or {}),
        slices=tuple(
            Slice(name, str(one.get("about") or ""), one.get("users"), _measures(one.get("metrics") or {}))
            for name, one in slices.items()
        ),
        settings=raw.get("settings") or {},
        fit_seconds=None if raw.get("note") else _number(raw.get("fit_seconds")),
        score_seconds=_number(raw.get("score_seconds")),
        peak_memory_mb=_number(raw.get("peak_memory_mb")),
    )


def _comparisons(raws: Iterable[Mapping[str, Any]]) -> Iterable[Comparison]:
    for raw in raws:
        difference = _measure(raw.get("difference"))
        if difference is not None:
            yield Comparison(raw["metric"], raw["better"], raw["worse"], _in_favour(difference), _number(raw.get("p")))


def _in_favour(difference: Measure) -> Measure:
    """The difference counted in favour of the better model, whichever way it was subtracted."""
    if difference.value >= 0:
        return difference
    low, high = difference.bounds
    return Measure(-difference.value, -high, -low)


def _measures(raws: Mapping[str, Any]) -> dict[str, Measure]:
    read = {key: _measure(raw) for key, raw in raws.items()}
    return {key: measure for key, measure in read.items() if measure is not None}


def _measure(raw: Any) -> Measure | None:
    if not isinstance(raw, Mapping):
        return None
    value = _number(raw.get("value"))
    return None if value is None else Measure(value, _number(raw.get("low")), _number(raw.get("high")))


def _number(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        return None
    return raw
