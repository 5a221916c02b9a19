"""Posters: the image of a movie if there is one, else a placeholder. Nothing is fetched: see `matinee data enrich`."""

import hashlib
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as InPath
from fastapi.responses import FileResponse, Response

from matinee.artwork.placeholder_poster import draw_poster
from matinee.i18n import Language
from matinee.service.state.app_state import AppState, ServedRunDep, StateDep
from matinee.service.state.served_run import ServedRun

router = APIRouter(include_in_schema=False)

_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
_CACHED = {"Cache-Control": "public, max-age=86400"}  # images in the folder may be replaced
_FORBIDDEN_CHARACTERS = '/\\\0:*?"<>|'


@router.get("/posters/{movie_id}")
def poster(
    state: StateDep,
    run: ServedRunDep,
    movie_id: Annotated[str, InPath(max_length=200)],
    language: Annotated[Language, Query(alias="l")] = "en",
) -> Response:
    """The poster of a movie."""
    row = run.row(movie_id)
    image = find_poster(state, run, movie_id)
    if image is not None:
        return FileResponse(image, headers=_CACHED)
    content = draw_placeholder(run, row, language).encode()
    digest = hashlib.blake2b(content, digest_size=8).hexdigest()
    return Response(content, headers=_CACHED | {"ETag": f'"{digest}"'}, media_type="image/svg+xml")


def draw_placeholder(run: ServedRun, row: int, language: Language) -> str:
    """The placeholder poster of a movie, as SVG."""
    movie = run.engine.movies.row(row, named=True)
    directors = movie.get("director") or []
    name = directors if isinstance(directors, str) else ", ".join(directors)
    return draw_poster(movie["title"], movie["year"], name or None, movie["genres"] or [], run.ids[row], language)


def find_poster(state: AppState, run: ServedRun, movie_id: str) -> Path | None:
    """The image of a movie in the folders of posters; None if no folder has one."""
    if movie_id.startswith(".") or any(character in movie_id for character in _FORBIDDEN_CHARACTERS):
        return None  # not a file name
    for folder in (state.settings.posters, run.poster_folder):
        if folder is None:
            continue
        for ending in _ENDINGS:
            file = folder / f"{movie_id}{ending}"
            if file.is_file():
                return file
    return None
