"""Decoding of poster files into small arrays. Any file may be damaged or hostile."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from matinee.arrays import Pixels

# Formats of images on the web. Other decoders, some of which start other programs, are never used.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MAX_PIXELS = 50_000_000  # a small file can decompress to any number of pixels


def decode(path: Path, size: tuple[int, int]) -> Pixels | None:
    """Read an image, turn it upright and resize it to `size` (height, width): (3, height, width), or None if broken.

    Broken files are truncated, empty, unreadable, not images, or far too large.
    """
    height, width = size
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > _MAX_PIXELS:
                return None
            # A JPEG is decoded at a fraction of its size, at least twice the target.
            image.draft("RGB", (2 * max(size), 2 * max(size)))
            upright = ImageOps.exif_transpose(_rgb(image))
            small = upright.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    except MemoryError:
        raise
    except Exception:  # on damaged data Pillow's decoders raise nearly anything
        return None
    return np.asarray(small).transpose(2, 0, 1)  # (3, height, width)


def _rgb(image: Image.Image) -> Image.Image:
    """Convert to RGB without transparency. The orientation tag stays."""
    if image.mode.startswith("I;16"):  # 16 bits of grey, which `convert` would cut off at 255
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if "transparency" in image.info:  # a transparent colour or palette entry
        image = image.convert("RGBA")
    return image if image.mode == "RGB" else image.convert("RGB")
