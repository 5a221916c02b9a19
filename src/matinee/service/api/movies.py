"""The catalogue: movies, search, and what is like a movie. The same for everybody who asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from matinee.service.api.serializers import movie_details, movie_page, movie_summary
from matinee.service.dependencies import OptionalUser
from matinee.service.http_cache import check_etag
from matinee.service.operations import recommendations as operations
from matinee.service.schemas.requests import AlsoLikedQuery, MovieId, MoviesQuery, SearchQuery, SimilarQuery
from matinee.service.schemas.responses import (
    AlsoLikedMovieOut,
    AlsoLikedOut,
    FoundOut,
    MovieFactsOut,
    MoviePageOut,
    SimilarMovieOut,
    SimilarOut,
)
from matinee.service.state.app_state import ServedRunDep, StateDep

router = APIRouter(tags=["movies"])


@router.get("/movies")
def movies(
    run: ServedRunDep, _: OptionalUser, query: Annotated[MoviesQuery, Query()], request: Request, response: Response
) -> MoviePageOut:
    """The catalogue, the most rated first, by pages."""
    check_etag(request, response, run.version)
    return movie_page(run, query)


@router.get("/movies/{movie_id}")
def movie(run: ServedRunDep, _: OptionalUser, movie_id: MovieId, request: Request, response: Response) -> MovieFactsOut:
    """One movie, with what the catalogue knows of it."""
    row = run.row(movie_id)
    check_etag(request, response, run.version)
    return movie_details(run, row)


@router.get("/movies/{movie_id}/similar")
def similar(
    run: ServedRunDep,
    _: OptionalUser,
    movie_id: MovieId,
    query: Annotated[SimilarQuery, Query()],
    request: Request,
    response: Response,
) -> SimilarOut:
    """Movies like one: by what they are about, by who rated them, or by both."""
    row = run.row(movie_id)
    check_etag(request, response, run.version)
    found = operations.similar_movies(run, movie_id, query.k, query.by)
    items = [SimilarMovieOut.model_validate(one) for one in found]
    return SimilarOut(to=movie_summary(run, row), by=query.by, items=items)


@router.get("/movies/{movie_id}/also-liked")
def also_liked(
    state: StateDep,
    run: ServedRunDep,
    user: OptionalUser,
    movie_id: MovieId,
    query: Annotated[AlsoLikedQuery, Query()],
) -> AlsoLikedOut:
    """People who liked this also liked: from the ratings themselves, without a model."""
    near = state.user_feedback.get(run, user.id) if query.near_me and user is not None else None
    found = operations.also_liked(run, movie_id, query.k, near)
    items = [AlsoLikedMovieOut.model_validate(one) for one in found]
    return AlsoLikedOut(of=movie_summary(run, run.row(movie_id)), items=items)


@router.get("/search")
def search(
    run: ServedRunDep, _: OptionalUser, query: Annotated[SearchQuery, Query()], request: Request, response: Response
) -> FoundOut:
    """Movies by title, as it is typed; mistakes are forgiven."""
    check_etag(request, response, run.version)
    rows = run.search.find(query.q, query.k)
    return FoundOut(query=query.q, items=[movie_summary(run, row) for row in rows])
