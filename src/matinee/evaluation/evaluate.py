"""Fit models on a split and judge them, all alike.

The order of things is fixed so that nothing can leak: a model sees `split.train` and, for choosing,
`split.validation`; then it scores the history of each tested user; only then are the test movies looked at.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

import matinee
from matinee.data.splits import Split
from matinee.errors import ProtocolError
from matinee.evaluation import metrics
from matinee.evaluation.intervals import RESAMPLES, Bootstrap, Figure, holm, sign_flip_p_values
from matinee.evaluation.metrics import PerUser
from matinee.evaluation.ranking import Ranking, rank_targets
from matinee.evaluation.report import Comparison, ModelReport, Report
from matinee.evaluation.resources import ResourceMeter, machine
from matinee.evaluation.slices import slices_of
from matinee.features.genres import genre_vectors
from matinee.models.memory_budget import describe_solver
from matinee.models.recommender import Recommender
from matinee.progress import track

PerUserMetrics = dict[str, PerUser]


def evaluate(
    models: Mapping[str, Recommender],
    split: Split,
    ks: Sequence[int] | None = None,
    seed: int = 0,
    fitted: Mapping[str, str] | None = None,
) -> Report:
    """Fit and judge each of `models`, by the names they shall have in the report, on `split`.

    `ks` are the list lengths to measure at: 10, 20 and 50, as far as the catalogue goes, unless given. Models
    named in `fitted` are judged as they are, with the note it gives. Raises `ProtocolError` for a k below 1 or
    beyond the catalogue.
    """
    ks = sorted(set(ks)) if ks is not None else _usual_ks(split.train.n_movies)
    if not ks or ks[0] < 1 or ks[-1] > split.train.n_movies:
        raise ProtocolError(f"k must lie between 1 and the {split.train.n_movies:,} movies of the catalogue, not {ks}")
    bootstrap = Bootstrap(len(split.tested_users), seed)
    usable, skipped = _usable(models, split)
    judged = [
        _judge(name, models[name], split, ks, bootstrap, (fitted or {}).get(name))
        for name in track(usable, "evaluating")
    ]
    reports = [report for report, _ in judged]
    return Report(
        protocol=_protocol(split, ks, seed, skipped),
        models=reports,
        comparisons=_compare(judged, f"ndcg@{ks[0]}", bootstrap),
        data=_describe(split),
    )


def _usable(models: Mapping[str, Recommender], split: Split) -> tuple[list[str], list[str]]:
    """The models that can be judged on this data, and a sentence for each that cannot."""
    orderless = [] if split.train.has_order else [name for name, model in models.items() if model.uses_timestamps]
    usable = [name for name in models if name not in orderless]
    if not usable:
        raise ProtocolError(f"{split.train.name} has no timestamps, and {', '.join(orderless)} cannot do without")
    return usable, [f"{name} is skipped: it needs timestamps, and the ratings have none" for name in orderless]


def _usual_ks(n_movies: int) -> list[int]:
    return [k for k in (10, 20, 50) if k <= n_movies] or [n_movies]


def _judge(
    name: str, model: Recommender, split: Split, ks: Sequence[int], bootstrap: Bootstrap, note: str | None
) -> tuple[ModelReport, PerUserMetrics]:
    with ResourceMeter() as fitting:
        if note is None:
            model.fit(split.train, split.validation)
    with ResourceMeter() as scoring:
        ranking = rank_targets(model, split.histories, split.targets, ks[-1])
    per_user = _per_user(ranking, split, ks)
    figures = bootstrap.figures(per_user)
    for k in ks:
        lists = bootstrap.of_lists(ranking.top[:, :k], split.train.n_movies)
        figures[f"coverage@{k}"], figures[f"gini@{k}"] = lists
    figures |= _rating_errors(model, ranking, split, bootstrap)
    report = ModelReport(
        name=name,
        about=model.description,
        metrics=figures,
        slices=slices_of(model, ranking, split, ks[0], bootstrap.seed),
        fit_seconds=round(fitting.seconds, 3),
        score_seconds=round(scoring.seconds, 3),
        peak_memory_mb=round(max(fitting.peak_memory_mb, scoring.peak_memory_mb), 1),
        settings=model.config.model_dump(mode="json"),
        note=note or _training_note(model),
        covers=describe_solver(model, split.known.counts),
    )
    return report, per_user


def _training_note(model: Recommender) -> str:
    """How long a model trained: longer than its fit took, if that took up a checkpoint."""
    if not model.curve:
        return ""
    kept = "the last" if model.best_epoch is None else f"epoch {model.best_epoch + 1}"
    return f"trained for {len(model.curve)} epochs in {model.curve[-1]['seconds']:,.0f} s; {kept} is kept"


def _per_user(ranking: Ranking, split: Split, ks: Sequence[int]) -> PerUserMetrics:
    known = split.known
    genres, names = genre_vectors(known.movies)
    found: PerUserMetrics = {}
    for k in ks:
        top = ranking.top[:, :k]
        found |= metrics.accuracy(ranking, k)
        found[f"novelty@{k}"] = metrics.novelty(top, known.counts, int((known.histories.lengths > 0).sum()))
        if names and k > 1:
            found[f"diversity@{k}"] = metrics.diversity(top, genres)
    return found


def _rating_errors(model: Recommender, ranking: Ranking, split: Split, bootstrap: Bootstrap) -> dict[str, Figure]:
    actual = split.targets.ratings
    if not model.predicts_ratings or actual is None:
        return {}
    owner = split.targets.owner
    return {
        "rmse": bootstrap.figure(metrics.squared_error(ranking.target_scores, actual, owner), root=True),
        "mae": bootstrap.figure(metrics.absolute_error(ranking.target_scores, actual, owner)),
    }


def _compare(judged: list[tuple[ModelReport, PerUserMetrics]], metric: str, bootstrap: Bootstrap) -> list[Comparison]:
    """The best model by `metric` against each of the others, Holm-corrected."""
    if len(judged) < 2:
        return []
    ordered = sorted(judged, key=lambda one: -one[0].metrics[metric].value)
    (best, best_values), *others = ordered
    differences = np.array([best_values[metric].above - values[metric].above for _, values in others])
    p_values = holm(sign_flip_p_values(differences, bootstrap.seed))
    return [
        Comparison(
            metric,
            best.name,
            report.name,
            bootstrap.difference(best_values[metric], values[metric]),
            float(p),
        )
        for (report, values), p in zip(others, p_values, strict=True)
    ]


def _protocol(split: Split, ks: Sequence[int], seed: int, skipped: list[str]) -> dict[str, Any]:
    data = split.known
    return {
        "split": split.protocol,
        "about": split.about,
        "dataset": data.name,
        "fingerprint": split.whole.fingerprint,
        "users": data.n_users,
        "movies": data.n_movies,
        "train_ratings": len(split.train.ratings),
        "validation_ratings": len(split.validation.ratings),
        "test_ratings": len(split.test.ratings),
        "tested_users": len(split.tested_users),
        "dropped": [*split.dropped, *skipped],
        "k": list(ks),
        "seed": seed,
        "interval": f"95% bootstrap over users, {RESAMPLES:,} resamples",
        "date": datetime.now(UTC).date().isoformat(),
        "version": matinee.__version__,
        "machine": machine(),
    }


def _describe(split: Split) -> dict[str, Any]:
    """Two pictures of the data: how people rate, and how much the famous movies hold."""
    known = split.known
    described: dict[str, Any] = {"popularity_deciles": _deciles(known.counts)}
    if known.ratings.rating is not None:
        values, counts = np.unique(known.ratings.rating, return_counts=True)
        described["rating_histogram"] = {f"{value:g}": int(count) for value, count in zip(values, counts, strict=True)}
    return described


def _deciles(counts: npt.NDArray[np.int64]) -> list[float]:
    ordered = np.sort(counts)[::-1]
    shares = [float(part.sum()) for part in np.array_split(ordered, 10)]
    return [round(share / max(float(ordered.sum()), 1.0), 4) for share in shares]
