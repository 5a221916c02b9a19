import io

import pytest
from PIL import Image

from matinee.data.fetching import poster_files
from matinee.data.fetching.poster_files import require_pillow, to_jpeg
from matinee.errors import ConfigError
from tests.data.fetching.tmdb_server import image_bytes


def test_a_jpeg_is_not_changed() -> None:
    assert to_jpeg(image_bytes()) == image_bytes()


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_images_become_jpegs(form: str) -> None:
    converted = to_jpeg(image_bytes(form, "blue"))
    with Image.open(io.BytesIO(converted)) as image:
        assert image.format == "JPEG"
        red, green, blue = image.convert("RGB").getpixel((5, 5))
        assert blue > 200 > 60 > red + green - 60


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        image_bytes()[:-300],
        image_bytes()[:40],
        image_bytes("PNG")[:80],
        image_bytes("GIF"),
        b"\xff\xd8\xff\xe0" * 50,
    ],
)
def test_incomplete_or_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not an image"):
        to_jpeg(content)


def test_an_image_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poster_files, "_MAX_PIXELS", 1000)
    with pytest.raises(ValueError, match="more than 1,000 pixels"):
        to_jpeg(image_bytes())


def test_a_missing_pillow_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    require_pillow()
    monkeypatch.setattr(poster_files, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"Posters need Pillow\. .* or use --no-posters"):
        require_pillow()
