"""Fit models on a split and measure them, all in the same way.

The order of steps is fixed so that nothing can leak: a model sees `split.train` and, for choosing,
`split.validation`. Then it scores the history of each tested user. Only then are the test movies used.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

import matinee
from matinee.arrays import Indices
from matinee.data.splits import Split
from matinee.errors import ProtocolError
from matinee.evaluation import metrics
from matinee.evaluation.intervals import RESAMPLES, Bootstrap, holm, sign_flip_p_values
from matinee.evaluation.metrics import PerUser
from matinee.evaluation.ranking import Ranking, rank_targets
from matinee.evaluation.resources import ResourceMeter, machine
from matinee.evaluation.slices import slices_of
from matinee.features.facts import genre_vectors
from matinee.message import Message
from matinee.models.capabilities import TrainsInEpochs
from matinee.models.memory_budget import describe_solver
from matinee.models.recommender import Recommender
from matinee.progress import track
from matinee.reports.metrics import COVERAGE, DIVERSITY, GINI, MAE, NDCG, NOVELTY, RMSE
from matinee.reports.schema import Comparison, DataProfile, Figure, Machine, ModelReport, Protocol, Report

PerUserMetrics = dict[str, PerUser]


def evaluate(
    models: Mapping[str, Recommender],
    split: Split,
    ks: Sequence[int] | None = None,
    seed: int = 0,
    fitted: Mapping[str, Message | str] | None = None,
) -> Report:
    """Fit and measure `models` on `split`; their keys are the names in the report.

    `ks` are the list lengths to measure at, by default 10, 20 and 50 as far as the catalogue goes. Models named in
    `fitted` are measured as they are, with the note from there. Raises `ProtocolError` for a k below 1 or beyond the
    catalogue.
    """
    ks = sorted(set(ks)) if ks is not None else _default_ks(split.train.n_movies)
    if not ks or ks[0] < 1 or ks[-1] > split.train.n_movies:
        raise ProtocolError(f"Invalid k: {ks}. Use numbers from 1 to the {split.train.n_movies:,} movies of the data.")
    bootstrap = Bootstrap(len(split.tested_users), seed)
    usable, skipped = _usable(models, split)
    results = [
        _measure(name, models[name], split, ks, bootstrap, (fitted or {}).get(name))
        for name in track(usable, "evaluating")
    ]
    return Report(
        protocol=_protocol(split, ks, seed, skipped),
        models=[report for report, _ in results],
        comparisons=_compare(results, f"{NDCG}@{ks[0]}", bootstrap),
        data=_profile(split),
    )


def _usable(models: Mapping[str, Recommender], split: Split) -> tuple[list[str], list[Message]]:
    """Pick the models that can be measured on this data, and build a message for each of the others."""
    unusable = [] if split.train.has_order else [name for name, model in models.items() if model.uses_timestamps]
    usable = [name for name in models if name not in unusable]
    if not usable:
        raise ProtocolError(f"{split.train.name} has no timestamps. {', '.join(unusable)} cannot do without.")
    skipped = "{model} is skipped: it needs timestamps, and the ratings have none"
    return usable, [Message(skipped, {"model": name}) for name in unusable]


def _default_ks(n_movies: int) -> list[int]:
    return [k for k in (10, 20, 50) if k <= n_movies] or [n_movies]


def _measure(
    name: str, model: Recommender, split: Split, ks: Sequence[int], bootstrap: Bootstrap, note: Message | str | None
) -> tuple[ModelReport, PerUserMetrics]:
    with ResourceMeter() as fitting:
        if note is None:
            model.fit(split.train, split.validation)
    with ResourceMeter() as scoring:
        ranking = rank_targets(model, split.histories, split.targets, ks[-1])
    per_user = _per_user(ranking, split, ks)
    figures = bootstrap.figures(per_user)
    for k in ks:
        coverage, gini = bootstrap.of_lists(ranking.top[:, :k], split.train.n_movies)
        figures[f"{COVERAGE}@{k}"], figures[f"{GINI}@{k}"] = coverage, gini
    figures |= _rating_errors(model, ranking, split, bootstrap)
    report = ModelReport(
        name=name,
        description=model.description,
        metrics=figures,
        slices=slices_of(model, ranking, split, ks[0], bootstrap.seed),
        fit_seconds=round(fitting.seconds, 3),
        score_seconds=round(scoring.seconds, 3),
        peak_memory_mb=round(max(fitting.peak_memory_mb, scoring.peak_memory_mb), 1),
        settings=model.config.model_dump(mode="json"),
        note=_training_note(model) if note is None else Message.from_json(note) if isinstance(note, str) else note,
        solver=describe_solver(model, split.before_test.counts),
    )
    return report, per_user


def _training_note(model: Recommender) -> Message:
    """Note how long a model trained: longer than its fit took if that resumed from a checkpoint."""
    if not isinstance(model, TrainsInEpochs) or not model.curve:
        return Message("")
    params: dict[str, str | int | float] = {"epochs": len(model.curve), "seconds": model.curve[-1]["seconds"]}
    if model.best_epoch is None:
        return Message("trained for {epochs:,} epochs in {seconds:,.0f} s; the last is kept", params)
    params["best"] = model.best_epoch + 1
    return Message("trained for {epochs:,} epochs in {seconds:,.0f} s; epoch {best} is kept", params)


def _per_user(ranking: Ranking, split: Split, ks: Sequence[int]) -> PerUserMetrics:
    before_test = split.before_test
    genres, names = genre_vectors(before_test.movies)
    values: PerUserMetrics = {}
    for k in ks:
        top = ranking.top[:, :k]
        values |= metrics.accuracy(ranking, k)
        n_users = int((before_test.histories.lengths > 0).sum())
        values[f"{NOVELTY}@{k}"] = metrics.novelty(top, before_test.counts, n_users)
        if names and k > 1:
            values[f"{DIVERSITY}@{k}"] = metrics.diversity(top, genres)
    return values


def _rating_errors(model: Recommender, ranking: Ranking, split: Split, bootstrap: Bootstrap) -> dict[str, Figure]:
    actual = split.targets.ratings
    if not model.predicts_ratings or actual is None:
        return {}
    owner = split.targets.owner
    return {
        RMSE: bootstrap.figure(metrics.squared_error(ranking.target_scores, actual, owner), root=True),
        MAE: bootstrap.figure(metrics.absolute_error(ranking.target_scores, actual, owner)),
    }


def _compare(results: list[tuple[ModelReport, PerUserMetrics]], key: str, bootstrap: Bootstrap) -> list[Comparison]:
    """Test the best model by a metric against each of the others, Holm-corrected."""
    if len(results) < 2:
        return []
    ordered = sorted(results, key=lambda result: -result[0].metrics[key].value)
    (best, best_values), *others = ordered
    differences = np.array([best_values[key].above - values[key].above for _, values in others])
    p_values = holm(sign_flip_p_values(differences, bootstrap.seed))
    return [
        Comparison(key, best.name, report.name, bootstrap.difference(best_values[key], values[key]), float(p))
        for (report, values), p in zip(others, p_values, strict=True)
    ]


def _protocol(split: Split, ks: Sequence[int], seed: int, skipped: list[Message]) -> Protocol:
    data = split.before_test
    return Protocol(
        split=split.protocol,
        description=split.description,
        dataset=data.name,
        fingerprint=split.whole.fingerprint,
        users=data.n_users,
        movies=data.n_movies,
        train_ratings=len(split.train.ratings),
        validation_ratings=len(split.validation.ratings),
        test_ratings=len(split.test.ratings),
        tested_users=len(split.tested_users),
        dropped=[*split.dropped, *skipped],
        k=list(ks),
        seed=seed,
        interval=Message("95% bootstrap over users, {resamples:,} resamples", {"resamples": RESAMPLES}),
        date=datetime.now(UTC).date().isoformat(),
        version=matinee.__version__,
        machine=Machine(**machine()),
    )


def _profile(split: Split) -> DataProfile:
    """Describe the data: how often each rating occurs, and the share of the most-rated movies."""
    data = split.before_test
    if data.ratings.rating is None:
        return DataProfile(_deciles(data.counts))
    values, counts = np.unique(data.ratings.rating, return_counts=True)
    histogram = {f"{value:g}": int(count) for value, count in zip(values, counts, strict=True)}
    return DataProfile(_deciles(data.counts), histogram)


def _deciles(counts: Indices) -> list[float]:
    ordered = np.sort(counts)[::-1]
    shares = [float(part.sum()) for part in np.array_split(ordered, 10)]
    return [round(share / max(float(ordered.sum()), 1.0), 4) for share in shares]
