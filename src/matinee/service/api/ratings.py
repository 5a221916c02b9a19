"""Ratings and their history: list, add, change, remove, export and undo."""

import csv
import io
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from matinee.errors import NotFoundError
from matinee.service.api.idempotency import IdempotentWriteDep
from matinee.service.api.serializers import change_result, rating_out
from matinee.service.dependencies import CurrentUser
from matinee.service.errors import response_types
from matinee.service.http_cache import check_etag
from matinee.service.operations.feedback import rate_movie, unrate_movie
from matinee.service.schemas.requests import MovieId, PageQuery, RatingIn
from matinee.service.schemas.responses import ChangeOut, ChangePageOut, ChangeResultOut, RatingOut, RatingPageOut
from matinee.service.state.app_state import ServedRunDep, StateDep

router = APIRouter(tags=["ratings"])
# The column names of Letterboxd's import format, and our movie id.
# https://letterboxd.com/about/importing-data/
_COLUMNS = ("Title", "Year", "Rating", "WatchedDate", "MovieId")
_EXPORTS = response_types("text/csv")
_EXPORTS[200]["content"]["application/json"] = {"schema": {"type": "array", "items": {"type": "object"}}}


@router.get("/ratings")
def list_ratings(
    state: StateDep,
    run: ServedRunDep,
    user: CurrentUser,
    query: Annotated[PageQuery, Query()],
    request: Request,
    response: Response,
) -> RatingPageOut:
    """Your ratings by pages, newest first."""
    check_etag(request, response, run.version, user.id, state.store.changes.version(user.id))
    page = state.store.ratings.page(user.id, cursor=query.cursor, limit=query.limit)
    return RatingPageOut(items=[rating_out(run, rating) for rating in page.items], next=page.next)


@router.get("/ratings/export", response_class=Response, responses=_EXPORTS)
def export(
    state: StateDep,
    run: ServedRunDep,
    user: CurrentUser,
    file_format: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
) -> Response:
    """All your ratings as a file, oldest first: JSON, or CSV that Matinee and Letterboxd can import."""
    ratings = [rating_out(run, rating) for rating in state.store.ratings.history(user.id)]
    headers = {"Content-Disposition": f'attachment; filename="ratings.{file_format}"'}
    if file_format == "csv":
        return Response(_to_csv(ratings), headers=headers, media_type="text/csv; charset=utf-8")
    return Response(_to_json(ratings), headers=headers, media_type="application/json")


@router.get("/ratings/{movie_id}")
def get_rating(state: StateDep, run: ServedRunDep, user: CurrentUser, movie_id: MovieId) -> RatingOut:
    """Your rating of one movie."""
    rating = state.store.ratings.get(user.id, movie_id)
    if rating is None:
        raise NotFoundError(f"You have not rated the movie '{movie_id[:60]}'.")
    return rating_out(run, rating)


@router.put("/ratings/{movie_id}", response_model=ChangeResultOut)
def rate(run: ServedRunDep, write: IdempotentWriteDep, movie_id: MovieId, body: RatingIn) -> Any:
    """Add or change a rating. The response comes after it is on the disk, and the next list uses it."""
    run.row(movie_id)
    state, user = write.state, write.user

    def work() -> ChangeResultOut:
        change = rate_movie(
            state,
            run,
            user,
            movie_id,
            body.rating,
            source="api",
            list_id=body.list_id,
            rated_at=body.rated_at,
        )
        return change_result(change)

    return write.run(work, body)


@router.delete("/ratings/{movie_id}", response_model=ChangeResultOut)
def unrate(run: ServedRunDep, write: IdempotentWriteDep, movie_id: MovieId) -> Any:
    """Remove a rating."""
    return write.run(lambda: change_result(unrate_movie(write.state, run, write.user, movie_id, source="api")))


@router.get("/changes")
def changes(
    state: StateDep,
    user: CurrentUser,
    query: Annotated[PageQuery, Query()],
) -> ChangePageOut:
    """Your changes of ratings and lists, newest first."""
    page = state.store.changes.page(user.id, cursor=query.cursor, limit=query.limit)
    return ChangePageOut(items=[ChangeOut.model_validate(change) for change in page.items], next=page.next)


@router.post("/changes/{change_id}/undo", response_model=ChangeResultOut)
def undo(write: IdempotentWriteDep, change_id: Annotated[int, Path(ge=1, le=2**53)]) -> Any:
    """Undo a change exactly. A repeated request has no further effect."""
    return write.run(lambda: change_result(write.state.store.changes.undo(write.user.id, change_id)))


def _to_csv(ratings: Sequence[RatingOut]) -> bytes:
    """Write one line per rating. Movies that the catalogue lacks have no title and year."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for rating in ratings:
        date = rating.rated_at.date().isoformat()
        writer.writerow([rating.title or "", rating.year or "", f"{rating.rating:g}", date, rating.movie_id])
    return text.getvalue().encode()


def _to_json(ratings: Sequence[RatingOut]) -> bytes:
    """Write a list of ratings in the form of the API."""
    return orjson.dumps([rating.model_dump(mode="json") for rating in ratings])
