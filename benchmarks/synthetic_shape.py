"""Is made-up data of the shape of the real sets, and do models rank on it as on them?

Drawn side by side: ratings per user and per movie, stars, years of the movies, time between two ratings. Then the
leaderboard on the made-up set, to be read beside `leave_last.json`, that of MovieLens 1M; and how well each list finds
what its user truly likes, which only a made-up set can tell.
"""

import os
from collections.abc import Callable
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from benchmarks.measuring import RESULTS, Skipped, matinee_evaluate, ml_1m, ml_latest, record, synthetic
from matinee.data.dataset import Dataset
from matinee.data.readers.formats import read_dataset
from matinee.data.readers.rating_checks import are_clocks
from matinee.data.synthetic.writing import world_of
from matinee.index.top import top_rows
from matinee.models.registry import make

MODELS = ("popularity", "item_cf", "ease", "slist", "blend")
SHOWN = ("hr@10", "ndcg@10")
PERCENTILES = (0, 10, 25, 50, 75, 90, 99, 100)
HOUR = 3_600
K, ASKED = 10, 1_000  # movies of a list, users whose lists are held against the truth


def run() -> None:
    """Made-up data of the size of MovieLens 1M beside MovieLens 1M and latest, as far as they are here."""
    sets = {"made up": read_dataset(synthetic(1))[0]}
    for name, read in {"MovieLens 1M": ml_1m, "MovieLens latest 2016": ml_latest}.items():
        try:
            sets[name] = read()
        except Skipped as reason:
            print(f"without {name}: {reason}")
    _draw(sets)
    report = matinee_evaluate(MODELS, synthetic(1), "leave-last", "-k", str(K))
    figures = {one["name"]: {name: one["metrics"][name] for name in SHOWN} for one in report["models"]}
    record(
        "synthetic_shape",
        "Made-up ratings beside real ones: percentiles and shares; and the last movie of each user found by models.",
        {
            "percentiles": PERCENTILES,
            **{name: _shape(data) for name, data in sets.items()},
            "command": report["command"],
            "models on made-up data": figures,
            f"share of the chances of the {K} best that a list of {K} has": _found(sets["made up"]),
            "load_average": round(os.getloadavg()[1], 1),
        },
    )


def _found(data: Dataset) -> dict[str, float]:
    """How likely a list's movies truly are picked next, beside the likeliest that the user has not rated: a mean."""
    users = np.sort(np.random.default_rng(0).choice(data.n_users, ASKED, replace=False)).astype(np.int32)
    histories = data.histories_of(users)
    rated = histories.owner, histories.movies
    chances = world_of(synthetic(1)).chances(users)
    chances[rated] = 0
    best = np.sort(chances, axis=1)[:, -K:].sum(axis=1)
    found: dict[str, float] = {}
    for name in ("random", *MODELS):
        scores = make(name).fit(data).score(histories).copy()
        scores[rated] = -np.inf
        listed = np.take_along_axis(chances, top_rows(scores, K), axis=1).sum(axis=1)
        found[name] = round(float((listed / best).mean()), 3)
    return found


