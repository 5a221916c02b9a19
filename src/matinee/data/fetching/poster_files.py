"""Checks of poster files: each is decoded before it is stored."""

import io
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING

from matinee.errors import ConfigError

if TYPE_CHECKING:
    from PIL import Image

_FORMATS = ("JPEG", "PNG", "WEBP")
_MAX_PIXELS = 20_000_000  # a small file can decompress to any number of pixels
_QUALITY = 90


def require_pillow() -> None:
    """Raise `ConfigError` if Pillow, which decodes images, is not installed. Call it before anything is downloaded."""
    if find_spec("PIL") is None:
        raise ConfigError("Posters need Pillow. Run `pip install 'matinee[deep]'`, or use --no-posters.")


def to_jpeg(content: bytes) -> bytes:
    """A JPEG unchanged, a PNG or WebP as a JPEG. Raises ValueError if it is truncated, too large or not an image."""
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            small_enough = image.width * image.height <= _MAX_PIXELS
            image_format = image.format
            jpeg = _as_jpeg(image) if small_enough else b""
    except MemoryError:
        raise
    except Exception as error:  # on damaged data Pillow's decoders raise nearly any error
        raise ValueError(f"not an image: {content[:20]!r}") from error
    if not small_enough:
        raise ValueError(f"an image of more than {_MAX_PIXELS:,} pixels")
    return content if image_format == "JPEG" else jpeg


def _as_jpeg(image: "Image.Image") -> bytes:
    """Decode the image; encode it again unless it is a JPEG."""
    image.load()
    encoded = io.BytesIO()
    if image.format != "JPEG":
        image.convert("RGB").save(encoded, "JPEG", quality=_QUALITY)
    return encoded.getvalue()
