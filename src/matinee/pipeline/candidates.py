"""Candidates for a request: retrieved from several sources, filtered and ranked.

A rank score is minus the logarithm of a rank, 0 for the best. It makes sources and models with unrelated score units
comparable, and gives everything that raises or lowers a movie one unit: 1 is a factor of e in rank.
"""

from dataclasses import dataclass

import numpy as np

from matinee.arrays import Floats, Floats32, Indices, Mask, MovieRows, Ranks, Scores
from matinee.data.histories import GAP, Histories
from matinee.index.top import descending
from matinee.models.blend.blend import Blend
from matinee.pipeline.dislikes import dislike_penalty
from matinee.pipeline.engine import FEW_RATINGS, Engine
from matinee.pipeline.feedback_rules import disliked_entries
from matinee.pipeline.request import Request

_PER_SOURCE = 200  # candidates from each source, at least
_CONTENT_PENALTY = np.log(3)  # a movie ranked by content alone has to rank three times as high


@dataclass(frozen=True, eq=False)
class RankedCandidates:
    """The candidates of a request, best first, and what ranked them."""

    rows: MovieRows  # (candidates,) movies
    rank_score: Floats  # (candidates,)
    scores: Floats32  # (candidates,) of the ranker, in its own units
    penalty: Floats32  # (candidates,) subtracted from the rank score for similarity to disliked movies
    by_content: Mask  # (candidates,) ranked by content because of few ratings
    sources: dict[str, Ranks]  # (candidates,) the rank in each source, 0 if not among its best
    scored_history: Histories  # the history that the ranker scored: with gaps for disliked movies

    def rank_of(self, row: int) -> int | None:
        """The rank of a movie, from 1; None for a movie that is no candidate."""
        positions = np.flatnonzero(self.rows == row)
        return int(positions[0]) + 1 if len(positions) else None


def rank_candidates(engine: Engine, request: Request) -> RankedCandidates:
    """Retrieve candidates from every source of the engine and rank them for a request.

    Raises `NotFoundError` for filters that the catalogue cannot answer.
    """
    history = request.history
    disliked = disliked_entries(history, engine.scale)
    scored_history = history.with_gaps(disliked)
    allowed = _allowed(engine, request)
    scores, source_scores = _score_sources(engine, scored_history)
    ranks = {name: _ranks_of(values, allowed) for name, values in source_scores.items()}
    limit = max(_PER_SOURCE, 5 * request.k)
    best = {name: (source_ranks > 0) & (source_ranks <= limit) for name, source_ranks in ranks.items()}
    rows = np.flatnonzero(np.any([*best.values()], axis=0)).astype(np.int32)
    rows = rows[_best_listings(engine, rows, scores)]

    by_content = np.zeros(engine.n_movies, dtype=np.bool_)
    rank_score = -np.log(np.maximum(ranks["ranking"].astype(np.float64), 1))
    if "content" in ranks:
        by_content = engine.rating_counts < FEW_RATINGS
        content_score = -np.log(np.maximum(ranks["content"], 1)) - _CONTENT_PENALTY
        rank_score = np.where(by_content, content_score, rank_score)
    penalty = dislike_penalty(engine.ranker, history.movies[disliked], request.not_interested)
    rank_score = rank_score - penalty.astype(np.float64)
    rows = rows[np.lexsort((-scores[rows], -rank_score[rows]))]
    return RankedCandidates(
        rows,
        rank_score[rows],
        scores[rows],
        penalty[rows],
        by_content[rows],
        {name: np.where(best[name], ranks[name], 0)[rows] for name in source_scores},
        scored_history,
    )


def _allowed(engine: Engine, request: Request) -> Mask:
    """Movies that may be on the list: (movies,)."""
    allowed = request.filters.allowed(engine.movies)
    if not request.include_seen:
        seen = request.history.movies
        allowed[engine.listings_of(seen[seen != GAP])] = False
    allowed[engine.listings_of(request.not_interested)] = False
    on_watchlist = np.zeros_like(allowed)
    on_watchlist[engine.listings_of(request.watchlist)] = True
    if request.from_watchlist == "leave-out":
        allowed &= ~on_watchlist
    elif request.from_watchlist == "only":
        allowed &= on_watchlist
    return allowed


def _score_sources(engine: Engine, history: Histories) -> tuple[Floats32, dict[str, Scores]]:
    """The ranker's scores (movies,), and the scores of each source (movies,), `ranking` first."""
    if not (history.movies != GAP).any():  # new users: the questions first, then the most-rated movies
        popular = engine.rating_counts.astype(np.float32)
        popular[engine.questions] = popular.max() + np.arange(len(engine.questions), 0, -1, dtype=np.float32)
        return popular, {"ranking": popular}
    ranker = engine.ranker
    source_scores: dict[str, Scores] = {}
    if isinstance(ranker, Blend):
        part_scores = [part.score(history) for part in ranker.parts]
        scores = ranker.combine(part_scores)[0]
        for part, values in zip(ranker.parts, part_scores, strict=True):
            source_scores.setdefault("sequence" if part.uses_timestamps else "taste", values[0])
    else:
        scores = ranker.score(history)[0]
    recent = engine.recent_rating_counts.astype(np.float32)
    source_scores = {"ranking": scores} | source_scores | {"recently popular": recent}
    if engine.content_model is not None:
        source_scores["content"] = content = engine.content_model.score(history)[0]
        source_scores["new"] = np.where(engine.rating_counts < FEW_RATINGS, content, np.float32(-np.inf))
    return scores, source_scores


def _ranks_of(scores: Scores, allowed: Mask) -> Ranks:
    """The rank of each allowed movie, 1 for the highest score; 0 for other movies and -inf; ties in row order."""
    rows = np.flatnonzero(allowed & ~np.isneginf(scores))
    ranks = np.zeros(len(scores), dtype=np.int32)
    ranks[rows[descending(scores[rows])]] = np.arange(1, len(rows) + 1)
    return ranks


def _best_listings(engine: Engine, rows: MovieRows, scores: Floats32) -> Indices:
    """Positions in `rows` of the listing of each movie with the best score, ascending."""
    order = np.argsort(-scores[rows], kind="stable")
    return np.sort(order[engine.identity.first_listings(rows[order])])
