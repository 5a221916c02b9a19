"""Posters: a picture where there is one, else a drawn one. Nothing is fetched here: see `matinee data enrich`."""

import hashlib
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as InPath
from fastapi.responses import FileResponse, Response

from matinee.artwork.placeholder_poster import placeholder_poster
from matinee.pipeline.words import Language
from matinee.service.state.app_state import AppState, ServedRunDep, StateDep
from matinee.service.state.served_run import ServedRun

router = APIRouter(include_in_schema=False)

_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
_KEPT = {"Cache-Control": "public, max-age=86400"}  # a folder may be given another picture
_FORBIDDEN = '/\\\0:*?"<>|'


@router.get("/posters/{movie_id}")
def poster(
    state: StateDep,
    run: ServedRunDep,
    movie_id: Annotated[str, InPath(max_length=200)],
    language: Annotated[Language, Query(alias="l")] = "en",
) -> Response:
    """The poster of a movie."""
    row = run.row(movie_id)
    picture = picture_of(state, run, movie_id)
    if picture is not None:
        return FileResponse(picture, headers=_KEPT)
    drawn = draw(run, row, language).encode()
    digest = hashlib.blake2b(drawn, digest_size=8).hexdigest()
    return Response(drawn, headers=_KEPT | {"ETag": f'"{digest}"'}, media_type="image/svg+xml")


def draw(run: ServedRun, row: int, language: Language) -> str:
    """The drawn poster of a movie, as SVG."""
    movie = run.engine.movies.row(row, named=True)
    directors = movie.get("director") or []
    name = directors if isinstance(directors, str) else ", ".join(directors)
    return placeholder_poster(
        movie["title"], movie["year"], name or None, movie["genres"] or [], run.ids[row], language
    )


def picture_of(state: AppState, run: ServedRun, movie_id: str) -> Path | None:
    """The picture of a movie in a folder of posters; None if there is none."""
    if movie_id.startswith(".") or any(letter in movie_id for letter in _FORBIDDEN):
        return None  # no name of a file in that folder
    for folder in (state.settings.posters, run.posters):
        if folder is None:
            continue
        for ending in _ENDINGS:
            file = folder / f"{movie_id}{ending}"
            if file.is_file():
                return file
    return None
