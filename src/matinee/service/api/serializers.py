"""Conversion of movies, ratings and changes to response schemas."""

import datetime
from typing import Any

import numpy as np

from matinee.errors import InputError
from matinee.service.schemas.requests import MoviesQuery
from matinee.service.schemas.responses import (
    ChangeOut,
    ChangeResultOut,
    MovieDetailsOut,
    MovieOut,
    MoviePageOut,
    RatingOut,
)
from matinee.service.state.served_run import ServedRun
from matinee.store.marks import Change
from matinee.store.ratings import Rating

_NAMED_FIELDS = ("movie_id", "title", "year", "genres", "rated")  # separate fields of the response
_INTERNAL = ("rated_recently", "question")  # used only by the pipeline


def movie_summary(run: ServedRun, row: int) -> MovieOut:
    """The id, title and year of a movie."""
    movies = run.engine.movies
    return MovieOut(movie_id=run.ids[row], title=movies["title"][row], year=movies["year"][row])


def movie_details(run: ServedRun, row: int) -> MovieDetailsOut:
    """A movie with its facts. Unknown facts are left out."""
    values = run.engine.movies.row(row, named=True)
    facts = {
        name: _plain(value)
        for name, value in values.items()
        if name not in _NAMED_FIELDS and name not in _INTERNAL and value is not None and value != []
    }
    return MovieDetailsOut(
        movie_id=run.ids[row],
        title=values["title"],
        year=values["year"],
        genres=values["genres"] or [],
        rating_count=values["rated"],
        facts=facts,
    )


def movie_page(run: ServedRun, query: MoviesQuery) -> MoviePageOut:
    """A page of the catalogue, the most-rated movie first. Raises `InputError` for an invalid cursor."""
    rows = run.engine.by_popularity
    if query.cursor is not None:
        position = run.popularity_rank.get(query.cursor)
        if position is None:
            raise InputError(f"Invalid cursor '{query.cursor[:60]}'. Use the `next` of the previous page.")
        rows = rows[position + 1 :]
    without = tuple(run.row(movie_id) for movie_id in query.without)
    allowed = query.filters(without).allowed(run.engine.movies)
    page = rows[allowed[rows]][: query.limit + 1]
    items = [movie_details(run, int(row)) for row in page[: query.limit]]
    return MoviePageOut(items=items, next=items[-1].movie_id if len(page) > query.limit else None)


def title_fields(run: ServedRun, movie_id: str) -> dict[str, Any]:
    """The title and year of a movie; empty if the catalogue lacks it."""
    row = run.rows.get(movie_id)
    return {} if row is None else movie_summary(run, row).model_dump(exclude={"movie_id"})


def rating_out(run: ServedRun, rating: Rating) -> RatingOut:
    """A rating with the title and year of its movie."""
    return RatingOut(
        movie_id=rating.movie_id,
        **title_fields(run, rating.movie_id),
        rating=rating.value,
        rated_at=rating.rated_at,
        source=rating.source,
        change_id=rating.change_id,
    )


def change_result(change: Change | None) -> ChangeResultOut:
    """The change that a write made, if it made one."""
    return ChangeResultOut(change=None if change is None else ChangeOut.model_validate(change))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) else str(value)
