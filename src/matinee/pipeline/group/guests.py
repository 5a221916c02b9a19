"""The guests of a movie night, and how satisfied each would be with each movie."""

from dataclasses import dataclass, field

import numpy as np

from matinee.arrays import Floats, Indices, MovieRows, Ranks
from matinee.data.histories import GAP, Histories
from matinee.pipeline.candidates import RankedCandidates, rank_candidates
from matinee.pipeline.engine import Engine
from matinee.pipeline.explain.reasons import Reason
from matinee.pipeline.filters import Filters
from matinee.pipeline.recommend import candidate_reasons, predict_ratings
from matinee.pipeline.request import Request, no_rows


@dataclass(frozen=True, eq=False)
class Guest:
    """A guest of a movie night."""

    name: str
    history: Histories  # exactly one; empty for an unknown taste
    rewatch: MovieRows = field(default_factory=no_rows)  # movies of the history that the guest would see again
    not_interested: MovieRows = field(default_factory=no_rows)  # hidden from all; similar movies rank lower for them


@dataclass(frozen=True)
class GuestSatisfaction:
    """The satisfaction of one guest with one movie of the night."""

    guest: str
    satisfaction: float  # 0-1, see `satisfaction`
    choice_rank: int  # by satisfaction, from 1, among the movies that may be shown tonight
    best_satisfaction: float  # the guest's satisfaction with their first choice among those
    own_rank: int  # in the guest's own unfiltered list, from 1
    seen: bool  # the guest has seen it and would see it again
    predicted_rating: float | None  # None without a rating model
    reasons: tuple[Reason, ...]  # empty if seen

    @property
    def cost(self) -> float:
        """The satisfaction that the guest gives up: that of their own first choice less that of this movie."""
        return self.best_satisfaction - self.satisfaction


@dataclass(frozen=True, eq=False)
class GuestRanking:
    """All movies that one guest may be shown, regardless of the other guests and tonight's filters.

    Ranks are indexed by `Engine.title_groups` and start at 1; 0 marks a movie that the guest may not be shown.
    """

    request: Request
    candidates: RankedCandidates
    list_ranks: Ranks  # (groups,) in the list itself
    ratings: list[float] | None  # (candidates,) predicted, in the order of `candidates`
    rating_ranks: Ranks | None  # (groups,) by predicted rating; None without a rating model


def rank_for_guest(engine: Engine, guest: Guest) -> GuestRanking:
    """Rank all movies that a guest may be shown, including the seen ones that the guest would see again."""
    rewatch = np.isin(engine.title_groups, engine.title_groups[guest.rewatch])
    seen = _seen(engine, guest)
    request = Request(
        guest.history,
        k=engine.n_movies,  # gives every movie a rank
        filters=Filters(without=tuple(seen[~rewatch[seen]].tolist())),
        not_interested=guest.not_interested,
        include_seen=True,
    )
    candidates = rank_candidates(engine, request)
    ratings = predict_ratings(engine, request, candidates.rows)
    rating_ranks = None
    if engine.rating_model is not None and ratings is not None:
        rating_ranks = _group_ranks(engine, candidates.rows[np.argsort(-np.array(ratings), kind="stable")])
    return GuestRanking(request, candidates, _group_ranks(engine, candidates.rows), ratings, rating_ranks)


def satisfaction(engine: Engine, list_ranks: Ranks, rating_ranks: Ranks | None = None) -> Floats:
    """A guest's satisfaction with movies, above 0 and at most 1, from the movies' ranks in the guest's own lists.

        share(rank) = 1 - log(rank) / log(movies + 1)

    for the number of movies in the catalogue: 1 for the first rank, and the same amount less for each doubling of the
    rank (a twelfth, for 4,000 movies). Satisfaction is the share of the rank in the list itself, which predicts what
    the guest would choose to see. With a rating model, a second order predicts how the guest will rate a movie after
    seeing it; satisfaction is then the mean of both shares, since at a movie night guests also see movies that they
    would not have chosen.

    Why ranks: scores cannot be compared across users, they grow with the length of a history; nor can ratings, some
    users give five stars to everything. A rank means the same for every user, so every guest has an equal say. Why the
    logarithm: the ratings that users really gave fall with it nearly in a straight line, from 4.3 at the first rank to
    2.8 at the last ones. With a rating model the chosen movies were rated 4.4, without 4.1
    (`benchmarks/movie_night.py`).

    The ranks are those in a guest's whole list, before tonight's filters. So satisfaction concerns a guest and a movie
    only: other guests do not change it, and filters that leave nothing to a guest's taste give low values.
    """
    scale = np.log(engine.identity.n_groups + 1)
    share = 1 - np.log(list_ranks) / scale
    return share if rating_ranks is None else (share + 1 - np.log(rating_ranks) / scale) / 2


def guest_satisfactions(
    engine: Engine, guest: Guest, ranking: GuestRanking, rows: MovieRows, satisfactions: Floats, chosen: Indices
) -> list[GuestSatisfaction]:
    """Describe the satisfaction of one guest with the movies at the positions `chosen` of the candidates `rows`.

    `satisfactions` are the guest's, for all `rows`: (candidates,).
    """
    own_ranks = ranking.list_ranks[engine.title_groups[rows]]
    choice_ranks = np.empty(len(rows), dtype=np.int64)
    choice_ranks[np.lexsort((own_ranks, -satisfactions))] = np.arange(1, len(rows) + 1)
    seen = np.isin(rows[chosen], _seen(engine, guest))
    positions = own_ranks[chosen] - 1  # in the guest's own list
    reasons = candidate_reasons(engine, ranking.candidates, positions)
    return [
        GuestSatisfaction(
            guest=guest.name,
            satisfaction=float(satisfactions[candidate]),
            choice_rank=int(choice_ranks[candidate]),
            best_satisfaction=float(satisfactions.max()),
            own_rank=int(own_ranks[candidate]),
            seen=bool(seen[number]),
            predicted_rating=None if ranking.ratings is None else round(ranking.ratings[positions[number]], 2),
            reasons=() if seen[number] else tuple(reasons[number]),
        )
        for number, candidate in enumerate(chosen.tolist())
    ]


def _group_ranks(engine: Engine, rows: MovieRows) -> Ranks:
    """The rank of each title group, from rows (n,) with the best first: (groups,)."""
    ranks = np.zeros(engine.identity.n_groups, dtype=np.int32)
    ranks[engine.title_groups[rows]] = np.arange(1, len(rows) + 1)
    return ranks


def _seen(engine: Engine, guest: Guest) -> Indices:
    rows = guest.history.movies
    return engine.listings_of(rows[rows != GAP])
