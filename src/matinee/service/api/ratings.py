"""Ratings: giving, changing, removing, listing, taking out, taking back."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from matinee.errors import NotFoundError
from matinee.service.api.exports import as_csv, as_json
from matinee.service.api.idempotency import IdempotentWriteDep
from matinee.service.api.serializers import title_fields
from matinee.service.dependencies import CurrentUser
from matinee.service.errors import response_types
from matinee.service.http_cache import check_etag
from matinee.service.operations.feedback import rate_movie
from matinee.service.schemas.requests import MovieId, PageQuery, RatingIn
from matinee.service.schemas.responses import ChangedOut, ChangeOut, ChangePageOut, RatingOut, RatingPageOut
from matinee.service.state.app_state import ServedRunDep, StateDep
from matinee.service.state.served_run import ServedRun
from matinee.store.marks import Change
from matinee.store.ratings import Rating

router = APIRouter(tags=["ratings"])
_EXPORTS = response_types("text/csv")
_EXPORTS[200]["content"]["application/json"] = {"schema": {"type": "array", "items": {"type": "object"}}}


@router.get("/ratings")
def ratings(
    state: StateDep,
    run: ServedRunDep,
    user: CurrentUser,
    query: Annotated[PageQuery, Query()],
    request: Request,
    response: Response,
) -> RatingPageOut:
    """Your ratings, the newest first, by pages that stay as they are when others come in."""
    check_etag(request, response, run.version, user.id, state.store.changes.version(user.id))
    page = state.store.ratings.page(user.id, cursor=query.cursor, limit=query.limit)
    return RatingPageOut(items=[rating_out(run, one) for one in page.items], next=page.next)


@router.get("/ratings/export", response_class=Response, responses=_EXPORTS)
def export(
    state: StateDep,
    run: ServedRunDep,
    user: CurrentUser,
    form: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
) -> Response:
    """All your ratings as a file, oldest first: CSV, which Matinee and Letterboxd read again, or JSON."""
    found = [rating_out(run, one) for one in state.store.ratings.history(user.id)]
    content, kind = (
        (as_csv(found), "text/csv; charset=utf-8") if form == "csv" else (as_json(found), "application/json")
    )
    return Response(content, headers={"Content-Disposition": f'attachment; filename="ratings.{form}"'}, media_type=kind)


@router.get("/ratings/{movie_id}")
def rating(state: StateDep, run: ServedRunDep, user: CurrentUser, movie_id: MovieId) -> RatingOut:
    """Your rating of one movie."""
    found = state.store.ratings.get(user.id, movie_id)
    if found is None:
        raise NotFoundError(f"you have not rated the movie '{movie_id[:60]}'; expected one that you have")
    return rating_out(run, found)


@router.put("/ratings/{movie_id}", response_model=ChangedOut)
def rate(run: ServedRunDep, write: IdempotentWriteDep, movie_id: MovieId, body: RatingIn) -> Any:
    """Rate a movie, for the first time or anew; it is on the disk when this answers, and in the next list."""
    run.row(movie_id)
    state, user = write.house, write.person

    def work() -> ChangedOut:
        change = rate_movie(
            state,
            run,
            user,
            movie_id,
            body.stars,
            source="api",
            list_id=body.list_id,
            rated_at=body.rated_at,
        )
        return changed(change)

    return write.run(work, body)


@router.delete("/ratings/{movie_id}", response_model=ChangedOut)
def unrate(write: IdempotentWriteDep, movie_id: MovieId) -> Any:
    """Take a rating away."""
    state = write.house
    state.metrics.ratings.inc()
    return write.run(lambda: changed(state.store.ratings.remove(write.person.id, movie_id, source="api")))


@router.get("/changes")
def changes(
    state: StateDep,
    user: CurrentUser,
    query: Annotated[PageQuery, Query()],
) -> ChangePageOut:
    """Everything you have changed, the newest first: ratings and lists."""
    page = state.store.changes.page(user.id, cursor=query.cursor, limit=query.limit)
    return ChangePageOut(items=[ChangeOut.model_validate(one) for one in page.items], next=page.next)


@router.post("/changes/{change_id}/undo", response_model=ChangedOut)
def undo(write: IdempotentWriteDep, change_id: Annotated[int, Path(ge=1, le=2**53)]) -> Any:
    """Take a change back, exactly; asked twice, it is done once."""
    return write.run(lambda: changed(write.house.store.changes.undo(write.person.id, change_id)))


def rating_out(run: ServedRun, found: Rating) -> RatingOut:
    """A rating as it is told."""
    return RatingOut(
        movie_id=found.movie_id,
        **title_fields(run, found.movie_id),
        stars=found.stars,
        rated_at=found.rated_at,
        source=found.source,
        change_id=found.change_id,
    )


def changed(change: Change | None) -> ChangedOut:
    """A change as it is told."""
    return ChangedOut(change=None if change is None else ChangeOut.model_validate(change))
