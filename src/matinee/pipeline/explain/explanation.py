"""Why one movie stands where it stands with one person: what carries it, what holds it back, what would change it."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.data.histories import GAP
from matinee.data.vocabulary import Id
from matinee.errors import NotFoundError
from matinee.pipeline.candidates import RankedCandidates, ranked_candidates
from matinee.pipeline.dislikes import dislike_penalty, disliked_entries
from matinee.pipeline.engine import Engine
from matinee.pipeline.explain.reasons import leave_one_out_effect, reasons
from matinee.pipeline.recommend import predicted_stars, reasons_for
from matinee.pipeline.request import Request
from matinee.pipeline.words import Language, say, say_without

_CARRIERS = 3  # movies whose absence is tried
_LEAST_PUSH = 0.05  # of a disliked movie that is named


@dataclass(frozen=True)
class Supporter:
    """A movie of the history that speaks for another one."""

    movie_id: Id
    title: str
    stars: float | None
    share: float  # of all that speaks for the movie, 0-1
    rank_without: int | None  # where the movie would stand if this one had never been rated


@dataclass(frozen=True)
class Detractor:
    """A disliked movie that speaks against another one."""

    movie_id: Id
    title: str
    stars: float | None
    factor: float  # the factor its place is multiplied by, at least 1


@dataclass(frozen=True)
class Explanation:
    """One movie and one person."""

    movie_id: Id
    title: str
    year: int | None
    rank: int | None  # among all movies that the person may be shown; None for one that they may not
    of: int
    predicted_rating: float | None
    supporters: list[Supporter]  # the strongest first
    detractors: list[Detractor]
    reasons: list[str]

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)

    def counterfactual(self, language: Language = "en") -> str:
        """What would be without the movie that carries it most; empty where nothing does."""
        if not self.supporters or self.rank is None:
            return ""
        first = self.supporters[0]
        return say_without(first.title, first.stars, self.rank, first.rank_without, language)


def explain_movie(engine: Engine, request: Request, movie: int, language: Language = "en") -> Explanation:
    """Why the movie in row `movie` stands where it does with the person who asks; `language` is of its reasons.

    Shares and places are found by taking entries out of the history and asking again. Raises `NotFoundError` for a
    movie of the person's own history. Of a film that is listed more than once, the listing that stands best is meant.
    """
    listings = engine.listings_of(np.array([movie], dtype=np.int32))
    if np.isin(listings, request.history.movies).any():
        title = engine.lookup.label(movie)
        raise NotFoundError(f"'{title}' has been rated already; expected a movie that might be recommended")
    everything = replace(request, k=engine.n_movies)
    found = ranked_candidates(engine, everything)
    place = _rank(found, listings)
    movie = movie if place is None else int(found.rows[place - 1])
    row = np.array([movie], dtype=np.int32)
    by_content = place is not None and bool(found.by_content[place - 1])
    if place is None:
        told = reasons(engine.ranker, found.past, row, engine.movies)[0]
    else:
        told = reasons_for(engine, found, np.array([place - 1]))[0]
    stars = predicted_stars(engine, request, row)
    return Explanation(
        movie_id=engine.movies["movie_id"][movie],
        title=engine.movies["title"][movie],
        year=engine.movies["year"][movie],
        rank=place,
        of=len(found.rows),
        predicted_rating=None if stars is None else round(stars[0], 2),
        supporters=_supporters(engine, everything, found, movie, by_content),
        detractors=_detractors(engine, request, movie),
        reasons=[say(reason, engine.movies, language) for reason in told],
    )


def _rank(found: RankedCandidates, listings: npt.NDArray[np.int64]) -> int | None:
    """From 1, of a film under any of its listings; None for one that is no candidate."""
    places = np.flatnonzero(np.isin(found.rows, listings))
    return int(places[0]) + 1 if len(places) else None


def _supporters(
    engine: Engine, request: Request, found: RankedCandidates, movie: int, by_content: bool
) -> list[Supporter]:
    model = engine.content if by_content and engine.content is not None else engine.ranker
    entries, falls = leave_one_out_effect(model, found.past, np.array([movie], dtype=np.int32))
    speaking = np.maximum(falls[:, 0], 0) if len(entries) else np.zeros(0)
    strongest = np.argsort(-speaking, kind="stable")[:_CARRIERS]
    history = request.history
    carriers: list[Supporter] = []
    for position in strongest[speaking[strongest] > 0].tolist():
        entry = int(entries[position])
        row = int(history.movies[entry])
        carriers.append(
            Supporter(
                movie_id=engine.movies["movie_id"][row],
                title=engine.movies["title"][row],
                stars=None if history.ratings is None else float(history.ratings[entry]),
                share=round(float(speaking[position] / speaking.sum()), 3),
                rank_without=_rank_without(engine, request, entry, movie),
            )
        )
    return carriers


def _rank_without(engine: Engine, request: Request, entry: int, movie: int) -> int | None:
    """The movie's place if an entry of the history had never been; that entry's own film is not listed instead."""
    gone = np.arange(len(request.history.movies)) == entry
    films = engine.listings_of(request.history.movies[entry : entry + 1]).tolist()
    filters = replace(request.filters, without=(*request.filters.without, *films))
    asked = replace(request, history=request.history.with_gaps(gone), filters=filters)
    return _rank(ranked_candidates(engine, asked), engine.listings_of(np.array([movie], dtype=np.int32)))


def _detractors(engine: Engine, request: Request, movie: int) -> list[Detractor]:
    history = request.history
    disliked = np.flatnonzero(disliked_entries(history, engine.scale) & (history.movies != GAP))
    opponents: list[Detractor] = []
    for entry in disliked.tolist():
        row = history.movies[entry : entry + 1]
        push = float(dislike_penalty(engine.ranker, row, row[:0])[movie])
        if push >= _LEAST_PUSH:
            opponents.append(
                Detractor(
                    movie_id=engine.movies["movie_id"][int(row[0])],
                    title=engine.movies["title"][int(row[0])],
                    stars=None if history.ratings is None else float(history.ratings[entry]),
                    factor=round(float(np.exp(push)), 2),
                )
            )
    return sorted(opponents, key=lambda one: -one.factor)
