"""The taste map: the catalogue as a plane to wander in, one's own films lit and the recommended ones ringed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from matinee.data.histories import GAP
from matinee.pipeline.recommend import recommend
from matinee.service.http_cache import check_etag
from matinee.service.operations.recommendations import request_for
from matinee.service.schemas.requests import ListQuery
from matinee.service.state.served_run import ServedRun
from matinee.service.state.taste_maps import ReadyMap
from matinee.service.state.user_feedback import UserFeedback
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.shares import ENOUGH
from matinee.service.web.template_filters import genre as in_words

router = APIRouter(include_in_schema=False)

WIDTH, HEIGHT, EDGE = 1000, 640, 24  # of the drawing
_FINE = 10_000  # steps across the map, in JSON
_RINGED = 20
_NAMED = 6  # films of a region in the list below the map
_GOOD = 3.0  # stars from which on a film is among one's best somewhere


@dataclass(frozen=True)
class Spot:
    """A film on the drawing."""

    movie_id: str
    title: str
    year: int | None
    x: float
    y: float
    stars: float | None = None  # the person's


@dataclass(frozen=True)
class Part:
    """A region, with what of it is the person's: in words, what the map shows."""

    genre: str
    films: int
    yours: int
    best: list[Spot]  # of the person's, the best first
    ringed: list[Spot]


@router.get("/taste/map")
def taste_map(context: SignedInPageDep) -> Response:
    """The page; while the map is being drawn, one that says so and asks again."""
    title = context.gettext("The map of your taste")
    drawn = context.state.taste_maps.get(context.run)
    if not isinstance(drawn, ReadyMap):
        status = 503 if drawn.state == "failed" else 200
        return context.render("taste_map.html", status, title=title, state=drawn.state, seconds=5)
    feedback = context.state.user_feedback.get(context.run, signed_in_user(context).id)
    mine, ringed = _mine(feedback), _ringed(context, feedback)
    lit, rings = _spots(context.run, drawn, mine), _spots(context.run, drawn, dict.fromkeys(ringed))
    return context.render(
        "taste_map.html",
        title=title,
        state="drawn",
        size=(WIDTH, HEIGHT),
        dots=_dots(drawn),
        names=[(one.genre, *_on_paper(*one.place)) for one in drawn.regions if one.named],
        lit={
            stars: _path([one for one in lit if one.stars == stars])
            for stars in sorted({one.stars for one in lit if one.stars is not None})
        },
        rings=rings,
        parts=_parts(drawn, context.run, lit, rings),
        films=len(drawn.map.rows),
        rated=len(mine),
        enough=ENOUGH,
    )


@router.get("/taste/map.json")
def points(context: SignedInPageDep, told: Response) -> Response:
    """All points, as columns: places in 10,000ths of the map, the films beyond it that are one's own at the end."""
    run = context.run
    feedback = context.state.user_feedback.get(run, signed_in_user(context).id)
    check_etag(context.request, told, run.version, signed_in_user(context).id, feedback.version, context.language)
    drawn = context.state.taste_maps.get(run)
    if not isinstance(drawn, ReadyMap):
        raise HTTPException(503, "the map is being drawn", {"Retry-After": "2"})
    mine, ringed = _mine(feedback), _ringed(context, feedback)
    beyond = [row for row in dict.fromkeys([*mine, *ringed]) if row not in drawn.position]
    rows = np.concatenate([drawn.map.rows, np.array(beyond, dtype=np.int64)])
    spot = drawn.position | {row: len(drawn.map.rows) + place for place, row in enumerate(beyond)}
    places = np.concatenate([drawn.map.coordinates, drawn.map.place(np.array(beyond, dtype=np.int64))])
    fine = np.rint(places * _FINE).astype(int)
    movies = run.engine.movies[rows]
    content: dict[str, Any] = {
        "size": _FINE,
        "ids": [run.ids[row] for row in rows.tolist()],
        "titles": movies["title"].to_list(),
        "years": movies["year"].to_list(),
        "x": fine[:, 0].tolist(),
        "y": fine[:, 1].tolist(),
        "mine": [[spot[row], stars] for row, stars in mine.items()],
        "ringed": [spot[row] for row in ringed],
        "regions": [
            [round(one.place[0] * _FINE), round(one.place[1] * _FINE), in_words(context.language, one.genre)]
            for one in drawn.regions
            if one.named
        ],
    }
    kept = {name: told.headers[name] for name in ("ETag", "Cache-Control")}
    return Response(orjson.dumps(content), headers=kept, media_type="application/json")


def _mine(feedback: UserFeedback) -> dict[int, float]:
    """The rows that count for somebody, with their stars of five."""
    rows, stars = feedback.history.movies, feedback.history.ratings
    if stars is None:
        return {}
    return {row: value for row, value in zip(rows.tolist(), stars.tolist(), strict=True) if row != GAP}


def _ringed(context: PageContext, feedback: UserFeedback) -> list[int]:
    """The rows on top of somebody's list. They are not told as shown: a ring on a map is no recommendation read."""
    if not len(feedback.history.movies):
        return []
    return recommend(context.run.engine, request_for(context.run, feedback, ListQuery(k=_RINGED))).rows.tolist()


def _spots(run: ServedRun, drawn: ReadyMap, rows: dict[int, float] | dict[int, None]) -> list[Spot]:
    if not rows:
        return []
    movies = run.engine.movies[list(rows)]
    places = drawn.map.place(np.array(list(rows), dtype=np.int64)).tolist()
    told = zip(rows.items(), movies["title"].to_list(), movies["year"].to_list(), places, strict=True)
    return [
        Spot(run.ids[row], title, year, *_on_paper(*place), stars=stars) for (row, stars), title, year, place in told
    ]


def _parts(drawn: ReadyMap, run: ServedRun, lit: list[Spot], rings: list[Spot]) -> list[Part]:
    """The regions of one genre together, those with most of the person's films first."""
    genre_of = {run.ids[int(drawn.map.rows[film])]: one.genre for one in drawn.regions for film in one.films.tolist()}
    genres = dict.fromkeys(one.genre for one in drawn.regions)
    parts: list[Part] = []
    for genre in genres:
        own = [one for one in lit if genre_of.get(one.movie_id) == genre]
        liked = [one for one in own if (one.stars or 0) >= _GOOD]
        best = sorted(liked, key=lambda one: -(one.stars or 0))[:_NAMED]
        ringed = [one for one in rings if genre_of.get(one.movie_id) == genre]
        films = sum(len(one.films) for one in drawn.regions if one.genre == genre)
        parts.append(Part(genre, films, len(own), best, ringed))
    return sorted(parts, key=lambda one: (-one.yours, -one.films))


@lru_cache(maxsize=2)
def _dots(drawn: ReadyMap) -> str:
    """All films as one path: a line of no length is drawn as a round dot."""
    return "".join(f"M{x:.0f} {y:.0f}h0" for x, y in (_on_paper(*place) for place in drawn.map.coordinates.tolist()))


def _path(spots: list[Spot]) -> str:
    return "".join(f"M{one.x:.0f} {one.y:.0f}h0" for one in spots)


def _on_paper(x: float, y: float) -> tuple[float, float]:
    return round(EDGE + x * (WIDTH - 2 * EDGE), 1), round(EDGE + y * (HEIGHT - 2 * EDGE), 1)
