"""Movies of a catalogue, as they are told."""

import datetime
from typing import Any

import numpy as np

from matinee.errors import InputError
from matinee.service.schemas.requests import MoviesQuery
from matinee.service.schemas.responses import MovieFactsOut, MovieOut, MoviePageOut
from matinee.service.state.served_run import ServedRun

_NAMED_FIELDS = ("movie_id", "title", "year", "genres", "rated")  # by name of their own
_INNER = ("rated_lately", "question")  # of use to the pipeline alone


def movie_summary(run: ServedRun, row: int) -> MovieOut:
    """A movie in short."""
    movies = run.engine.movies
    return MovieOut(movie_id=run.ids[row], title=movies["title"][row], year=movies["year"][row])


def movie_details(run: ServedRun, row: int) -> MovieFactsOut:
    """A movie with what the catalogue knows of it; what is not known is left out."""
    values = run.engine.movies.row(row, named=True)
    facts = {
        name: _plain(value)
        for name, value in values.items()
        if name not in _NAMED_FIELDS and name not in _INNER and value is not None and value != []
    }
    return MovieFactsOut(
        movie_id=run.ids[row],
        title=values["title"],
        year=values["year"],
        genres=values["genres"] or [],
        rated=values["rated"],
        facts=facts,
    )


def movie_page(run: ServedRun, query: MoviesQuery) -> MoviePageOut:
    """A page of the catalogue, the most rated first. Raises `InputError` for a cursor that no page ended with."""
    rows = run.by_popularity
    if query.cursor is not None:
        place = run.popularity_rank.get(query.cursor)
        if place is None:
            raise InputError(f"cursor '{query.cursor[:60]}'; expected the 'next' of the page before")
        rows = rows[place + 1 :]
    without = tuple(run.row(one) for one in query.without)
    allowed = query.filters(without).allowed(run.engine.movies)
    found = rows[allowed[rows]][: query.limit + 1]
    items = [movie_details(run, int(row)) for row in found[: query.limit]]
    return MoviePageOut(items=items, next=items[-1].movie_id if len(found) > query.limit else None)


def title_fields(run: ServedRun, movie_id: str) -> dict[str, Any]:
    """Title and year of a movie that the store names; nothing if the catalogue does not have it."""
    row = run.rows.get(movie_id)
    return {} if row is None else movie_summary(run, row).model_dump(exclude={"movie_id"})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool) else str(value)
