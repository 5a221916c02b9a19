"""The whole path of a recommendation: retrieve and rank candidates, rerank, explain."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matinee.arrays import AnyFloats, AnyRows, MovieRows
from matinee.data.vocabulary import Id
from matinee.pipeline.candidates import RankedCandidates, rank_candidates
from matinee.pipeline.engine import Engine
from matinee.pipeline.explain.reasons import Reason, find_reasons
from matinee.pipeline.request import Request
from matinee.pipeline.rerank import add_exploration, mmr


@dataclass(frozen=True)
class Recommendation:
    """One movie of a list."""

    movie_id: Id
    title: str
    year: int | None
    score: float  # in the ranker's own units: only the order means something
    predicted_rating: float | None  # None without a rating model
    reasons: list[Reason]
    sources: dict[str, int]  # the movie's rank in each source that had it among its best


@dataclass(frozen=True, eq=False)
class RecommendationList:
    """A list, and the candidates it was chosen from."""

    rows: MovieRows  # (k,) best first
    recommendations: list[Recommendation]
    candidates: RankedCandidates


def recommend(engine: Engine, request: Request) -> RecommendationList:
    """The k movies for a request, each with its reasons; fewer if fewer pass the filters."""
    candidates = rank_candidates(engine, request)
    explored = add_exploration(candidates.rank_score, candidates.rows, request.exploration, request.seed)
    positions = np.argsort(-explored, kind="stable")
    positions = positions[mmr(engine.genres[candidates.rows[positions]], request.k, request.diversity)]
    rows = candidates.rows[positions]
    sources = [
        {name: int(ranks[position]) for name, ranks in candidates.sources.items() if ranks[position]}
        for position in positions
    ]
    recommendations = build_recommendations(
        engine,
        rows,
        candidates.scores[positions],
        candidate_reasons(engine, candidates, positions),
        predict_ratings(engine, request, rows),
        sources,
    )
    return RecommendationList(rows, recommendations, candidates)


def candidate_reasons(engine: Engine, candidates: RankedCandidates, positions: AnyRows) -> list[list[Reason]]:
    """The reasons for the candidates at these positions, by the model that ranked each."""
    reasons: list[list[Reason]] = [[] for _ in positions]
    for by_content, model in ((False, engine.ranker), (True, engine.content_model)):
        chosen = np.flatnonzero(candidates.by_content[positions] == by_content)
        if model is None or not len(chosen):
            continue
        scores = None if by_content else candidates.scores[positions[chosen]]
        rows = candidates.rows[positions[chosen]]
        of_model = find_reasons(model, candidates.scored_history, rows, engine.movies, scores)
        for number, movie_reasons in zip(chosen.tolist(), of_model, strict=True):
            unrated = [Reason("unrated")] if by_content and movie_reasons != [Reason("start")] else []
            reasons[number] = movie_reasons + unrated
    return reasons


def predict_ratings(engine: Engine, request: Request, rows: MovieRows) -> list[float] | None:
    """The ratings that the user would give these movies, from the whole history; None without a rating model."""
    model = engine.rating_model if engine.rating_model is not None else engine.ranker
    if not model.predicts_ratings:
        return None
    return model.score(request.history)[0, rows].tolist()


def build_recommendations(
    engine: Engine,
    rows: AnyRows,
    scores: AnyFloats,
    reasons: Sequence[list[Reason]],
    ratings: Sequence[float] | None = None,
    sources: Sequence[dict[str, int]] | None = None,
) -> list[Recommendation]:
    """Recommendations of these movies (n,)."""
    movies = engine.movies
    return [
        Recommendation(
            movie_id=movies["movie_id"][row],
            title=movies["title"][row],
            year=movies["year"][row],
            score=round(float(scores[number]), 6),
            predicted_rating=None if ratings is None else round(ratings[number], 2),
            reasons=reasons[number],
            sources={} if sources is None else sources[number],
        )
        for number, row in enumerate(rows.tolist())
    ]