def _shape(data: Dataset) -> dict[str, Any]:
    ratings, counts = data.ratings, data.counts
    mean = np.bincount(ratings.movie, weights=ratings.rating, minlength=data.n_movies) / np.maximum(counts, 1)
    famous, rated = np.sort(counts)[::-1], counts >= 10
    shape = {
        "ratings": len(ratings),
        "ratings per user": np.percentile(data.histories.lengths, PERCENTILES).round().tolist(),
        "ratings per movie": np.percentile(counts, PERCENTILES).round().tolist(),
        "movies with fewer than 10": round(float((counts < 10).mean()), 3),
        "share of the most rated hundredth": round(float(famous[: data.n_movies // 100].sum() / len(ratings)), 3),
        "share of the most rated tenth": round(float(famous[: data.n_movies // 10].sum() / len(ratings)), 3),
        "stars": {f"{star:g}": round(float((ratings.rating == star).mean()), 3) for star in np.unique(ratings.rating)},
        "mean of stars": round(float(ratings.rating.mean(dtype=float)), 2),
        "deviation of stars": round(float(ratings.rating.std(dtype=float)), 2),
        "deviation of movie means": round(float(mean[counts >= 50].std()), 2),
        "correlation of mean and log count": round(float(np.corrcoef(mean[rated], np.log(counts[rated]))[0, 1]), 2),
        "movie years": np.percentile(data.movies["year"].drop_nulls(), PERCENTILES).tolist(),
    }
    if are_clocks(ratings.timestamp):
        gaps = _gaps(data)
        shape["seconds between ratings"] = np.percentile(gaps, PERCENTILES).round().tolist()
        shape["in the same second"] = round(float((gaps == 0).mean()), 3)
        shape["more than an hour"] = round(float((gaps > HOUR).mean()), 3)
        shape["days from first to last"] = np.percentile(_spans(data), PERCENTILES).round(2).tolist()
    return shape


def _gaps(data: Dataset) -> np.ndarray:
    same = data.ratings.user[1:] == data.ratings.user[:-1]
    return np.diff(data.ratings.timestamp)[same]


def _spans(data: Dataset) -> np.ndarray:
    offsets = data.histories.offsets
    return (data.ratings.timestamp[offsets[1:] - 1] - data.ratings.timestamp[offsets[:-1]]) / 86_400


def _draw(sets: dict[str, Dataset]) -> None:
    figure, axes = plt.subplots(2, 3, figsize=(13, 7.5), layout="constrained")
    panels = (_per_user, _per_movie, _stars, _years, _between, _whole_span)
    for one, panel in zip(axes.ravel(), panels, strict=True):
        panel(one, sets)
        one.grid(alpha=0.3)
    axes[0, 0].legend()
    figure.savefig(RESULTS / "synthetic_shape.png", dpi=100)
    plt.close(figure)


def _share_above(axes: Axes, sets: dict[str, Dataset], values: Callable[[Dataset], np.ndarray]) -> None:
    """The share of values that are larger than x, both on logarithmic scales: long tails come out as slow descents."""
    for name, data in sets.items():
        ordered = np.sort(values(data))
        axes.plot(np.maximum(ordered, 0.5), 1 - np.arange(len(ordered)) / len(ordered), label=name)
    axes.set(xscale="log", yscale="log")


def _per_user(axes: Axes, sets: dict[str, Dataset]) -> None:
    _share_above(axes, sets, lambda data: data.histories.lengths)
    axes.set(title="Ratings per user", xlabel="ratings", ylabel="share of users with at least that many")


def _per_movie(axes: Axes, sets: dict[str, Dataset]) -> None:
    _share_above(axes, sets, lambda data: data.counts / len(data.ratings) * 1e6)
    axes.set(title="Ratings per movie", xlabel="in a million ratings", ylabel="share of movies with at least that many")
    axes.set_xlim(left=1)


def _stars(axes: Axes, sets: dict[str, Dataset]) -> None:
    width = 0.45 / len(sets)
    for place, (name, data) in enumerate(sets.items()):
        stars, counts = np.unique(data.ratings.rating, return_counts=True)
        axes.bar(stars + (place - (len(sets) - 1) / 2) * width, counts / counts.sum(), width, label=name)
    axes.set(title="Stars", xlabel="stars", ylabel="share of ratings", xticks=np.arange(1, 11) / 2)


def _years(axes: Axes, sets: dict[str, Dataset]) -> None:
    for name, data in sets.items():
        years, counts = np.unique(data.movies["year"].drop_nulls(), return_counts=True)
        axes.plot(years, counts / counts.sum(), label=name)
    axes.set(title="Movies by year", xlabel="year", ylabel="share of movies")


def _between(axes: Axes, sets: dict[str, Dataset]) -> None:
    for name, data in _with_clocks(sets).items():
        gaps = np.sort(_gaps(data))
        axes.plot(np.maximum(gaps, 0.5), 1 - np.arange(len(gaps)) / len(gaps), label=name, color=_colour(sets, name))
    axes.set(title="Time between two ratings", xlabel="seconds", ylabel="share of pairs at least that far apart")
    axes.set(xscale="log", yscale="log", ylim=(1e-4, 1.5))


def _whole_span(axes: Axes, sets: dict[str, Dataset]) -> None:
    for name, data in _with_clocks(sets).items():
        spans = np.sort(_spans(data))
        share = 1 - np.arange(len(spans)) / len(spans)
        axes.plot(np.maximum(spans, 1e-3), share, label=name, color=_colour(sets, name))
    axes.set(title="From a user's first rating to the last", xlabel="days", ylabel="share of users", xscale="log")


def _with_clocks(sets: dict[str, Dataset]) -> dict[str, Dataset]:
    return {name: data for name, data in sets.items() if are_clocks(data.ratings.timestamp)}


def _colour(sets: dict[str, Dataset], name: str) -> str:
    return f"C{list(sets).index(name)}"
