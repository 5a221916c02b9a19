"""The taste map: the catalogue as a plane, with the user's movies highlighted and the recommended ones ringed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from matinee.data.histories import GAP
from matinee.pipeline.explore.taste_summary import ENOUGH_RATINGS
from matinee.pipeline.feedback_rules import BEST_IN_REGION_RATING
from matinee.pipeline.recommend import recommend
from matinee.service.http_cache import check_etag
from matinee.service.operations.recommendations import request_for
from matinee.service.schemas.requests import ListQuery
from matinee.service.state.served_run import ServedRun
from matinee.service.state.taste_maps import ReadyMap
from matinee.service.state.user_feedback import UserFeedback
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user

router = APIRouter(include_in_schema=False)

WIDTH, HEIGHT, MARGIN = 1000, 640, 24  # of the drawing
_STEPS = 10_000  # across the map, for coordinates in JSON
_RECOMMENDED = 20
_FAVOURITES = 6  # movies of a region in the list below the map


@dataclass(frozen=True)
class MapPoint:
    """A movie on the drawing."""

    movie_id: str
    title: str
    year: int | None
    x: float
    y: float
    stars: float | None = None  # the user's


@dataclass(frozen=True)
class RegionSummary:
    """A region of the map in words."""

    genre: str
    n_movies: int
    n_rated: int
    favourites: list[MapPoint]  # the best first
    recommended: list[MapPoint]


@router.get("/taste/map")
def taste_map(context: SignedInPageDep) -> Response:
    """The page. Until the map is ready, it reloads itself."""
    title = context.gettext("Your taste map")
    ready = context.state.taste_maps.get(context.run)
    if not isinstance(ready, ReadyMap):
        status = 503 if ready.state == "failed" else 200
        return context.render("taste_map.html", status, title=title, state=ready.state, seconds=5)
    feedback = context.state.user_feedback.get(context.run, signed_in_user(context).id)
    ratings, recommended = _ratings(feedback), _recommended_rows(context, feedback)
    rated_points = _points(context.run, ready, ratings)
    recommended_points = _points(context.run, ready, dict.fromkeys(recommended))
    values = sorted({point.stars for point in rated_points if point.stars is not None})
    return context.render(
        "taste_map.html",
        title=title,
        state="ready",
        size=(WIDTH, HEIGHT),
        dots=_dots(ready),
        labels=[(region.genre, *_to_drawing(*region.center)) for region in ready.regions if region.labelled],
        rated={stars: _path([point for point in rated_points if point.stars == stars]) for stars in values},
        recommended=recommended_points,
        regions=_summaries(ready, context.run, rated_points, recommended_points),
        n_movies=len(ready.taste_map.rows),
        n_ratings=len(ratings),
        enough=ENOUGH_RATINGS,
    )


@router.get("/taste/map.json")
def map_points(context: SignedInPageDep, response: Response) -> Response:
    """All points as columns, with coordinates in 10,000ths of the map. Movies beyond the map's own come last."""
    run, user = context.run, signed_in_user(context)
    feedback = context.state.user_feedback.get(run, user.id)
    check_etag(context.request, response, run.version, user.id, feedback.version, context.language)
    ready = context.state.taste_maps.get(run)
    if not isinstance(ready, ReadyMap):
        raise HTTPException(503, "The map is being drawn. Try again soon.", {"Retry-After": "2"})
    ratings, recommended = _ratings(feedback), _recommended_rows(context, feedback)
    beyond = [row for row in dict.fromkeys([*ratings, *recommended]) if row not in ready.positions]
    rows = np.concatenate([ready.taste_map.rows, np.array(beyond, dtype=np.int64)])
    index = ready.positions | {row: len(ready.taste_map.rows) + number for number, row in enumerate(beyond)}
    positions = ready.taste_map.positions_of(np.array(beyond, dtype=np.int64))
    steps = np.rint(np.concatenate([ready.taste_map.coordinates, positions]) * _STEPS).astype(int)
    movies = run.engine.movies[rows]
    content: dict[str, Any] = {
        "size": _STEPS,
        "ids": [run.ids[row] for row in rows.tolist()],
        "titles": movies["title"].to_list(),
        "years": movies["year"].to_list(),
        "x": steps[:, 0].tolist(),
        "y": steps[:, 1].tolist(),
        "rated": [[index[row], stars] for row, stars in ratings.items()],
        "recommended": [index[row] for row in recommended],
        "regions": [
            [round(region.center[0] * _STEPS), round(region.center[1] * _STEPS), context.gettext(region.genre)]
            for region in ready.regions
            if region.labelled
        ],
    }
    headers = {name: response.headers[name] for name in ("ETag", "Cache-Control")}
    return Response(orjson.dumps(content), headers=headers, media_type="application/json")


