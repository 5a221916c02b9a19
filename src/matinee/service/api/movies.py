"""The catalogue: movies, search, and what is like a movie. The same for everybody who asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from matinee.service.api.serializers import facts_of, movie_of, page_of
from matinee.service.dependencies import AVisitor
from matinee.service.http_cache import tag_answer
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
from matinee.service.state.app_state import TheHouse, TheStage

router = APIRouter(tags=["movies"])


@router.get("/movies")
def movies(
    stage: TheStage, _: AVisitor, asked: Annotated[MoviesQuery, Query()], request: Request, response: Response
) -> MoviePageOut:
    """The catalogue, the most rated first, by pages."""
    tag_answer(request, response, stage.stamp)
    return page_of(stage, asked)


@router.get("/movies/{movie_id}")
def movie(stage: TheStage, _: AVisitor, movie_id: MovieId, request: Request, response: Response) -> MovieFactsOut:
    """One movie, with what the catalogue knows of it."""
    row = stage.row(movie_id)
    tag_answer(request, response, stage.stamp)
    return facts_of(stage, row)


@router.get("/movies/{movie_id}/similar")
def similar(
    stage: TheStage,
    _: AVisitor,
    movie_id: MovieId,
    asked: Annotated[SimilarQuery, Query()],
    request: Request,
    response: Response,
) -> SimilarOut:
    """Movies like one: by what they are about, by who rated them, or by both."""
    row = stage.row(movie_id)
    tag_answer(request, response, stage.stamp)
    found = operations.similar_to(stage, movie_id, asked.k, asked.by)
    items = [SimilarMovieOut.model_validate(one) for one in found]
    return SimilarOut(to=movie_of(stage, row), by=asked.by, items=items)


@router.get("/movies/{movie_id}/also-liked")
def also_liked(
    house: TheHouse, stage: TheStage, person: AVisitor, movie_id: MovieId, asked: Annotated[AlsoLikedQuery, Query()]
) -> AlsoLikedOut:
    """People who liked this also liked: from the ratings themselves, without a model."""
    near = house.tastes.of(stage, person.id) if asked.near_me and person is not None else None
    found = operations.also_liked_by(stage, movie_id, asked.k, near)
    items = [AlsoLikedMovieOut.model_validate(one) for one in found]
    return AlsoLikedOut(of=movie_of(stage, stage.row(movie_id)), items=items)


@router.get("/search")
def search(
    stage: TheStage, _: AVisitor, asked: Annotated[SearchQuery, Query()], request: Request, response: Response
) -> FoundOut:
    """Movies by title, as it is typed; mistakes are forgiven."""
    tag_answer(request, response, stage.stamp)
    rows = stage.search.find(asked.q, asked.k)
    return FoundOut(query=asked.q, items=[movie_of(stage, row) for row in rows])
