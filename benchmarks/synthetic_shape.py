"""Does synthetic data have the shape of real data, and do models rank the same on it?

The plot compares ratings per user and per movie, the distribution of ratings, movie years, and the time between two
ratings. The leaderboard on synthetic data compares with `leave_last.json` of MovieLens 1M. The true taste of synthetic
users also gives the quality of each list.
"""

import os
from collections.abc import Callable
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from benchmarks.harness import RESULTS, Skipped, matinee_evaluate, ml_1m, ml_latest, record, synthetic
from matinee.data.dataset import Dataset
from matinee.data.readers.formats import read_dataset
from matinee.data.readers.rating_checks import are_clocks
from matinee.data.synthetic.writing import load_world
from matinee.index.top import top_rows
from matinee.models.registry import make

MODELS = ("popularity", "item_cf", "ease", "slist", "blend")
SHOWN = ("hr@10", "ndcg@10")
PERCENTILES = (0, 10, 25, 50, 75, 90, 99, 100)
HOUR = 3_600
K, N_USERS = 10, 1_000  # movies of a list, users whose lists are compared with their true taste


def run() -> None:
    """Compare synthetic data of the size of MovieLens 1M with MovieLens 1M and latest, if available."""
    sets = {"synthetic": read_dataset(synthetic(1))[0]}
    for name, load in {"MovieLens 1M": ml_1m, "MovieLens latest 2016": ml_latest}.items():
        try:
            sets[name] = load()
        except Skipped as reason:
            print(f"without {name}: {reason}")
    _plot(sets)
    report = matinee_evaluate(MODELS, synthetic(1), "leave-last", "-k", str(K))
    figures = {entry["name"]: {name: entry["metrics"][name] for name in SHOWN} for entry in report["models"]}
    record(
        "synthetic_shape",
        "Synthetic and real ratings: percentiles and shares, and the accuracy of models on the last movie of "
        "each user.",
        {
            "percentiles": PERCENTILES,
            **{name: _shape(data) for name, data in sets.items()},
            "command": report["command"],
            "models on synthetic data": figures,
            f"share of the probability of the {K} best movies": _share_of_best(sets["synthetic"]),
            "load_average": round(os.getloadavg()[1], 1),
        },
    )


def _share_of_best(data: Dataset) -> dict[str, float]:
    """Return the mean true probability of the movies of a list, relative to the best possible list."""
    users = np.sort(np.random.default_rng(0).choice(data.n_users, N_USERS, replace=False)).astype(np.int32)
    histories = data.histories_of(users)
    rated = histories.owner, histories.movies
    chances = load_world(synthetic(1)).probabilities(users)
    chances[rated] = 0
    best = np.sort(chances, axis=1)[:, -K:].sum(axis=1)
    shares: dict[str, float] = {}
    for name in ("random", *MODELS):
        scores = make(name).fit(data).score(histories).copy()
        scores[rated] = -np.inf
        listed = np.take_along_axis(chances, top_rows(scores, K), axis=1).sum(axis=1)
        shares[name] = round(float((listed / best).mean()), 3)
    return shares


def _shape(data: Dataset) -> dict[str, Any]:
    ratings, counts = data.ratings, data.counts
    mean = np.bincount(ratings.movie, weights=ratings.rating, minlength=data.n_movies) / np.maximum(counts, 1)
    by_popularity, rated = np.sort(counts)[::-1], counts >= 10
    shape = {
        "ratings": len(ratings),
        "ratings per user": np.percentile(data.histories.lengths, PERCENTILES).round().tolist(),
        "ratings per movie": np.percentile(counts, PERCENTILES).round().tolist(),
        "movies with fewer than 10": round(float((counts < 10).mean()), 3),
        "share of the most rated hundredth": round(
            float(by_popularity[: data.n_movies // 100].sum() / len(ratings)), 3
        ),
        "share of the most rated tenth": round(float(by_popularity[: data.n_movies // 10].sum() / len(ratings)), 3),
        "ratings by value": {
            f"{rating:g}": round(float((ratings.rating == rating).mean()), 3) for rating in np.unique(ratings.rating)
        },
        "mean rating": round(float(ratings.rating.mean(dtype=float)), 2),
        "deviation of ratings": round(float(ratings.rating.std(dtype=float)), 2),
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


def _plot(sets: dict[str, Dataset]) -> None:
    figure, axes = plt.subplots(2, 3, figsize=(13, 7.5), layout="constrained")
    panels = (_per_user, _per_movie, _rating_histogram, _years, _between, _whole_span)
    for entry, panel in zip(axes.ravel(), panels, strict=True):
        panel(entry, sets)
        entry.grid(alpha=0.3)
    axes[0, 0].legend()
    figure.savefig(RESULTS / "synthetic_shape.png", dpi=100)
    plt.close(figure)


def _share_above(axes: Axes, sets: dict[str, Dataset], values: Callable[[Dataset], np.ndarray]) -> None:
    """Plot the share of values larger than x on logarithmic scales, which show long tails."""
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


def _rating_histogram(axes: Axes, sets: dict[str, Dataset]) -> None:
    width = 0.45 / len(sets)
    for index, (name, data) in enumerate(sets.items()):
        ratings_, counts = np.unique(data.ratings.rating, return_counts=True)
        axes.bar(ratings_ + (index - (len(sets) - 1) / 2) * width, counts / counts.sum(), width, label=name)
    axes.set(title="Stars", xlabel="ratings by value", ylabel="share of ratings", xticks=np.arange(1, 11) / 2)


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
