"""Home: pick tonight's film. Rows that follow each rating, steered by a few chips, their variety by a slider."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.service.operations import recommendations as operations
from matinee.service.schemas.requests import ListQuery
from matinee.service.schemas.responses import ListOut, RecommendationOut
from matinee.service.state.user_feedback import UserFeedback
from matinee.service.web.decades import Decade, years_of
from matinee.service.web.leanings import favourite_genre, last_liked_movie, popular_and_varied, rarely_rated
from matinee.service.web.moods import MOODS, genres_for, moods_of, spoken_in
from matinee.service.web.page_context import PageContext, PageDep, signed_in_user
from matinee.service.web.views.cards import Card, plain, recommended

router = APIRouter(include_in_schema=False)

_ROW = 20  # films
_GEMS_FROM = 100  # the best of a person, among which gems are looked for
_GEM = 0.75  # films rated less than this share of the catalogue's rated films are
_SHORT = 120  # minutes
_IN_VIEW = 6  # films of the first row that a window shows at once: other rows do not repeat them


class Chips(BaseModel):
    """What somebody asks of tonight's film. An empty field of a form asks nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    mood: str = Field(default="", max_length=20)
    decade: Decade = ""
    short: bool = False
    no_subtitles: bool = False
    variety: float = Field(default=0.2, ge=0, le=1)


@dataclass(frozen=True)
class MovieRow:
    """Films of one list."""

    cards: list[Card]
    list_id: str


@router.get("/")
def home(context: PageDep, chips: Annotated[Chips, Query()]) -> Response:
    """The page."""
    if context.user is None:
        return context.redirect("/profiles")
    feedback = context.state.user_feedback.get(context.run, context.user.id)
    rows = _rows(context, feedback, chips)
    return context.render(
        "home.html", title=context.gettext("Tonight"), chips=chips, rated=len(feedback.history.movies), **rows
    )


def _rows(context: PageContext, feedback: UserFeedback, chips: Chips) -> dict[str, Any]:
    """All that the page shows."""
    steer = {
        "moods": moods_of(context.run),
        "decades": context.run.decades,
        "knows_length": "runtime" in context.run.engine.movies.columns,
        "knows_language": bool(spoken_in(context.run, context.language)),
    }
    asked = _query(context, chips)
    if not len(feedback.history.movies):
        films = plain(context.run, popular_and_varied(context.run, asked, _ROW * 2))
        return steer | {"listed": None, "for_you": films, "liked": None, "gems": None, "genre": None}
    listed = operations.recommend_and_log(context.state, context.run, signed_in_user(context), asked, feedback)
    return steer | {
        "listed": listed,
        "for_you": recommended(context, listed.items),
        "liked": _because_you_liked(context, feedback, listed),
        "gems": _gems(context, feedback, asked, listed),
        "genre": _new_in_a_genre(context, feedback, asked, listed),
    }


def _query(context: PageContext, chips: Chips, **more: Any) -> ListQuery:
    run = context.run
    year_from, year_to = years_of(chips.decade)
    knows_length = "runtime" in run.engine.movies.columns
    return ListQuery(
        k=_ROW,
        diversity=chips.variety,
        year_from=year_from,
        year_to=year_to,
        genre=genres_for(run, chips.mood) if chips.mood in MOODS else (),
        longest=_SHORT if chips.short and knows_length else None,
        spoken=tuple(spoken_in(run, context.language)) if chips.no_subtitles else (),
        language=context.language,
        **more,
    )


def _because_you_liked(context: PageContext, feedback: UserFeedback, listed: ListOut) -> tuple[Card, list[Card]] | None:
    """The film liked most lately, and films like it that are not seen, nor on the first row."""
    run = context.run
    liked = last_liked_movie(run, feedback)
    if liked is None:
        return None
    known = {*feedback.history.movies.tolist(), *feedback.hidden, *feedback.not_interested.tolist()}
    shown = {item.movie_id for item in listed.items[:_IN_VIEW]}
    alike = operations.similar_movies(run, run.ids[liked], 2 * _ROW)
    rows = [run.row(str(one.movie_id)) for one in alike if str(one.movie_id) not in shown]
    rows = [row for row in rows if row not in known][:_ROW]
    return (plain(run, [liked])[0], plain(run, rows)) if rows else None


def _gems(context: PageContext, feedback: UserFeedback, query: ListQuery, listed: ListOut) -> MovieRow:
    """Of the best for the person, those that few have rated."""
    run, shown = context.run, {item.movie_id for item in listed.items}
    rare = rarely_rated(run, _GEM)
    wider = query.model_copy(update={"k": _GEMS_FROM, "diversity": 0.0})
    return _picked(
        context,
        feedback,
        wider,
        lambda item: item.movie_id not in shown and run.engine.rated[run.row(item.movie_id)] <= rare,
    )


def _new_in_a_genre(
    context: PageContext, feedback: UserFeedback, query: ListQuery, listed: ListOut
) -> tuple[str, MovieRow] | None:
    """The genre that the person likes more than others do, and films of it that are not on the first row."""
    genre = favourite_genre(context.run, feedback)
    if genre is None or query.genre:
        return None
    shown = {item.movie_id for item in listed.items[:_IN_VIEW]}
    within = query.model_copy(update={"genre": (genre,), "diversity": 0.0})
    found = _picked(context, feedback, within, lambda item: item.movie_id not in shown)
    return (genre, found) if found.cards else None


def _picked(
    context: PageContext, feedback: UserFeedback, query: ListQuery, wanted: Callable[[RecommendationOut], bool]
) -> MovieRow:
    """A row of those films of a list that are wanted: they alone are noted as shown."""
    user = signed_in_user(context)
    found = operations.recommend_for(context.state, context.run, user, query, feedback)
    few = [item for item in found.items if wanted(item)][:_ROW]
    shown = operations.log_impressions(context.state, user, query, found.model_copy(update={"items": few}))
    return MovieRow(recommended(context, few), shown.list_id)
