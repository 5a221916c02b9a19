"""Files that pages need, all our own: style, scripts and fonts. Nothing is loaded from elsewhere."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(str(files("matinee.service.web"))) / "static"
PLACE = "/static"
_FONTS = "fonts/"  # the style sheet names them, and they never change


class Assets(StaticFiles):
    """Static files. Their address holds a digest of what is in them, so browsers keep them for good."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or 404."""
        response = await super().get_response(path, scope)
        if response.status_code == 200 and (b"v=" in scope["query_string"] or path.startswith(_FONTS)):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@cache
def asset(name: str) -> str:
    """The address of a file. Raises `FileNotFoundError` for one that is not there."""
    digest = hashlib.blake2b((FOLDER / name).read_bytes(), digest_size=6).hexdigest()
    return f"{PLACE}/{name}?v={digest}"
