"""Static files of pages: style sheets, scripts and fonts. Nothing is loaded from another site."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(str(files("matinee.service.web"))) / "static"
STATIC_PATH = "/static"
_FONTS = "fonts/"  # named by the style sheet without a digest; they never change


class Assets(StaticFiles):
    """Static files. Their addresses contain a digest of their content, so browsers cache them for good."""

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
    """The address of a file. Raises `FileNotFoundError` for an unknown name."""
    digest = hashlib.blake2b((FOLDER / name).read_bytes(), digest_size=6).hexdigest()
    return f"{STATIC_PATH}/{name}?v={digest}"


@cache
def page_assets(template: str, ending: str) -> list[str]:
    """The address of the style sheet (`css`) or script (`js`) named like a template; none if there is no such file."""
    name = f"{Path(template).stem}.{ending}"
    return [asset(name)] if (FOLDER / name).is_file() else []
