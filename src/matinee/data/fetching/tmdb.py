"""TMDB's API, called with the user's own key, within a rate limit, and once for each request.

Every response is cached on disk without an expiry date, one JSON file each, named after the request. The next run, or
the same one after a crash, only sends requests that were never answered. A "not found" counts as an answer, a failure
does not. To ask again, delete the response's file or the whole folder.
"""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from matinee.data.fetching.poster_files import to_jpeg
from matinee.data.fetching.rate_limited_client import ApiRequest, KeyRefusedError, RateLimitedClient, RetryPolicy
from matinee.data.fetching.tmdb_key import TmdbKey
from matinee.data.fetching.tmdb_responses import FindResponse, TmdbMovie, TmdbSearchHit, TmdbSearchPage
from matinee.data.files import write_bytes, write_json
from matinee.errors import ConfigError, DataError

API = "https://api.themoviedb.org"
IMAGES = "https://image.tmdb.org"
POSTER_SIZE = "w342"
MAX_PAGES = 5
# TMDB's terms of use require this sentence from every user of the API (https://www.themoviedb.org/api-terms-of-use).
ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB"

_POSTER_PATH = re.compile(r"/([\w-]+)\.(?:jpe?g|png|webp)", re.ASCII)
_IMDB_ID = re.compile(r"tt\d+", re.ASCII)

Response = TypeVar("Response", bound=BaseModel)


class Tmdb:
    """TMDB's movies and posters, from `cache` where they were requested before.

    Each method raises DownloadError without a usable response, ConfigError if the key is refused, and DataError if the
    cache cannot be written.
    """

    def __init__(
        self, key: TmdbKey, cache: Path, policy: RetryPolicy | None = None, api: str = API, images: str = IMAGES
    ) -> None:
        self._key, self._cache, self._api, self._images = key, cache, api, images
        self._client = RateLimitedClient(RetryPolicy() if policy is None else policy)

    def movie(self, tmdb_id: int) -> TmdbMovie | None:
        """The movie with that id, with its credits; None if TMDB has none."""
        query = f"/3/movie/{tmdb_id}?append_to_response=credits"
        movie = self._request(self._cache / "movie" / f"{tmdb_id}.json", query, TmdbMovie, TmdbMovie.without_minor_crew)
        return movie if movie is None or movie.id == tmdb_id else None

    def movies_with_imdb_id(self, imdb_id: str) -> list[TmdbSearchHit]:
        """The movies with that IMDb id: one, or none."""
        if not _IMDB_ID.fullmatch(imdb_id):
            return []
        query = f"/3/find/{imdb_id}?external_source=imdb_id"
        response = self._request(self._cache / "find" / f"{imdb_id}.json", query, FindResponse)
        return [] if response is None else response.movie_results

    def movies_with_title(self, title: str, year: int) -> tuple[list[TmdbSearchHit], bool]:
        """The movies found for a title among those released anywhere in a year, and True if these are all of them."""
        hits: list[TmdbSearchHit] = []
        for number in range(1, MAX_PAGES + 1):
            params = {"query": title, "year": year, "page": number, "include_adult": "false"}
            query = f"/3/search/movie?{urlencode(params)}"
            digest = hashlib.blake2b(query.encode(), digest_size=12).hexdigest()
            page = self._request(self._cache / "search" / f"{digest}.json", query, TmdbSearchPage)
            if page is None:
                return hits, True
            hits += page.results
            if number >= page.total_pages:
                return hits, True
        return hits, False

    def poster(self, poster_path: str) -> Path | None:
        """The poster with that path as a JPEG file of the cache; None if there is no such poster."""
        match = _POSTER_PATH.fullmatch(poster_path)
        if match is None:
            return None
        poster = self._cache / "posters" / f"{match[1]}.jpg"
        missing = poster.with_suffix(".json")  # exists if the server has no such poster
        if poster.is_file():
            return poster
        query = f"/t/p/{POSTER_SIZE}{poster_path}"
        if missing.is_file():
            return None
        content = self._client.send(ApiRequest(f"{self._images}{query}"), to_jpeg)
        if content is None:
            self._write(lambda: write_json(missing, {"request": query, "response": None}))
            return None
        self._write(lambda: write_bytes(poster, content))
        return poster

    def _request(
        self,
        file: Path,
        query: str,
        schema: type[Response],
        shorten: Callable[[Response], Response] | None = None,
    ) -> Response | None:
        is_cached, response = _read_cached(file, query, schema)
        if is_cached:
            return response
        try:
            response = self._client.send(self._key.request(f"{self._api}{query}"), _parser(schema))
        except KeyRefusedError as error:
            raise ConfigError(
                f"TMDB refused the key ({error}). Use a valid one from https://www.themoviedb.org/settings/api."
            ) from None
        if response is not None and shorten is not None:
            response = shorten(response)
        content = {"request": query, "response": None if response is None else response.model_dump()}
        self._write(lambda: write_json(file, content))
        return response

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            raise DataError(f"TMDB's responses cannot be stored here ({error.strerror})", self._cache) from error


def _parser(schema: type[Response]) -> Callable[[bytes], Response]:
    def parse(body: bytes) -> Response:
        try:
            return schema.model_validate_json(body)
        except ValidationError as error:  # its own message has many lines, and quotes the response
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            raise ValueError(f"an unexpected response: {first['msg']}") from None

    return parse


def _read_cached(file: Path, query: str, schema: type[Response]) -> tuple[bool, Response | None]:
    """True and the cached response to `query`, which may be None; False if `file` is missing or damaged."""
    try:
        content = json.loads(file.read_bytes())
        if content["request"] != query:
            return False, None
        return True, None if content["response"] is None else schema.model_validate(content["response"])
    except (OSError, ValueError, KeyError, TypeError):
        return False, None
