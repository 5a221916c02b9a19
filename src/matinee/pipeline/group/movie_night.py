"""Movie night: movies for two to eight guests, with the satisfaction of each guest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matinee.arrays import MovieRows
from matinee.data.histories import GAP
from matinee.data.vocabulary import Id
from matinee.errors import ConfigError, NotFoundError
from matinee.pipeline.engine import Engine
from matinee.pipeline.filters import Filters
from matinee.pipeline.group.aggregation import Strategy, aggregate
from matinee.pipeline.group.guests import (
    Guest,
    GuestRanking,
    GuestSatisfaction,
    guest_satisfactions,
    rank_for_guest,
    satisfaction,
)

_FEWEST, _MOST = 2, 8  # guests
_NO_FILTERS = Filters()


@dataclass(frozen=True)
class NightMovie:
    """One proposed movie."""

    row: int
    movie_id: Id
    title: str
    year: int | None
    satisfactions: tuple[GuestSatisfaction, ...]  # in the order of the guests


@dataclass(frozen=True)
class Night:
    """The proposed movies, as facts; `matinee.i18n.movie_night` turns them into sentences."""

    strategy: Strategy
    movies: tuple[NightMovie, ...]  # in the order of the strategy
    n_candidates: int  # movies that may be shown tonight
    unknown_guests: tuple[str, ...]  # guests without ratings, who are treated as new users


def plan_night(
    engine: Engine,
    guests: Sequence[Guest],
    k: int = 3,
    strategy: Strategy = "fair",
    filters: Filters = _NO_FILTERS,
) -> Night:
    """The k movies for 2 to 8 guests; fewer if fewer may be shown to all of them.

    A movie is a candidate if it passes the filters, no guest has hidden it, and every guest either has not seen it or
    would see it again. `aggregate` defines the strategies. Raises `ConfigError` for an invalid group or k, and
    `NotFoundError` for filters that the catalogue cannot answer or that leave no movie.
    """
    _check(guests, k)
    rankings = [rank_for_guest(engine, guest) for guest in guests]
    rows = _candidates(engine, rankings, filters)
    if not len(rows):
        names = ", ".join(guest.name for guest in guests)
        raise NotFoundError(f"No movie passes the filters and may be shown to all of {names}. Use fewer filters.")
    groups = engine.title_groups[rows]
    satisfactions = np.stack(
        [
            satisfaction(
                engine,
                ranking.list_ranks[groups],
                None if ranking.rating_ranks is None else ranking.rating_ranks[groups],
            )
            for ranking in rankings
        ]
    )  # (guests, candidates)
    chosen = np.array(aggregate(satisfactions, k, strategy))
    by_guest = [
        guest_satisfactions(engine, guest, ranking, rows, values, chosen)
        for guest, ranking, values in zip(guests, rankings, satisfactions, strict=True)
    ]
    movies = engine.movies
    return Night(
        strategy,
        tuple(
            NightMovie(row, movies["movie_id"][row], movies["title"][row], movies["year"][row], by_movie)
            for row, by_movie in zip(rows[chosen].tolist(), zip(*by_guest, strict=True), strict=True)
        ),
        len(rows),
        tuple(guest.name for guest in guests if not (guest.history.movies != GAP).any()),
    )


def _check(guests: Sequence[Guest], k: int) -> None:
    if not _FEWEST <= len(guests) <= _MOST:
        raise ConfigError(f"A movie night with {len(guests)} guests is not possible. Invite {_FEWEST} to {_MOST}.")
    names = [guest.name for guest in guests]
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise ConfigError(f"Two guests are called '{repeated[0]}'. Give each guest a different name.")
    if k < 1:
        raise ConfigError(f"k={k} movies cannot be proposed. Use 1 or more.")


def _candidates(engine: Engine, rankings: Sequence[GuestRanking], filters: Filters) -> MovieRows:
    """Rows that may be shown to all guests; of a movie listed more than once, the listing with the most ratings."""
    allowed = filters.allowed(engine.movies)
    for ranking in rankings:
        allowed &= ranking.list_ranks[engine.title_groups] > 0
    rows = np.flatnonzero(allowed).astype(np.int32)
    rows = rows[np.argsort(-engine.rating_counts[rows], kind="stable")]
    return np.sort(rows[engine.identity.first_listings(rows)])
