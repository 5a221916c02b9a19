"""One picture file -> one small array, whatever the file turns out to be."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from matinee.arrays import Pixels

# What pictures on the web are. Other decoders, some of which start other programs, are not let near a file.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = 50_000_000  # a small file can unpack to any number of them


def decode(path: Path, size: tuple[int, int]) -> Pixels | None:
    """A picture, turned upright and stretched to `size` (height, width): (3, height, width), or None if broken.

    Broken is what is cut short, empty, no picture, unreadable, or absurdly large.
    """
    height, width = size
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            # A JPEG can be decoded at a fraction of its size, and is, down to about twice what is wanted.
            image.draft("RGB", (2 * max(size), 2 * max(size)))
            upright = ImageOps.exif_transpose(_rgb(image))
            small = upright.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    except MemoryError:
        raise
    except Exception:  # on damaged data Pillow's decoders raise nearly anything
        return None
    return np.asarray(small).transpose(2, 0, 1)  # (3, height, width)


def _rgb(image: Image.Image) -> Image.Image:
    """In RGB, without transparency; the tags that say which side is up stay with it."""
    if image.mode.startswith("I;16"):  # 16 bits of grey, which `convert` would cut off at 255
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if "transparency" in image.info:  # a colour or a palette entry that is see-through
        image = image.convert("RGBA")
    return image if image.mode == "RGB" else image.convert("RGB")
