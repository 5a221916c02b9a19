"""Is it a picture? What arrives as a poster is decoded before it is kept."""

import io
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING

from matinee.errors import ConfigError

if TYPE_CHECKING:
    from PIL import Image

_FORMATS = ("JPEG", "PNG", "WEBP")
_MOST_PIXELS = 20_000_000  # a small file can unpack to any number of them
_QUALITY = 90


def raise_without_pillow() -> None:
    """Raise `ConfigError` if pictures cannot be decoded here: worth asking before anything is fetched."""
    if find_spec("PIL") is None:
        raise ConfigError("posters need Pillow; expected `pip install 'matinee[deep]'`, or --no-posters")


def checked_jpeg(content: bytes) -> bytes:
    """A JPEG as it is, a PNG or WebP as a JPEG. Raises ValueError for what is cut short, too large or no picture."""
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            small_enough = image.width * image.height <= _MOST_PIXELS
            form = image.format
            jpeg = _as_jpeg(image) if small_enough else b""
    except MemoryError:
        raise
    except Exception as error:  # on damaged data Pillow's decoders raise nearly anything
        raise ValueError(f"not a picture: {content[:20]!r}") from error
    if not small_enough:
        raise ValueError(f"a picture of more than {_MOST_PIXELS:,} pixels")
    return content if form == "JPEG" else jpeg


def _as_jpeg(image: "Image.Image") -> bytes:
    """Decodes it; only what is no JPEG is encoded again."""
    image.load()
    encoded = io.BytesIO()
    if image.format != "JPEG":
        image.convert("RGB").save(encoded, "JPEG", quality=_QUALITY)
    return encoded.getvalue()
