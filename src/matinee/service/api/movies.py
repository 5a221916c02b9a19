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
    stage: ServedRunDep, _: OptionalUser, asked: Annotated[MoviesQuery, Query()], request: Request, response: Response
) -> MoviePageOut:
    """The catalogue, the most rated first, by pages."""
    check_etag(request, response, stage.version)
    return movie_page(stage, asked)


@router.get("/movies/{movie_id}")
def movie(
    stage: ServedRunDep, _: OptionalUser, movie_id: MovieId, request: Request, response: Response
) -> MovieFactsOut:
    """One movie, with what the catalogue knows of it."""
    row = stage.row(movie_id)
    check_etag(request, response, stage.version)
    return movie_details(stage, row)


@router.get("/movies/{movie_id}/similar")
def similar(
    stage: ServedRunDep,
    _: OptionalUser,
    movie_id: MovieId,
    asked: Annotated[SimilarQuery, Query()],
    request: Request,
    response: Response,
) -> SimilarOut:
    """Movies like one: by what they are about, by who rated them, or by both."""
    row = stage.row(movie_id)
    check_etag(request, response, stage.version)
    found = operations.similar_movies(stage, movie_id, asked.k, asked.by)
    items = [SimilarMovieOut.model_validate(one) for one in found]
    return SimilarOut(to=movie_summary(stage, row), by=asked.by, items=items)


@router.get("/movies/{movie_id}/also-liked")
def also_liked(
    house: StateDep,
    stage: ServedRunDep,
    person: OptionalUser,
    movie_id: MovieId,
    asked: Annotated[AlsoLikedQuery, Query()],
) -> AlsoLikedOut:
    """People who liked this also liked: from the ratings themselves, without a model."""
    near = house.user_feedback.get(stage, person.id) if asked.near_me and person is not None else None
    found = operations.also_liked(stage, movie_id, asked.k, near)
    items = [AlsoLikedMovieOut.model_validate(one) for one in found]
    return AlsoLikedOut(of=movie_summary(stage, stage.row(movie_id)), items=items)


@router.get("/search")
def search(
    stage: ServedRunDep, _: OptionalUser, asked: Annotated[SearchQuery, Query()], request: Request, response: Response
) -> FoundOut:
    """Movies by title, as it is typed; mistakes are forgiven."""
    check_etag(request, response, stage.version)
    rows = stage.search.find(asked.q, asked.k)
    return FoundOut(query=asked.q, items=[movie_summary(stage, row) for row in rows])
