"""An explanation of one movie's rank for one user: reasons, supporters, detractors and counterfactuals."""

from dataclasses import dataclass, replace

import numpy as np

from matinee.arrays import Indices
from matinee.data.vocabulary import Id
from matinee.errors import NotFoundError
from matinee.pipeline.candidates import RankedCandidates, rank_candidates
from matinee.pipeline.dislikes import dislike_penalty
from matinee.pipeline.engine import Engine
from matinee.pipeline.explain.reasons import Reason, find_reasons, leave_one_out_effect
from matinee.pipeline.feedback_rules import disliked_entries
from matinee.pipeline.recommend import candidate_reasons, predict_ratings
from matinee.pipeline.request import Request

_SUPPORTERS = 3  # movies for which the rank without them is computed
_MIN_PENALTY = 0.05  # of a disliked movie that is named


@dataclass(frozen=True)
class Supporter:
    """A movie of the history that raises another movie's score."""

    movie_id: Id
    title: str
    rating: float | None
    share: float  # 0-1, of the effect of all supporters
    rank_without: int | None  # the rank if this movie had not been rated


@dataclass(frozen=True)
class Detractor:
    """A disliked movie that lowers another movie's rank."""

    movie_id: Id
    title: str
    rating: float | None
    factor: float  # by which the rank is multiplied, at least 1


@dataclass(frozen=True)
class Explanation:
    """One movie explained to one user."""

    movie_id: Id
    title: str
    year: int | None
    rank: int | None  # among the candidates; None for a movie that may not be shown
    n_candidates: int
    predicted_rating: float | None
    supporters: list[Supporter]  # the strongest first
    detractors: list[Detractor]  # the strongest first
    reasons: list[Reason]


def explain_movie(engine: Engine, request: Request, movie: int) -> Explanation:
    """Explain the rank of the movie in row `movie` for a request.

    Shares and counterfactual ranks are computed by removing entries from the history and ranking again. Of a movie
    listed more than once, the listing that ranks best is explained. Raises `NotFoundError` for a movie of the history.
    """
    listings = engine.listings_of(np.array([movie], dtype=np.int32))
    if np.isin(listings, request.history.movies).any():
        title = engine.lookup.label(movie)
        raise NotFoundError(f"'{title}' is rated already. Only unrated movies can be explained.")
    everything = replace(request, k=engine.n_movies)
    candidates = rank_candidates(engine, everything)
    rank = _rank_of(candidates, listings)
    movie = movie if rank is None else int(candidates.rows[rank - 1])
    row = np.array([movie], dtype=np.int32)
    by_content = rank is not None and bool(candidates.by_content[rank - 1])
    if rank is None:
        reasons = find_reasons(engine.ranker, candidates.scored_history, row, engine.movies)[0]
    else:
        reasons = candidate_reasons(engine, candidates, np.array([rank - 1]))[0]
    ratings = predict_ratings(engine, request, row)
    return Explanation(
        movie_id=engine.movies["movie_id"][movie],
        title=engine.movies["title"][movie],
        year=engine.movies["year"][movie],
        rank=rank,
        n_candidates=len(candidates.rows),
        predicted_rating=None if ratings is None else round(ratings[0], 2),
        supporters=_supporters(engine, everything, candidates, movie, by_content),
        detractors=_detractors(engine, request, movie),
        reasons=reasons,
    )


def _rank_of(candidates: RankedCandidates, listings: Indices) -> int | None:
    """The rank of a movie under any of its listings, from 1; None for a movie that is no candidate."""
    positions = np.flatnonzero(np.isin(candidates.rows, listings))
    return int(positions[0]) + 1 if len(positions) else None


def _supporters(
    engine: Engine, request: Request, candidates: RankedCandidates, movie: int, by_content: bool
) -> list[Supporter]:
    model = engine.content_model if by_content and engine.content_model is not None else engine.ranker
    entries, effects = leave_one_out_effect(model, candidates.scored_history, np.array([movie], dtype=np.int32))
    support = np.maximum(effects[:, 0], 0) if len(entries) else np.zeros(0)
    strongest = np.argsort(-support, kind="stable")[:_SUPPORTERS]
    history = request.history
    supporters: list[Supporter] = []
    for number in strongest[support[strongest] > 0].tolist():
        entry = int(entries[number])
        row = int(history.movies[entry])
        supporters.append(
            Supporter(
                movie_id=engine.movies["movie_id"][row],
                title=engine.movies["title"][row],
                rating=None if history.ratings is None else float(history.ratings[entry]),
                share=round(float(support[number] / support.sum()), 3),
                rank_without=_rank_without(engine, request, entry, movie),
            )
        )
    return supporters


def _rank_without(engine: Engine, request: Request, entry: int, movie: int) -> int | None:
    """The movie's rank without an entry of the history, whose own movie is kept off the list."""
    removed = np.arange(len(request.history.movies)) == entry
    listings = engine.listings_of(request.history.movies[entry : entry + 1]).tolist()
    filters = replace(request.filters, without=(*request.filters.without, *listings))
    changed = replace(request, history=request.history.with_gaps(removed), filters=filters)
    return _rank_of(rank_candidates(engine, changed), engine.listings_of(np.array([movie], dtype=np.int32)))


def _detractors(engine: Engine, request: Request, movie: int) -> list[Detractor]:
    history = request.history
    detractors: list[Detractor] = []
    for entry in np.flatnonzero(disliked_entries(history, engine.scale)).tolist():
        row = history.movies[entry : entry + 1]
        penalty = float(dislike_penalty(engine.ranker, row, row[:0])[movie])
        if penalty >= _MIN_PENALTY:
            detractors.append(
                Detractor(
                    movie_id=engine.movies["movie_id"][int(row[0])],
                    title=engine.movies["title"][int(row[0])],
                    rating=None if history.ratings is None else float(history.ratings[entry]),
                    factor=round(float(np.exp(penalty)), 2),
                )
            )
    return sorted(detractors, key=lambda detractor: -detractor.factor)
