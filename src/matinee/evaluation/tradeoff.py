"""The cost of variety and exploration in accuracy: recommendation lists at several settings, measured on a split."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matinee.arrays import MovieRows
from matinee.data.splits import Split
from matinee.errors import NotFoundError
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import PerUser, diversity
from matinee.features.facts import genre_vectors
from matinee.models.popularity_stats import popularity_stats
from matinee.models.recommender import Recommender
from matinee.pipeline.candidates import RankedCandidates, rank_candidates
from matinee.pipeline.engine import Engine
from matinee.pipeline.request import Request
from matinee.pipeline.rerank import add_exploration, mmr
from matinee.progress import track
from matinee.reports.schema import TradeoffCurves, TradeoffPoint

DIVERSITY = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
EXPLORATION = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0)
_COLOURS = ("#2a6fbb", "#b3312c", "#4d7c4f")


def measure_tradeoff(model: Recommender, split: Split, k: int = 10, users: int = 2000, seed: int = 0) -> TradeoffCurves:
    """Fit `model` on the split and measure the lists of `recommend` at every setting, for `users` drawn at random."""
    model.fit(split.train, split.validation)
    data = split.before_test
    engine = Engine(data.movies.with_columns(popularity_stats(data).get_columns()), model, data.scale)
    rng = np.random.default_rng(seed)
    n_tested = len(split.tested_users)
    sample = np.sort(rng.choice(n_tested, min(users, n_tested), replace=False))
    candidates = [
        rank_candidates(engine, Request(split.histories.block(user, user + 1), k))
        for user in track(sample.tolist(), "ranking")
    ]
    targets = split.targets
    relevant = [targets.movies[targets.offsets[user] : targets.offsets[user + 1]] for user in sample]
    seeds = rng.integers(0, 2**31, len(candidates)).tolist()

    def measure(setting: float, diversity_setting: float, exploration: float) -> TradeoffPoint:
        lists = [
            _list(engine, ranked, k, diversity_setting, (exploration, list_seed))
            for ranked, list_seed in zip(candidates, seeds, strict=True)
        ]
        return _point(setting, engine, relevant, np.stack(lists))

    return TradeoffCurves(
        len(candidates),
        k,
        [measure(setting, setting, 0.0) for setting in DIVERSITY],
        [measure(setting, 0.0, setting) for setting in EXPLORATION],
    )


def _list(
    engine: Engine, ranked: RankedCandidates, k: int, diversity_setting: float, exploration: tuple[float, int]
) -> MovieRows:
    """Build the list of `recommend`, padded with -1 if there are fewer than k movies."""
    order = np.argsort(-add_exploration(ranked.rank_score, ranked.rows, *exploration), kind="stable")
    rows = ranked.rows[order[mmr(engine.genres[ranked.rows[order]], k, diversity_setting)]]
    return np.pad(rows, (0, k - len(rows)), constant_values=-1)


def _point(setting: float, engine: Engine, relevant: Sequence[MovieRows], top: MovieRows) -> TradeoffPoint:
    """Measure lists (users, k) against the test movies of each user."""
    k = top.shape[1]
    discount = 1 / np.log2(np.arange(2, k + 2))
    hit = np.stack([np.isin(rows, movies) for rows, movies in zip(top, relevant, strict=True)])
    best = np.array([discount[: len(movies)].sum() for movies in relevant])
    ones = np.ones(len(top))
    bootstrap = Bootstrap(len(top), seed=0)
    return TradeoffPoint(
        setting,
        bootstrap.figure(PerUser((hit * discount).sum(axis=1) / best, ones)),
        bootstrap.figure(diversity(top, genre_vectors(engine.movies)[0])),
        round(len(np.unique(top[top >= 0])) / engine.n_movies, 4),
    )


def draw_tradeoff(curves: Mapping[str, TradeoffCurves]) -> bytes:
    """Draw NDCG against variety and against coverage as a PNG, a line for each of the named curves.

    Raises `NotFoundError` where matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure as Drawing
    except ModuleNotFoundError as missing:
        raise NotFoundError("Drawing needs matplotlib. Run: pip install 'matinee[deep]'") from missing
    drawing = Drawing(figsize=(10, 8), layout="constrained")
    axes: Any = drawing.subplots(2, 2)
    for row, option in zip(axes, ("diversity", "exploration"), strict=True):
        for axis, label in zip(row, ("variety within a list", "share of the catalogue shown"), strict=True):
            for (name, both), colour in zip(curves.items(), _COLOURS, strict=False):
                points: list[TradeoffPoint] = getattr(both, option)
                x = [point.variety.value if label.startswith("variety") else point.coverage for point in points]
                _draw_line(axis, x, points, name, colour)
            axis.set_xlabel(label)
            axis.set_ylabel("NDCG")
            axis.set_title(f"--{option}", loc="left")
            axis.spines[["top", "right"]].set_visible(False)
            axis.set_ylim(bottom=0)
            axis.legend(frameon=False)
    png = io.BytesIO()
    drawing.savefig(png, format="png", dpi=110)
    return png.getvalue()


def _draw_line(axis: Any, x: Sequence[float], points: Sequence[TradeoffPoint], name: str, colour: str) -> None:
    y = [point.ndcg.value for point in points]
    below = [point.ndcg.value - point.ndcg.low for point in points]
    above = [point.ndcg.high - point.ndcg.value for point in points]
    axis.errorbar(x, y, yerr=[below, above], color=colour, marker="o", capsize=2, label=name, linewidth=1)
    for point, point_x, point_y in zip(points, x, y, strict=True):
        axis.annotate(
            f"{point.setting:g}", (point_x, point_y), (4, 5), textcoords="offset points", fontsize=8, color=colour
        )
