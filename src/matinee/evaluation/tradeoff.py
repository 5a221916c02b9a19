"""What variety and chance cost: the dials of a recommendation list, each notch judged on a split."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.arrays import MovieRows
from matinee.data.splits import Split
from matinee.errors import NotFoundError
from matinee.evaluation.intervals import Bootstrap, Figure
from matinee.evaluation.metrics import PerUser, diversity
from matinee.features.genres import genre_vectors
from matinee.models.popularity_stats import popularity_stats
from matinee.models.recommender import Recommender
from matinee.pipeline.candidates import RankedCandidates, ranked_candidates
from matinee.pipeline.engine import Engine
from matinee.pipeline.request import Request
from matinee.pipeline.rerank import add_exploration, mmr
from matinee.progress import track

DIVERSITY = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
EXPLORATION = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0)
_COLOURS = ("#2a6fbb", "#b3312c", "#4d7c4f")


@dataclass(frozen=True)
class TradeoffPoint:
    """Lists as one position of a dial makes them."""

    at: float
    ndcg: Figure
    variety: Figure  # 1 - the mean cosine between the genres of each two movies of a list
    coverage: float  # share of the catalogue on anybody's list

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return {"at": self.at, "ndcg": vars(self.ndcg), "variety": vars(self.variety), "coverage": self.coverage}


@dataclass(frozen=True)
class TradeoffCurves:
    """Both dials, for one model on one split."""

    users: int
    k: int
    diversity: tuple[TradeoffPoint, ...]
    exploration: tuple[TradeoffPoint, ...]

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return {
            "users": self.users,
            "k": self.k,
            "diversity": [notch.to_json() for notch in self.diversity],
            "exploration": [notch.to_json() for notch in self.exploration],
        }


def measure_tradeoff(model: Recommender, split: Split, k: int = 10, users: int = 2000, seed: int = 0) -> TradeoffCurves:
    """Fit `model` on the split and make the lists of `recommend` at every notch, for `users` drawn at random."""
    model.fit(split.train, split.validation)
    known = split.known
    engine = Engine(known.movies.with_columns(popularity_stats(known).get_columns()), model, known.scale)
    rng = np.random.default_rng(seed)
    everybody = len(split.tested_users)
    drawn = np.sort(rng.choice(everybody, min(users, everybody), replace=False))
    found = [
        ranked_candidates(engine, Request(split.histories.block(one, one + 1), k))
        for one in track(drawn.tolist(), "ranking")
    ]
    targets = split.targets
    wanted = [targets.movies[targets.offsets[one] : targets.offsets[one + 1]] for one in drawn]
    seeds = rng.integers(0, 2**31, len(found)).tolist()

    def judged(at: float, diversity_at: float, exploration: float) -> TradeoffPoint:
        lists = [_shown(engine, one, k, diversity_at, (exploration, s)) for one, s in zip(found, seeds, strict=True)]
        return _notch(at, engine, wanted, np.stack(lists))

    return TradeoffCurves(
        len(found),
        k,
        tuple(judged(at, at, 0.0) for at in DIVERSITY),
        tuple(judged(at, 0.0, at) for at in EXPLORATION),
    )


def _shown(
    engine: Engine, found: RankedCandidates, k: int, diversity_at: float, chance: tuple[float, int]
) -> MovieRows:
    """The list that `recommend` would show, -1 where there are fewer than k."""
    order = np.argsort(-add_exploration(found.rank_score, found.rows, *chance), kind="stable")
    rows = found.rows[order[mmr(engine.genres[found.rows[order]], k, diversity_at)]]
    return np.pad(rows, (0, k - len(rows)), constant_values=-1)


def _notch(at: float, engine: Engine, wanted: Sequence[npt.NDArray[np.int32]], top: MovieRows) -> TradeoffPoint:
    """Judge lists (users, k) against what each user went on to rate."""
    k = top.shape[1]
    discount = 1 / np.log2(np.arange(2, k + 2))
    hit = np.stack([np.isin(rows, movies) for rows, movies in zip(top, wanted, strict=True)])
    best = np.array([discount[: len(movies)].sum() for movies in wanted])
    ones = np.ones(len(top))
    bootstrap = Bootstrap(len(top), seed=0)
    return TradeoffPoint(
        at,
        bootstrap.figure(PerUser((hit * discount).sum(axis=1) / best, ones)),
        bootstrap.figure(diversity(top, genre_vectors(engine.movies)[0])),
        round(len(np.unique(top[top >= 0])) / engine.n_movies, 4),
    )


def draw_tradeoff(dials: Mapping[str, TradeoffCurves]) -> bytes:
    """A PNG: NDCG against variety and against coverage, a line for each of the named dials, its notches marked.

    Raises `NotFoundError` where matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure as Drawing
    except ModuleNotFoundError as missing:
        raise NotFoundError("drawing the dials needs matplotlib: pip install 'matinee[deep]'") from missing
    drawing = Drawing(figsize=(10, 8), layout="constrained")
    axes: Any = drawing.subplots(2, 2)
    for line, dial in zip(axes, ("diversity", "exploration"), strict=True):
        for axis, across in zip(line, ("variety within a list", "share of the catalogue shown"), strict=True):
            for (name, one), colour in zip(dials.items(), _COLOURS, strict=False):
                notches: tuple[TradeoffPoint, ...] = getattr(one, dial)
                x = [notch.variety.value if across.startswith("variety") else notch.coverage for notch in notches]
                _draw_line(axis, x, notches, name, colour)
            axis.set_xlabel(across)
            axis.set_ylabel("NDCG")
            axis.set_title(f"--{dial}", loc="left")
            axis.spines[["top", "right"]].set_visible(False)
            axis.set_ylim(bottom=0)
            axis.legend(frameon=False)
    picture = io.BytesIO()
    drawing.savefig(picture, format="png", dpi=110)
    return picture.getvalue()


def _draw_line(axis: Any, x: Sequence[float], notches: Sequence[TradeoffPoint], name: str, colour: str) -> None:
    y = [notch.ndcg.value for notch in notches]
    low = [notch.ndcg.value - notch.ndcg.low for notch in notches]
    high = [notch.ndcg.high - notch.ndcg.value for notch in notches]
    axis.errorbar(x, y, yerr=[low, high], color=colour, marker="o", capsize=2, label=name, linewidth=1)
    for notch, a, b in zip(notches, x, y, strict=True):
        axis.annotate(f"{notch.at:g}", (a, b), (4, 5), textcoords="offset points", fontsize=8, color=colour)
