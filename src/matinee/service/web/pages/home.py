"""Tonight: rows of movies to pick from, which follow each rating. Filters and variety are in the address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.message import N_
from matinee.pipeline.explore.taste_summary import (
    favourite_genre,
    last_liked_movie,
    popular_and_varied,
    rating_count_quantile,
)
from matinee.service.operations import recommendations as operations
from matinee.service.schemas.requests import ListQuery
from matinee.service.schemas.responses import ListOut, RecommendationOut
from matinee.service.state.user_feedback import UserFeedback
from matinee.service.web.page_context import MenuEntry, PageContext, PageDep, signed_in_user
from matinee.service.web.views.cards import Card, movie_cards, recommendation_cards
from matinee.service.web.views.list_filters import (
    MOODS,
    Decade,
    available_moods,
    catalogue_languages,
    decade_years,
    mood_genres,
)

router = APIRouter(include_in_schema=False)
MENU_ENTRY = MenuEntry(1, "/", N_("Tonight"))

_ROW = 20  # movies
_GEM_CANDIDATES = 100  # the user's best movies, which hidden gems are chosen from
_GEM_QUANTILE = 0.75  # a gem has at most as many ratings as this share of the rated movies
_SHORT = 120  # minutes
_IN_VIEW = 6  # movies of the first row that a window shows at once: other rows do not repeat them


class HomeFilters(BaseModel):
    """The filters above the rows. An empty field means no filter."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    mood: str = Field(default="", max_length=20)
    decade: Decade = ""
    short: bool = False
    no_subtitles: bool = False
    variety: float = Field(default=0.2, ge=0, le=1)


@dataclass(frozen=True)
class MovieRow:
    """The movies of one list."""

    cards: list[Card]
    list_id: str


@router.get("/")
def home(context: PageDep, filters: Annotated[HomeFilters, Query()]) -> Response:
    """The page."""
    if context.user is None:
        return context.redirect("/profiles")
    feedback = context.state.user_feedback.get(context.run, context.user.id)
    variables = _filter_options(context) | _rows(context, feedback, filters)
    return context.render(
        "home.html",
        title=context.gettext("Tonight"),
        filters=filters,
        n_ratings=len(feedback.history.movies),
        **variables,
    )


def _filter_options(context: PageContext) -> dict[str, Any]:
    return {
        "moods": available_moods(context.run),
        "decades": context.run.decades,
        "has_runtime": "runtime" in context.run.engine.movies.columns,
        "has_language": bool(catalogue_languages(context.run, context.language)),
    }


def _rows(context: PageContext, feedback: UserFeedback, filters: HomeFilters) -> dict[str, Any]:
    query = _query(context, filters)
    if not len(feedback.history.movies):
        rows = popular_and_varied(context.run.engine, query.filters(), _ROW * 2)
        cards = movie_cards(context.run, rows)
        return {"recommendations": None, "for_you": cards, "because_you_liked": None, "gems": None, "new_genre": None}
    recommendations = operations.recommend_and_log(context.state, context.run, signed_in_user(context), query, feedback)
    return {
        "recommendations": recommendations,
        "for_you": recommendation_cards(context, recommendations.items),
        "because_you_liked": _because_you_liked(context, feedback, recommendations),
        "gems": _hidden_gems(context, feedback, query, recommendations),
        "new_genre": _new_in_a_genre(context, feedback, query, recommendations),
    }


def _query(context: PageContext, filters: HomeFilters) -> ListQuery:
    run = context.run
    year_from, year_to = decade_years(filters.decade)
    has_runtime = "runtime" in run.engine.movies.columns
    return ListQuery(
        k=_ROW,
        diversity=filters.variety,
        year_from=year_from,
        year_to=year_to,
        genre=mood_genres(run, filters.mood) if filters.mood in MOODS else (),
        max_runtime=_SHORT if filters.short and has_runtime else None,
        spoken=tuple(catalogue_languages(run, context.language)) if filters.no_subtitles else (),
        language=context.language,
    )


def _because_you_liked(
    context: PageContext, feedback: UserFeedback, first_row: ListOut
) -> tuple[Card, list[Card]] | None:
    """The last liked movie, and similar ones that the user has not seen and the first row does not show."""
    run = context.run
    liked = last_liked_movie(run.engine, feedback.history)
    if liked is None:
        return None
    excluded = {*feedback.history.movies.tolist(), *feedback.hidden, *feedback.not_interested.tolist()}
    in_view = _movie_ids_in_view(first_row)
    similar = operations.similar_movies(run, run.ids[liked], 2 * _ROW)
    rows = [run.row(str(movie.movie_id)) for movie in similar if str(movie.movie_id) not in in_view]
    rows = [row for row in rows if row not in excluded][:_ROW]
    return (movie_cards(run, [liked])[0], movie_cards(run, rows)) if rows else None


def _hidden_gems(context: PageContext, feedback: UserFeedback, query: ListQuery, first_row: ListOut) -> MovieRow:
    """The user's best movies that few have rated and the first row does not list."""
    run, listed = context.run, {item.movie_id for item in first_row.items}
    limit = rating_count_quantile(run.engine, _GEM_QUANTILE)
    wider_query = query.model_copy(update={"k": _GEM_CANDIDATES, "diversity": 0.0})
    return _filtered_row(
        context,
        feedback,
        wider_query,
        lambda item: item.movie_id not in listed and run.engine.rating_counts[run.row(item.movie_id)] <= limit,
    )


def _new_in_a_genre(
    context: PageContext, feedback: UserFeedback, query: ListQuery, first_row: ListOut
) -> tuple[str, MovieRow] | None:
    """The user's favourite genre, and movies of it that are not in view in the first row."""
    genre = favourite_genre(context.run.engine, feedback.history)
    if genre is None or query.genre:
        return None
    in_view = _movie_ids_in_view(first_row)
    genre_query = query.model_copy(update={"genre": (genre,), "diversity": 0.0})
    row = _filtered_row(context, feedback, genre_query, lambda item: item.movie_id not in in_view)
    return (genre, row) if row.cards else None


def _movie_ids_in_view(first_row: ListOut) -> set[str]:
    return {item.movie_id for item in first_row.items[:_IN_VIEW]}


def _filtered_row(
    context: PageContext, feedback: UserFeedback, query: ListQuery, is_included: Callable[[RecommendationOut], bool]
) -> MovieRow:
    """A row of the included movies of a list. Only they are logged as shown."""
    user = signed_in_user(context)
    recommendations = operations.recommend_for(context.state, context.run, user, query, feedback)
    items = [item for item in recommendations.items if is_included(item)][:_ROW]
    shown = operations.log_impressions(context.state, user, query, recommendations.model_copy(update={"items": items}))
    return MovieRow(recommendation_cards(context, items), shown.list_id)
