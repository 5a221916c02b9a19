"""The user's own key to TMDB: read, sent to TMDB, and nowhere else.

TMDB gives two: an "API key" of 32 hexadecimal digits, which goes into the query, and a longer "read access token",
which goes into a header (https://developer.themoviedb.org/docs/authentication-application). Either will do.
"""

import os
import re
from pathlib import Path

from matinee.data.fetching.rate_limited_client import ApiRequest
from matinee.errors import ConfigError

VARIABLE = "TMDB_API_KEY"

_API_KEY = re.compile(r"[0-9a-fA-F]{32}")
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_WHERE = "TMDB gives one to everybody who asks: https://www.themoviedb.org/settings/api"
_EXPECTED = "expected an API key of 32 hexadecimal digits or a read access token, alone"


class TmdbKey:
    """A key that does not show itself: not in `repr`, not in a traceback."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "TmdbKey(...)"

    def question(self, address: str) -> ApiRequest:
        """What to ask at `address`, with the key where TMDB wants it."""
        if _API_KEY.fullmatch(self._value):
            return ApiRequest(address, secret_query=f"api_key={self._value}")
        return ApiRequest(address, secret_headers=(("Authorization", f"Bearer {self._value}"),))


def read_key(file: Path | None) -> TmdbKey:
    """The key in `file`, else in the environment. Raises `ConfigError`, which never shows it."""
    if file is None:
        place, text = VARIABLE, os.environ.get(VARIABLE, "")
        if not text.strip():
            raise ConfigError(f"no key to TMDB; expected one in {VARIABLE} or --key-file FILE. {_WHERE}")
    else:
        place = str(file)
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise ConfigError(f"{place}: cannot be read as text; expected a file with a key to TMDB") from None
    key = text.strip()
    if not _API_KEY.fullmatch(key) and not _TOKEN.fullmatch(key):
        raise ConfigError(f"{place}: {len(key)} characters that are no key to TMDB; {_EXPECTED}. {_WHERE}")
    return TmdbKey(key)
