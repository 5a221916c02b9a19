"""The catalogue: movies, search, similar movies, and also-liked movies."""

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
    MovieDetailsOut,
    MoviePageOut,
    SearchResultsOut,
    SimilarMovieOut,
    SimilarOut,
)
from matinee.service.state.app_state import ServedRunDep, StateDep

router = APIRouter(tags=["movies"])


@router.get("/movies")
def movies(
    run: ServedRunDep, _: OptionalUser, query: Annotated[MoviesQuery, Query()], request: Request, response: Response
) -> MoviePageOut:
    """The catalogue by pages, the most-rated movie first."""
    check_etag(request, response, run.version)
    return movie_page(run, query)


@router.get("/movies/{movie_id}")
def movie(
    run: ServedRunDep, _: OptionalUser, movie_id: MovieId, request: Request, response: Response
) -> MovieDetailsOut:
    """One movie with all its facts."""
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
    """Similar movies: by content, by ratings, or by both."""
    row = run.row(movie_id)
    check_etag(request, response, run.version)
    similar_movies = operations.similar_movies(run, movie_id, query.k, query.by)
    items = [SimilarMovieOut.model_validate(movie) for movie in similar_movies]
    return SimilarOut(to=movie_summary(run, row), by=query.by, items=items)


@router.get("/movies/{movie_id}/also-liked")
def also_liked(
    state: StateDep,
    run: ServedRunDep,
    user: OptionalUser,
    movie_id: MovieId,
    query: Annotated[AlsoLikedQuery, Query()],
) -> AlsoLikedOut:
    """Movies that users who liked this one also liked, from the ratings, without a model."""
    near = state.user_feedback.get(run, user.id) if query.near_me and user is not None else None
    also_liked_movies = operations.also_liked(run, movie_id, query.k, near)
    items = [AlsoLikedMovieOut.model_validate(movie) for movie in also_liked_movies]
    return AlsoLikedOut(of=movie_summary(run, run.row(movie_id)), items=items)


@router.get("/search")
def search(
    run: ServedRunDep, _: OptionalUser, query: Annotated[SearchQuery, Query()], request: Request, response: Response
) -> SearchResultsOut:
    """Movies by title, while it is typed. Misspelled titles are found too."""
    check_etag(request, response, run.version)
    rows = run.search.find(query.q, query.k)
    return SearchResultsOut(query=query.q, items=[movie_summary(run, row) for row in rows])