def _ratings(feedback: UserFeedback) -> dict[int, float]:
    """The user's ratings in stars, by row."""
    rows, stars = feedback.history.movies, feedback.history.ratings
    if stars is None:
        return {}
    return {row: value for row, value in zip(rows.tolist(), stars.tolist(), strict=True) if row != GAP}


def _recommended_rows(context: PageContext, feedback: UserFeedback) -> list[int]:
    """The top of the user's list. It is not logged as shown: a ring on a map is not a list that the user reads."""
    if not len(feedback.history.movies):
        return []
    return recommend(context.run.engine, request_for(context.run, feedback, ListQuery(k=_RECOMMENDED))).rows.tolist()


def _points(run: ServedRun, ready: ReadyMap, stars_by_row: dict[int, float] | dict[int, None]) -> list[MapPoint]:
    if not stars_by_row:
        return []
    rows = list(stars_by_row)
    movies = run.engine.movies[rows]
    positions = ready.taste_map.positions_of(np.array(rows, dtype=np.int64)).tolist()
    columns = zip(stars_by_row.items(), movies["title"].to_list(), movies["year"].to_list(), positions, strict=True)
    return [
        MapPoint(run.ids[row], title, year, *_to_drawing(*position), stars=stars)
        for (row, stars), title, year, position in columns
    ]


def _summaries(
    ready: ReadyMap, run: ServedRun, rated: list[MapPoint], recommended: list[MapPoint]
) -> list[RegionSummary]:
    """Regions of one genre together, those with most of the user's movies first."""
    genre_of = {
        run.ids[int(ready.taste_map.rows[movie])]: region.genre
        for region in ready.regions
        for movie in region.movies.tolist()
    }
    summaries: list[RegionSummary] = []
    for genre in dict.fromkeys(region.genre for region in ready.regions):
        own = [point for point in rated if genre_of.get(point.movie_id) == genre]
        liked = [point for point in own if (point.stars or 0) >= BEST_IN_REGION_RATING]
        favourites = sorted(liked, key=lambda point: -(point.stars or 0))[:_FAVOURITES]
        in_region = [point for point in recommended if genre_of.get(point.movie_id) == genre]
        n_movies = sum(len(region.movies) for region in ready.regions if region.genre == genre)
        summaries.append(RegionSummary(genre, n_movies, len(own), favourites, in_region))
    return sorted(summaries, key=lambda summary: (-summary.n_rated, -summary.n_movies))


@lru_cache(maxsize=2)
def _dots(ready: ReadyMap) -> str:
    """All movies as one path: a line without length is drawn as a round dot."""
    positions = (_to_drawing(*position) for position in ready.taste_map.coordinates.tolist())
    return "".join(f"M{x:.0f} {y:.0f}h0" for x, y in positions)


def _path(points: list[MapPoint]) -> str:
    return "".join(f"M{point.x:.0f} {point.y:.0f}h0" for point in points)


def _to_drawing(x: float, y: float) -> tuple[float, float]:
    return round(MARGIN + x * (WIDTH - 2 * MARGIN), 1), round(MARGIN + y * (HEIGHT - 2 * MARGIN), 1)
