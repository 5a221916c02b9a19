import io

import pytest
from PIL import Image

from matinee.data.fetching import poster_files
from matinee.data.fetching.poster_files import checked_jpeg, raise_without_pillow
from matinee.errors import ConfigError
from tests.data.fetching.tmdb_server import picture


def test_a_jpeg_is_kept_byte_for_byte() -> None:
    assert checked_jpeg(picture()) == picture()


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_pictures_become_jpegs(form: str) -> None:
    made = checked_jpeg(picture(form, "blue"))
    with Image.open(io.BytesIO(made)) as image:
        assert image.format == "JPEG"
        red, green, blue = image.convert("RGB").getpixel((5, 5))
        assert blue > 200 > 60 > red + green - 60


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", picture()[:-300], picture()[:40], picture("PNG")[:80], picture("GIF"), b"\xff\xd8\xff\xe0" * 50],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        checked_jpeg(content)


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poster_files, "_MOST_PIXELS", 1000)
    with pytest.raises(ValueError, match="more than 1,000 pixels"):
        checked_jpeg(picture())


def test_pillow_is_asked_for_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    raise_without_pillow()
    monkeypatch.setattr(poster_files, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"posters need Pillow; expected .* or --no-posters"):
        raise_without_pillow()
