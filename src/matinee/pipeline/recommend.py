"""The path on one page: retrieve and rank, filter, re-rank, explain."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.data.vocabulary import Id
from matinee.pipeline.candidates import RankedCandidates, ranked_candidates
from matinee.pipeline.engine import Engine
from matinee.pipeline.explain.reasons import Reason, reasons
from matinee.pipeline.request import Request
from matinee.pipeline.rerank import add_exploration, mmr
from matinee.pipeline.words import say


@dataclass(frozen=True)
class Recommendation:
    """One movie of a list."""

    movie_id: Id
    title: str
    year: int | None
    score: float  # in the model's own units: only the order means something
    predicted_rating: float | None  # stars, where a model predicts them
    reasons: list[str]
    sources: dict[str, int]  # which sources had it among their best, and in which place

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class RecommendationList:
    """A list, and all it was chosen from."""

    rows: npt.NDArray[np.int32]  # (k,) best first
    reasons: list[list[Reason]]  # of each
    recommendations: list[Recommendation]
    candidates: RankedCandidates


def recommend(engine: Engine, request: Request) -> RecommendationList:
    """The k movies for one person, each with its reasons; fewer where no more pass the filters."""
    found = ranked_candidates(engine, request)
    order = np.argsort(-add_exploration(found.rank_score, found.rows, request.exploration, request.seed), kind="stable")
    order = order[mmr(engine.genres[found.rows[order]], request.k, request.diversity)]
    rows = found.rows[order]
    why = reasons_for(engine, found, order)
    sources = [{name: int(places[one]) for name, places in found.sources.items() if places[one]} for one in order]
    stars = predicted_stars(engine, request, rows)
    said = to_recommendations(engine, rows, found.scores[order], why, stars, sources)
    return RecommendationList(rows, why, said, found)


def reasons_for(engine: Engine, found: RankedCandidates, order: npt.NDArray[np.integer]) -> list[list[Reason]]:
    """Why each of these candidates is there, by the model that placed it."""
    why: list[list[Reason]] = [[] for _ in order]
    for by_content, model in ((False, engine.ranker), (True, engine.content)):
        mine = np.flatnonzero(found.by_content[order] == by_content)
        if model is None or not len(mine):
            continue
        known = None if by_content else found.scores[order[mine]]
        told = reasons(model, found.past, found.rows[order[mine]], engine.movies, known)
        for place, one in zip(mine.tolist(), told, strict=True):
            why[place] = [*one, Reason("unrated")] if by_content and one != [Reason("start")] else one
    return why


def predicted_stars(engine: Engine, request: Request, rows: npt.NDArray[np.int32]) -> list[float] | None:
    """Stars that the person would give each movie, from their whole history; None without a model of stars."""
    model = engine.stars if engine.stars is not None else engine.ranker
    if not model.predicts_ratings:
        return None
    return model.score(request.history)[0, rows].tolist()


def to_recommendations(
    engine: Engine,
    rows: npt.NDArray[np.integer],
    scores: npt.NDArray[np.floating],
    why: Sequence[Sequence[Reason]],
    stars: Sequence[float] | None = None,
    sources: Sequence[dict[str, int]] | None = None,
) -> list[Recommendation]:
    """These movies (n,) in words."""
    movies = engine.movies
    return [
        Recommendation(
            movie_id=movies["movie_id"][row],
            title=movies["title"][row],
            year=movies["year"][row],
            score=round(float(scores[place]), 6),
            predicted_rating=None if stars is None else round(stars[place], 2),
            reasons=[say(reason, movies) for reason in why[place]],
            sources={} if sources is None else sources[place],
        )
        for place, row in enumerate(rows.tolist())
    ]
