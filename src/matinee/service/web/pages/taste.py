"""Your taste: everything that lists are based on, to see and to correct."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from matinee.message import N_
from matinee.pipeline.explore.taste_summary import ENOUGH_RATINGS, category_shares
from matinee.service.operations import recommendations as operations
from matinee.service.schemas.requests import ListQuery
from matinee.service.web.page_context import MenuEntry, PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.cards import Card, UserMarks, recommendation_cards
from matinee.store.lists import MovieList
from matinee.store.marks import Change

router = APIRouter(include_in_schema=False)
MENU_ENTRY = MenuEntry(4, "/taste", N_("Your taste"))

_RATINGS, _FOR_YOU, _CHANGES = 20, 6, 12  # on a page
_LIST_PREVIEW, _MAX_LIST = 6, 1000  # movies of a list, closed and open
ListName = Literal["", "watchlist", "not-interested", "excluded", "seen"]


@dataclass(frozen=True)
class TasteMovie:
    """A movie on the page."""

    movie_id: str
    title: str  # the id, if the catalogue does not have the movie
    year: int | None
    in_catalogue: bool
    marks: UserMarks


@dataclass(frozen=True)
class MovieListView:
    """One list, or the beginning of it."""

    name: str
    movies: list[TasteMovie]
    has_more: bool


@dataclass(frozen=True)
class ChangeView:
    """A change of a rating or a list."""

    change: Change
    movie: TasteMovie
    can_undo: bool  # it is the latest of its kind for the movie


@router.get("/taste")
def taste(
    context: SignedInPageDep,
    stars: Annotated[float | None, Query(ge=0.5, le=5, multiple_of=0.5)] = None,
    after: Annotated[str | None, Query(max_length=400)] = None,
    opened: ListName = "",
) -> Response:
    """The page: ratings, optionally with one value and `after` a cursor, and the lists, one of them open."""
    user, run, store = signed_in_user(context), context.run, context.state.store
    history = context.state.user_feedback.get(run, user.id).history
    ratings = store.ratings.page(user.id, value=stars, cursor=after, limit=_RATINGS)
    watchlist, not_interested, excluded = (
        movie_list.ids(user.id)
        for movie_list in (store.lists.watchlist, store.lists.not_interested, store.lists.excluded)
    )
    movies: list[TasteMovie] = []
    for rating in ratings.items:
        movie_id = rating.movie_id
        marks = UserMarks(rating.value, movie_id in watchlist, movie_id in not_interested, movie_id in excluded)
        movies.append(taste_movie(context, movie_id, marks))
    counts = store.ratings.counts(user.id)
    return context.render(
        "taste.html",
        title=context.gettext("Your taste"),
        counts=counts,
        max_count=max(counts.values(), default=1),
        n_ratings=sum(counts.values()),
        n_used=len(history.movies),
        stars=stars,
        after=after,
        movies=movies,
        next_cursor=ratings.next,
        for_you=_for_you(context) if len(history.movies) else [],
        lists=_lists(context, opened),
        changes=_changes(context),
        shares=category_shares(run.engine, history),
        enough=ENOUGH_RATINGS,
    )


def taste_movie(context: PageContext, movie_id: str, marks: UserMarks | None = None) -> TasteMovie:
    """A movie by its id, in or out of the catalogue."""
    row = context.run.rows.get(movie_id)
    if row is None:
        return TasteMovie(movie_id, movie_id, None, False, marks or UserMarks())
    movies = context.run.engine.movies
    return TasteMovie(movie_id, movies["title"][row], movies["year"][row], True, marks or UserMarks())


def _for_you(context: PageContext) -> list[Card]:
    query = ListQuery(k=_FOR_YOU, language=context.language)
    recommendations = operations.recommend_and_log(context.state, context.run, signed_in_user(context), query)
    return recommendation_cards(context, recommendations.items)


def _lists(context: PageContext, opened: str) -> list[MovieListView]:
    lists = context.state.store.lists
    return [
        _list(context, name, movie_list, opened)
        for name, movie_list in (
            ("watchlist", lists.watchlist),
            ("not-interested", lists.not_interested),
            ("excluded", lists.excluded),
            ("seen", lists.seen),
        )
    ]


def _list(context: PageContext, name: str, movie_list: MovieList, opened: str) -> MovieListView:
    user = signed_in_user(context)
    page = movie_list.page(user.id, limit=_MAX_LIST if opened == name else _LIST_PREVIEW)
    movie_ids = [item.movie_id for item in page.items]
    if name == "seen" and movie_ids:  # seen movies that were rated later are among the ratings
        rated = {rating.movie_id for rating in context.state.store.ratings.history(user.id)}
        movie_ids = [movie_id for movie_id in movie_ids if movie_id not in rated]
    return MovieListView(name, [taste_movie(context, movie_id) for movie_id in movie_ids], page.next is not None)


def _changes(context: PageContext) -> list[ChangeView]:
    """The newest changes. For each kind and movie, only the newest can be undone."""
    page = context.state.store.changes.page(signed_in_user(context).id, limit=_CHANGES)
    listed: set[tuple[str, str]] = set()
    views: list[ChangeView] = []
    for change in page.items:
        key = (change.kind, change.movie_id)
        views.append(ChangeView(change, taste_movie(context, change.movie_id), key not in listed))
        listed.add(key)
    return views
