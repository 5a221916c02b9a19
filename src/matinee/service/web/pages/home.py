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
def home(visit: PageDep, chips: Annotated[Chips, Query()]) -> Response:
    """The page."""
    if visit.user is None:
        return visit.redirect("/people")
    taste = visit.state.user_feedback.get(visit.run, visit.user.id)
    rows = _rows(visit, taste, chips)
    return visit.render(
        "home.html", title=visit.gettext("Tonight"), chips=chips, rated=len(taste.history.movies), **rows
    )


def _rows(visit: PageContext, taste: UserFeedback, chips: Chips) -> dict[str, Any]:
    """All that the page shows."""
    steer = {
        "moods": moods_of(visit.run),
        "decades": visit.run.decades,
        "knows_length": "runtime" in visit.run.engine.movies.columns,
        "knows_language": bool(spoken_in(visit.run, visit.language)),
    }
    asked = _query(visit, chips)
    if not len(taste.history.movies):
        films = plain(visit.run, popular_and_varied(visit.run, asked, _ROW * 2))
        return steer | {"listed": None, "for_you": films, "liked": None, "gems": None, "genre": None}
    listed = operations.recommend_and_log(visit.state, visit.run, signed_in_user(visit), asked, taste)
    return steer | {
        "listed": listed,
        "for_you": recommended(visit, listed.items),
        "liked": _because_you_liked(visit, taste, listed),
        "gems": _gems(visit, taste, asked, listed),
        "genre": _new_in_a_genre(visit, taste, asked, listed),
    }


def _query(visit: PageContext, chips: Chips, **more: Any) -> ListQuery:
    stage = visit.run
    year_from, year_to = years_of(chips.decade)
    knows_length = "runtime" in stage.engine.movies.columns
    return ListQuery(
        k=_ROW,
        diversity=chips.variety,
        year_from=year_from,
        year_to=year_to,
        genre=genres_for(stage, chips.mood) if chips.mood in MOODS else (),
        longest=_SHORT if chips.short and knows_length else None,
        spoken=tuple(spoken_in(stage, visit.language)) if chips.no_subtitles else (),
        language=visit.language,
        **more,
    )


def _because_you_liked(visit: PageContext, taste: UserFeedback, listed: ListOut) -> tuple[Card, list[Card]] | None:
    """The film liked most lately, and films like it that are not seen, nor on the first row."""
    stage = visit.run
    liked = last_liked_movie(stage, taste)
    if liked is None:
        return None
    known = {*taste.history.movies.tolist(), *taste.hidden, *taste.not_interested.tolist()}
    shown = {item.movie_id for item in listed.items[:_IN_VIEW]}
    alike = operations.similar_movies(stage, stage.ids[liked], 2 * _ROW)
    rows = [stage.row(str(one.movie_id)) for one in alike if str(one.movie_id) not in shown]
    rows = [row for row in rows if row not in known][:_ROW]
    return (plain(stage, [liked])[0], plain(stage, rows)) if rows else None


def _gems(visit: PageContext, taste: UserFeedback, asked: ListQuery, listed: ListOut) -> MovieRow:
    """Of the best for the person, those that few have rated."""
    stage, shown = visit.run, {item.movie_id for item in listed.items}
    rare = rarely_rated(stage, _GEM)
    wider = asked.model_copy(update={"k": _GEMS_FROM, "diversity": 0.0})
    return _picked(
        visit,
        taste,
        wider,
        lambda item: item.movie_id not in shown and stage.engine.rated[stage.row(item.movie_id)] <= rare,
    )


def _new_in_a_genre(
    visit: PageContext, taste: UserFeedback, asked: ListQuery, listed: ListOut
) -> tuple[str, MovieRow] | None:
    """The genre that the person likes more than others do, and films of it that are not on the first row."""
    genre = favourite_genre(visit.run, taste)
    if genre is None or asked.genre:
        return None
    shown = {item.movie_id for item in listed.items[:_IN_VIEW]}
    within = asked.model_copy(update={"genre": (genre,), "diversity": 0.0})
    found = _picked(visit, taste, within, lambda item: item.movie_id not in shown)
    return (genre, found) if found.cards else None


def _picked(
    visit: PageContext, taste: UserFeedback, asked: ListQuery, wanted: Callable[[RecommendationOut], bool]
) -> MovieRow:
    """A row of those films of a list that are wanted: they alone are noted as shown."""
    person = signed_in_user(visit)
    found = operations.recommend_for(visit.state, visit.run, person, asked, taste)
    few = [item for item in found.items if wanted(item)][:_ROW]
    shown = operations.log_impressions(visit.state, person, asked, found.model_copy(update={"items": few}))
    return MovieRow(recommended(visit, few), shown.list_id)
