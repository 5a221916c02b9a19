"""Your taste: see, and correct, what lists are built from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from matinee.service.operations import recommendations as operations
from matinee.service.schemas.requests import ListQuery
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.shares import ENOUGH, category_shares
from matinee.service.web.views.cards import Card, recommended
from matinee.service.web.views.user_marks import UserMarks
from matinee.store.lists import MovieList
from matinee.store.marks import Change

router = APIRouter(include_in_schema=False)

_RATED, _FOR_YOU, _CHANGES = 20, 6, 12  # on a page
_LISTED, _LISTED_MOST = 6, 1000  # of a list: at first, and once it is opened
ListName = Literal["", "watchlist", "not-interested", "excluded", "seen"]


@dataclass(frozen=True)
class TasteMovie:
    """A film on one of the lists of the page."""

    movie_id: str
    title: str  # its id, where the catalogue of now does not have it
    year: int | None
    known: bool
    mine: UserMarks
    at: datetime | None


@dataclass(frozen=True)
class MovieListView:
    """One list, as far as it is shown."""

    name: str
    films: list[TasteMovie]
    more: bool


@dataclass(frozen=True)
class ChangeView:
    """A change, with what may be done about it."""

    change: Change
    film: TasteMovie
    undo: bool  # it has the last word on the film


@router.get("/taste")
def taste(
    context: SignedInPageDep,
    stars: Annotated[float | None, Query(ge=0.5, le=5, multiple_of=0.5)] = None,
    after: Annotated[str | None, Query(max_length=400)] = None,
    opened: ListName = "",
) -> Response:
    """The page: ratings of so many stars, those `after` a cursor, with one of the lists opened."""
    user, run, store = signed_in_user(context), context.run, context.state.store
    known = context.state.user_feedback.get(run, user.id)
    rated = store.ratings.page(user.id, stars=stars, cursor=after, limit=_RATED)
    lists = store.lists
    on = {name: of.ids(user.id) for name, of in (("w", lists.watchlist), ("n", lists.not_interested))}
    excluded = lists.excluded.ids(user.id)
    films = [
        film_of(
            context,
            one.movie_id,
            UserMarks(one.stars, one.movie_id in on["w"], one.movie_id in on["n"], one.movie_id in excluded),
            one.rated_at,
        )
        for one in rated.items
    ]
    counts = store.ratings.counts(user.id)
    return context.render(
        "taste.html",
        title=context.gettext("Your taste"),
        counts=counts,
        most=max(counts.values(), default=1),
        rated=sum(counts.values()),
        used=len(known.history.movies),
        stars=stars,
        after=after,
        opened=opened,
        films=films,
        following=rated.next,
        for_you=_for_you(context) if len(known.history.movies) else [],
        lists=[
            _listed(context, name, kept, opened)
            for name, kept in (
                ("watchlist", lists.watchlist),
                ("not-interested", lists.not_interested),
                ("excluded", lists.excluded),
                ("seen", lists.seen),
            )
        ],
        changes=_changes(context),
        shares=category_shares(run, known),
        enough=ENOUGH,
    )


def film_of(
    context: PageContext, movie_id: str, mine: UserMarks | None = None, at: datetime | None = None
) -> TasteMovie:
    """A film by its id, which the catalogue may no longer have."""
    row = context.run.rows.get(movie_id)
    if row is None:
        return TasteMovie(movie_id, movie_id, None, False, mine or UserMarks(), at)
    movies = context.run.engine.movies
    return TasteMovie(movie_id, movies["title"][row], movies["year"][row], True, mine or UserMarks(), at)


def _for_you(context: PageContext) -> list[Card]:
    asked = ListQuery(k=_FOR_YOU, language=context.language)
    return recommended(
        context, operations.recommend_and_log(context.state, context.run, signed_in_user(context), asked).items
    )


def _listed(context: PageContext, name: str, kept: MovieList, opened: str) -> MovieListView:
    most = _LISTED_MOST if opened == name else _LISTED
    user = signed_in_user(context)
    page = kept.page(user.id, limit=most)
    shown = [one.movie_id for one in page.items]
    if name == "seen" and shown:  # those that were given stars since are among the rated
        rated = {one.movie_id for one in context.state.store.ratings.history(user.id)}
        shown = [one for one in shown if one not in rated]
    return MovieListView(name, [film_of(context, one) for one in shown], page.next is not None)


def _changes(context: PageContext) -> list[ChangeView]:
    """The newest changes; of those of one kind and film the newest can be taken back."""
    page = context.state.store.changes.page(signed_in_user(context).id, limit=_CHANGES)
    spoken_of: set[tuple[str, str]] = set()
    told: list[ChangeView] = []
    for change in page.items:
        about = (change.kind, change.movie_id)
        told.append(ChangeView(change, film_of(context, change.movie_id), about not in spoken_of))
        spoken_of.add(about)
    return told
