"""TMDB's API, asked with the user's own key, politely, and about each thing once.

Every answer is kept on disk for ever, one JSON file each, named after what was asked; the next run, or the same one
after a kill at any moment, asks only what was never answered. A "not found" is an answer; a failure is not. What must
be asked anew: delete its file, or the folder.
"""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from matinee.data.fetching.poster_files import checked_jpeg
from matinee.data.fetching.rate_limited_client import ApiRequest, KeyRefusedError, RateLimitedClient, RetryPolicy
from matinee.data.fetching.tmdb_answers import FoundById, TmdbMovie, TmdbPage, TmdbSearchHit
from matinee.data.fetching.tmdb_key import TmdbKey
from matinee.data.files import write_bytes, write_json
from matinee.errors import ConfigError, DataError

API = "https://api.themoviedb.org"
IMAGES = "https://image.tmdb.org"
POSTER_SIZE = "w342"
MOST_PAGES = 5
# What TMDB's terms of use ask every user of the API to say (https://www.themoviedb.org/api-terms-of-use).
ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB"

_POSTER_PATH = re.compile(r"/([\w-]+)\.(?:jpe?g|png|webp)", re.ASCII)
_IMDB_ID = re.compile(r"tt\d+", re.ASCII)

Answer = TypeVar("Answer", bound=BaseModel)
T = TypeVar("T")


class Tmdb:
    """What TMDB knows, from `cache` where it was asked before.

    Each method raises DownloadError if there is no usable answer, ConfigError if the key is refused, DataError if the
    cache cannot be written.
    """

    def __init__(
        self, key: TmdbKey, cache: Path, manners: RetryPolicy | None = None, api: str = API, images: str = IMAGES
    ) -> None:
        self._key, self._cache, self._api, self._images = key, cache, api, images
        self._client = RateLimitedClient(RetryPolicy() if manners is None else manners)

    def movie(self, tmdb_id: int) -> TmdbMovie | None:
        """The film with that id, with its credits; None where TMDB has none."""
        asked = f"/3/movie/{tmdb_id}?append_to_response=credits"
        film = self._answer(self._cache / "movie" / f"{tmdb_id}.json", asked, TmdbMovie, TmdbMovie.worth_keeping)
        return film if film is None or film.id == tmdb_id else None

    def movies_with_imdb_id(self, imdb_id: str) -> list[TmdbSearchHit]:
        """The films with that IMDb id: one, or none."""
        if not _IMDB_ID.fullmatch(imdb_id):
            return []
        asked = f"/3/find/{imdb_id}?external_source=imdb_id"
        found = self._answer(self._cache / "find" / f"{imdb_id}.json", asked, FoundById)
        return [] if found is None else found.movie_results

    def movies_with_title(self, title: str, year: int) -> tuple[list[TmdbSearchHit], bool]:
        """The films that TMDB finds for a title among those released anywhere in a year; whether these are all."""
        hits: list[TmdbSearchHit] = []
        for number in range(1, MOST_PAGES + 1):
            query = {"query": title, "year": year, "page": number, "include_adult": "false"}
            asked = f"/3/search/movie?{urlencode(query)}"
            digest = hashlib.blake2b(asked.encode(), digest_size=12).hexdigest()
            page = self._answer(self._cache / "search" / f"{digest}.json", asked, TmdbPage)
            if page is None:
                return hits, True
            hits += page.results
            if number >= page.total_pages:
                return hits, True
        return hits, False

    def poster(self, poster_path: str) -> Path | None:
        """The poster with that path as a JPEG file of the cache; None where there is none."""
        named = _POSTER_PATH.fullmatch(poster_path)
        if named is None:
            return None
        picture = self._cache / "posters" / f"{named[1]}.jpg"
        note = picture.with_suffix(".json")
        if picture.is_file():
            return picture
        asked = f"/t/p/{POSTER_SIZE}{poster_path}"
        if note.is_file():
            return None
        content = self._client.send(ApiRequest(f"{self._images}{asked}"), checked_jpeg)
        if content is None:
            self._keep(lambda: write_json(note, {"asked": asked, "answer": None}))
            return None
        self._keep(lambda: write_bytes(picture, content))
        return picture

    def _answer(
        self, file: Path, asked: str, form: type[Answer], shortened: Callable[[Answer], Answer] | None = None
    ) -> Answer | None:
        known, answer = _kept(file, asked, form)
        if known:
            return answer
        try:
            answer = self._client.send(self._key.question(f"{self._api}{asked}"), _reader(form))
        except KeyRefusedError as error:
            raise ConfigError(
                f"TMDB refused the key ({error}); expected one that is valid, from "
                "https://www.themoviedb.org/settings/api"
            ) from None
        if answer is not None and shortened is not None:
            answer = shortened(answer)
        content = {"asked": asked, "answer": None if answer is None else answer.model_dump()}
        self._keep(lambda: write_json(file, content))
        return answer

    def _keep(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            raise DataError(f"cannot hold what TMDB answers ({error.strerror})", self._cache) from error


def _reader(form: type[Answer]) -> Callable[[bytes], Answer]:
    def read(body: bytes) -> Answer:
        try:
            return form.model_validate_json(body)
        except ValidationError as error:  # its own message has many lines, and quotes the answer
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            raise ValueError(f"an answer of another form: {first['msg']}") from None

    return read


def _kept(file: Path, asked: str, form: type[Answer]) -> tuple[bool, Answer | None]:
    """Whether this was answered before, and what; a damaged file counts as never answered."""
    try:
        content = json.loads(file.read_bytes())
        if content["asked"] != asked:
            return False, None
        return True, None if content["answer"] is None else form.model_validate(content["answer"])
    except (OSError, ValueError, KeyError, TypeError):
        return False, None
