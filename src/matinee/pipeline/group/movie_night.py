"""Movie night: two to eight people choose together, and each can see what it costs whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from matinee.arrays import Floats, MovieRows, Ranks
from matinee.data.histories import GAP, Histories
from matinee.data.vocabulary import Id
from matinee.errors import ConfigError, NotFoundError
from matinee.pipeline.candidates import RankedCandidates, ranked_candidates
from matinee.pipeline.engine import Engine
from matinee.pipeline.explain.reasons import Reason
from matinee.pipeline.filters import Filters
from matinee.pipeline.group.aggregation import Strategy, aggregate
from matinee.pipeline.recommend import predicted_stars, reasons_for
from matinee.pipeline.request import Request, no_rows

_FEWEST, _MOST = 2, 8
_ANYTHING = Filters()


@dataclass(frozen=True, eq=False)
class Guest:
    """Somebody at a movie night."""

    name: str
    history: Histories  # exactly one; empty where nothing is known
    again: MovieRows = field(default_factory=no_rows)  # movies of the history that they do not mind seeing again
    not_interested: MovieRows = field(default_factory=no_rows)  # hidden from all; their like is pushed down for them


@dataclass(frozen=True)
class GuestSatisfaction:
    """What one movie of the night is to one guest."""

    guest: str
    satisfaction: float  # 0-1, see `delights`
    choice: int  # by delight, from 1, among the movies that may be shown tonight
    best: float  # the delight of the guest's first choice among those
    rank: int  # in the guest's own list, from 1, as `recommend` has it when nothing is filtered
    seen: bool  # whether they have seen it and do not mind
    predicted_rating: float | None  # stars, where a model predicts them
    reasons: tuple[Reason, ...]  # none for what they have seen

    @property
    def cost(self) -> float:
        """What choosing together costs this guest: the delight of their own first choice less that of this movie."""
        return self.best - self.satisfaction


@dataclass(frozen=True)
class NightMovie:
    """One movie that is proposed."""

    row: int
    movie_id: Id
    title: str
    year: int | None
    satisfactions: tuple[GuestSatisfaction, ...]  # of each guest, in their order


@dataclass(frozen=True)
class Night:
    """What is proposed, as facts; `night_words.py` says them."""

    strategy: Strategy
    movies: tuple[NightMovie, ...]  # in the order of the strategy
    candidates: int  # movies that may be shown tonight
    unknown: tuple[str, ...]  # guests of whose taste nothing is known: they count as people of whom nothing is known


@dataclass(frozen=True, eq=False)
class GuestRanking:
    """Everything that one guest may be shown, whoever else comes and whatever is asked for tonight.

    Places are by the movie's number in `Cinema.names`, from 1; 0 for what the guest may not be shown.
    """

    request: Request
    found: RankedCandidates
    wanted: Ranks  # (films + 1,) in the list itself
    stars: list[float] | None  # (candidates,) predicted, in the order of `found`
    liked: Ranks | None  # (films + 1,) by predicted stars, where the cinema has a model of them


def movie_night(
    engine: Engine,
    people: Sequence[Guest],
    k: int = 3,
    strategy: Strategy = "fair",
    filters: Filters = _ANYTHING,
) -> Night:
    """The k movies for 2 to 8 people; fewer where no more may be shown to all of them.

    A movie is a candidate if it passes the filters, nobody is uninterested in it, and everybody either has not seen
    it or does not mind. For the strategies see `night_strategies.chosen`. Raises `ConfigError` for a company that is
    none, and `NotFoundError` for filters that the catalogue cannot answer or that leave nothing.
    """
    _check(people, k)
    lists = [guest_ranking(engine, guest) for guest in people]
    rows = _candidates(engine, lists, filters)
    if not len(rows):
        names = ", ".join(guest.name for guest in people)
        raise NotFoundError(f"no movie passes the filters that may be shown to all of {names}; expected fewer filters")
    names = engine.title_groups[rows]
    delight = np.stack(
        [satisfaction(engine, own.wanted[names], None if own.liked is None else own.liked[names]) for own in lists]
    )  # (guests, candidates)
    picked = np.array(aggregate(delight, k, strategy))
    shares = [
        _satisfactions(engine, guest, own, rows, of_guest, picked)
        for guest, own, of_guest in zip(people, lists, delight, strict=True)
    ]
    movies = engine.movies
    return Night(
        strategy,
        tuple(
            NightMovie(row, movies["movie_id"][row], movies["title"][row], movies["year"][row], of_movie)
            for row, of_movie in zip(rows[picked].tolist(), zip(*shares, strict=True), strict=True)
        ),
        len(rows),
        tuple(guest.name for guest in people if not (guest.history.movies != GAP).any()),
    )


def guest_ranking(engine: Engine, guest: Guest) -> GuestRanking:
    """All that a guest may be shown, best first; what they have seen is among it where they do not mind."""
    again = np.isin(engine.title_groups, engine.title_groups[guest.again])
    seen = _seen(engine, guest)
    request = Request(
        guest.history,
        k=engine.n_movies,  # so that every movie has a place
        filters=Filters(without=tuple(seen[~again[seen]].tolist())),
        not_interested=guest.not_interested,
        seen_too=True,
    )
    found = ranked_candidates(engine, request)
    stars = predicted_stars(engine, request, found.rows)
    liked = None
    if engine.stars is not None and stars is not None:
        liked = _ranks_by_group(engine, found.rows[np.argsort(-np.array(stars), kind="stable")])
    return GuestRanking(request, found, _ranks_by_group(engine, found.rows), stars, liked)


def satisfaction(engine: Engine, wanted: Ranks, liked: Ranks | None = None) -> Floats:
    """How much movies delight somebody, above 0 and at most 1, from their places in the person's own lists.

        share(place) = 1 - log(place) / log(films + 1)

    for a catalogue of so many films: 1 for the first place, and the same less with each doubling of the place (a
    twelfth, of 4,000 films). Delight is the share of the place in the list itself, which says what somebody would go
    and see. A cinema that predicts stars knows a second order, of what they will have liked when they have seen it;
    then delight is the mean of both shares, since at a movie night people sit through what they would not have gone to
    see by themselves.

    Why places: scores say nothing across people, they grow with the length of a history; stars say little, some give
    five to everything. A place means the same for everybody, so everybody has an equal say. Why the logarithm: the
    stars that people really gave fall with it nearly in a straight line, from 4.3 in the first place to 2.8 among the
    last. What is chosen with stars was given 4.4 where it was given 4.1 without (`benchmarks/movie_night.py`).

    Places are those in a guest's whole list, before the filters of the night. So delight is between a person and a
    movie: who else comes does not change it, and where a filter leaves nothing for somebody's taste, that shows.
    """
    scale = np.log(_films(engine) + 1)
    share = 1 - np.log(wanted) / scale
    return share if liked is None else (share + 1 - np.log(liked) / scale) / 2


def _ranks_by_group(engine: Engine, rows: MovieRows) -> Ranks:
    """Rows (n,), best first, to places by name (films + 1,)."""
    places = np.zeros(_films(engine) + 1, dtype=np.int32)
    places[engine.title_groups[rows]] = np.arange(1, len(rows) + 1)
    return places


def _films(engine: Engine) -> int:
    """Movies of the catalogue, those listed twice counted once."""
    return int(engine.title_groups.max(initial=0))


def _seen(engine: Engine, guest: Guest) -> npt.NDArray[np.int64]:
    seen = guest.history.movies
    return engine.listings_of(seen[seen != GAP])


def _check(people: Sequence[Guest], k: int) -> None:
    if not _FEWEST <= len(people) <= _MOST:
        were = "was" if len(people) == 1 else "were"
        raise ConfigError(f"a movie night is for {_FEWEST} to {_MOST} people, and {len(people)} {were} given")
    names = [guest.name for guest in people]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ConfigError(f"two people are called '{twice[0]}'; expected a name of their own for each")
    if k < 1:
        raise ConfigError(f"k={k} movies were asked for; expected 1 or more")


def _candidates(engine: Engine, lists: Sequence[GuestRanking], filters: Filters) -> MovieRows:
    """Rows that may be shown to all; of a film listed more than once, the listing that most have rated."""
    allowed = filters.allowed(engine.movies)
    for own in lists:
        allowed &= own.wanted[engine.title_groups] > 0
    rows = np.flatnonzero(allowed).astype(np.int32)
    order = np.argsort(-engine.rated[rows], kind="stable")
    first = order[np.unique(engine.title_groups[rows[order]], return_index=True)[1]]
    return rows[np.sort(first)]


def _satisfactions(
    engine: Engine, guest: Guest, own: GuestRanking, rows: MovieRows, delight: Floats, picked: npt.NDArray[np.int64]
) -> list[GuestSatisfaction]:
    """What each of the `picked` among the candidates `rows` is to one guest, whose `delight` is (candidates,)."""
    places = own.wanted[engine.title_groups[rows]]
    choice = np.empty(len(rows), dtype=np.int64)
    choice[np.lexsort((places, -delight))] = np.arange(1, len(rows) + 1)
    seen = np.isin(rows[picked], _seen(engine, guest))
    listed = places[picked] - 1  # positions in the guest's own list
    why = reasons_for(engine, own.found, listed)
    return [
        GuestSatisfaction(
            guest=guest.name,
            satisfaction=float(delight[one]),
            choice=int(choice[one]),
            best=float(delight.max()),
            rank=int(places[one]),
            seen=bool(seen[number]),
            predicted_rating=None if own.stars is None else round(own.stars[listed[number]], 2),
            reasons=() if seen[number] else tuple(why[number]),
        )
        for number, one in enumerate(picked.tolist())
    ]
