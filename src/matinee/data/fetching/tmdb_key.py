"""The user's key to TMDB: read here, and sent to TMDB only.

TMDB gives two: an "API key" of 32 hexadecimal digits, which goes into the query, and a longer "read access token",
which goes into a header (https://developer.themoviedb.org/docs/authentication-application). Either one works.
"""

import os
import re
from pathlib import Path

from matinee.data.fetching.rate_limited_client import ApiRequest
from matinee.errors import ConfigError

VARIABLE = "TMDB_API_KEY"

_API_KEY = re.compile(r"[0-9a-fA-F]{32}")
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_SOURCE = "Get a free key at https://www.themoviedb.org/settings/api."
_EXPECTED = "expected only an API key of 32 hexadecimal digits or a read access token"


class TmdbKey:
    """A key that is not shown in `repr` or in a traceback."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "TmdbKey(...)"

    def request(self, url: str) -> ApiRequest:
        """A request to `url` with the key where TMDB expects it."""
        if _API_KEY.fullmatch(self._value):
            return ApiRequest(url, secret_params=(("api_key", self._value),))
        return ApiRequest(url, secret_headers=(("Authorization", f"Bearer {self._value}"),))


def read_key(file: Path | None) -> TmdbKey:
    """The key in `file`, else in the environment. Raises `ConfigError`, which never shows the key."""
    if file is None:
        source, text = VARIABLE, os.environ.get(VARIABLE, "")
        if not text.strip():
            raise ConfigError(f"No key to TMDB. Set {VARIABLE} or use --key-file FILE. {_SOURCE}")
    else:
        source = str(file)
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise ConfigError(f"{source}: cannot be read as a text file with a key to TMDB") from None
    key = text.strip()
    if not _API_KEY.fullmatch(key) and not _TOKEN.fullmatch(key):
        raise ConfigError(f"{source}: {len(key)} characters that are not a key to TMDB; {_EXPECTED}. {_SOURCE}")
    return TmdbKey(key)
