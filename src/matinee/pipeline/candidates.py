"""Where each movie stands with one person: retrieved from several sources, ranked, filtered, not yet made a list.

A standing is minus the logarithm of a place, 0 for the first. So sources and models whose scores have nothing in
common can be held against each other, and everything that raises or lowers a movie has one unit: 1 is a factor of e.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matinee.arrays import Floats, Mask, MovieRows, Ranks, Scores
from matinee.data.histories import GAP, Histories
from matinee.index.top import descending
from matinee.models.blend.blend import Blend
from matinee.pipeline.dislikes import dislike_penalty, disliked_entries
from matinee.pipeline.engine import FEW_RATINGS, Engine
from matinee.pipeline.request import Request

_FROM_EACH = 200  # candidates from each source, at least
_CAUTION = np.log(3)  # a movie placed by its content alone has to be three times as well placed


@dataclass(frozen=True, eq=False)
class RankedCandidates:
    """The candidates of a request, best first, with all that decided about them."""

    rows: MovieRows  # (candidates,) movies
    rank_score: Floats  # (candidates,)
    scores: npt.NDArray[np.float32]  # (candidates,) of the ranker, in its own units
    penalty: npt.NDArray[np.float32]  # (candidates,) how far disliked movies lowered the standing
    by_content: Mask  # (candidates,) placed by content, since hardly anybody has rated it
    sources: dict[str, Ranks]  # (candidates,) the place each source gave it, 0 if it was not among its best
    past: Histories  # what the ranker was asked with: the history, with gaps for what was disliked

    def rank_of(self, row: int) -> int | None:
        """From 1; None for a movie that is no candidate."""
        found = np.flatnonzero(self.rows == row)
        return int(found[0]) + 1 if len(found) else None


def ranked_candidates(engine: Engine, request: Request) -> RankedCandidates:
    """Candidates from every source that the cinema has, ranked for the request's person.

    Raises `NotFoundError` for filters that the catalogue cannot answer.
    """
    history = request.history
    disliked = disliked_entries(history, engine.scale)
    past = history.with_gaps(disliked)
    allowed = _allowed(engine, request)
    scores, orders = _scored(engine, past)
    places = {name: _ranks(order, allowed) for name, order in orders.items()}
    limit = max(_FROM_EACH, 5 * request.k)
    best = {name: (place > 0) & (place <= limit) for name, place in places.items()}
    rows = np.flatnonzero(np.any([*best.values()], axis=0)).astype(np.int32)
    rows = rows[_first_listings(engine, rows, scores)]

    place = places["ranking"].astype(np.float64)
    by_content = np.zeros(engine.n_movies, dtype=np.bool_)
    standing = -np.log(np.maximum(place, 1))
    if "content" in places:
        by_content = engine.rated < FEW_RATINGS
        standing = np.where(by_content, -np.log(np.maximum(places["content"], 1)) - _CAUTION, standing)
    pushed = dislike_penalty(engine.ranker, history.movies[disliked], request.not_interested)
    standing = standing - pushed.astype(np.float64)
    order = np.lexsort((-scores[rows], -standing[rows]))
    rows = rows[order]
    return RankedCandidates(
        rows,
        standing[rows],
        scores[rows],
        pushed[rows],
        by_content[rows],
        {name: np.where(best[name], places[name], 0)[rows] for name in orders},
        past,
    )


def _allowed(engine: Engine, request: Request) -> Mask:
    """What may be on the list at all."""
    allowed = request.filters.allowed(engine.movies)
    if not request.seen_too:
        seen = request.history.movies
        allowed[engine.listings_of(seen[seen != GAP])] = False
    allowed[engine.listings_of(request.not_interested)] = False
    listed = engine.listings_of(request.watchlist)
    if request.from_watchlist == "leave-out":
        allowed[listed] = False
    elif request.from_watchlist == "only":
        kept = np.zeros_like(allowed)
        kept[listed] = True
        allowed &= kept
    return allowed


def _scored(engine: Engine, past: Histories) -> tuple[npt.NDArray[np.float32], dict[str, Scores]]:
    """The ranker's scores (movies,), and by source what its order follows from, `ranking` first."""
    if not (past.movies != GAP).any():  # nothing is known: what to ask about, then what most people have seen
        popular = engine.rated.astype(np.float32)
        popular[engine.questions] = popular.max() + np.arange(len(engine.questions), 0, -1, dtype=np.float32)
        return popular, {"ranking": popular}
    ranker = engine.ranker
    orders: dict[str, Scores] = {}
    if isinstance(ranker, Blend):
        parts = [part.score(past) for part in ranker.parts]
        scores = ranker.join(parts)[0]
        for part, own in zip(ranker.parts, parts, strict=True):
            orders.setdefault("sequence" if part.uses_timestamps else "taste", own[0])
    else:
        scores = ranker.score(past)[0]
    orders = {"ranking": scores} | orders | {"popular lately": engine.rated_recently.astype(np.float32)}
    if engine.content is not None:
        orders["content"] = content = engine.content.score(past)[0]
        orders["new"] = np.where(engine.rated < FEW_RATINGS, content, np.float32(-np.inf))
    return scores, orders


def _ranks(order: Scores, allowed: Mask) -> Ranks:
    """The place of each allowed movie, from 1 for the highest, 0 for others and what is -inf; ties in row order."""
    rows = np.flatnonzero(allowed & ~np.isneginf(order))
    places = np.zeros(len(order), dtype=np.int32)
    places[rows[descending(order[rows])]] = np.arange(1, len(rows) + 1)
    return places


def _first_listings(engine: Engine, rows: MovieRows, scores: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """Of films listed more than once, the listing with the best score: positions in `rows`, ascending."""
    order = np.argsort(-scores[rows], kind="stable")
    return np.sort(order[np.unique(engine.title_groups[rows[order]], return_index=True)[1]])
