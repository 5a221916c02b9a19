from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from matinee.features.poster_decoding import decode

SIZE = (12, 8)  # height, width
RED, BLUE = (220, 20, 30), (10, 40, 200)
ROTATED = Image.Exif()
ROTATED[0x0112] = 6  # to be turned a quarter to the right before it is looked at


def picture(width: int = 80, height: int = 120) -> Image.Image:
    """The upper half red, the lower half blue."""
    pixels = np.empty((height, width, 3), dtype=np.uint8)
    pixels[: height // 2], pixels[height // 2 :] = RED, BLUE
    return Image.fromarray(pixels)


def check_halves(decoded: npt.NDArray[np.uint8] | None) -> None:
    assert decoded is not None
    assert decoded.shape == (3, *SIZE)
    assert decoded.dtype == np.uint8
    for rows, colour in ((slice(0, 5), RED), (slice(7, 12), BLUE)):
        assert np.abs(decoded[:, rows].astype(int) - np.reshape(colour, (3, 1, 1))).max() < 15


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("PNG", {}),
        ("WEBP", {"quality": 95}),
        ("GIF", {}),
    ],
)
def test_formats_are_detected_by_content(tmp_path: Path, suffix: str, options: dict[str, Any]) -> None:
    picture().save(tmp_path / "1.jpg", suffix, **options)
    check_halves(decode(tmp_path / "1.jpg", SIZE))


@pytest.mark.parametrize(("mode", "format_"), [("P", "PNG"), ("RGBA", "PNG"), ("CMYK", "JPEG")])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str, format_: str) -> None:
    picture().convert(mode).save(tmp_path / "1", format_)
    check_halves(decode(tmp_path / "1", SIZE))


def test_a_palette_with_see_through_colours(tmp_path: Path) -> None:
    picture().convert("P").save(tmp_path / "1.png", transparency=bytes([0, 128]))
    check_halves(decode(tmp_path / "1.png", SIZE))


@pytest.mark.parametrize(
    ("grey", "format_"),
    [
        (np.full((30, 20), 100, dtype=np.uint8), "JPEG"),
        (np.full((30, 20), 100 << 8, dtype=np.uint16), "PNG"),
    ],
)
def test_grey_has_three_equal_colours(tmp_path: Path, grey: npt.NDArray[Any], format_: str) -> None:
    Image.fromarray(grey).save(tmp_path / "1", format_)
    decoded = decode(tmp_path / "1", SIZE)
    assert decoded is not None
    assert (decoded == 100).all()


@pytest.mark.parametrize("scale", [1, 20])  # 20: large enough to be decoded at a fraction of its size
def test_a_picture_lying_on_its_side_is_turned(tmp_path: Path, scale: int) -> None:
    lying = picture(80 * scale, 120 * scale).transpose(Image.Transpose.ROTATE_90)
    lying.save(tmp_path / "1.jpg", quality=95, exif=ROTATED)
    check_halves(decode(tmp_path / "1.jpg", SIZE))


def test_decoding_at_a_fraction_keeps_the_content(tmp_path: Path) -> None:
    """Eight stripes in an image four times the target size: an eighth of it would show none of them."""
    grey = np.array([40, 200] * 4, dtype=np.uint8).repeat(4)[None, :].repeat(48, axis=0)
    Image.fromarray(grey).save(tmp_path / "1.jpg", quality=95)
    decoded = decode(tmp_path / "1.jpg", SIZE)
    assert decoded is not None
    assert (decoded[:, :, ::2] < 90).all()
    assert (decoded[:, :, 1::2] > 150).all()


def test_a_picture_smaller_than_wanted_is_stretched(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1), RED).save(tmp_path / "1.png")
    decoded = decode(tmp_path / "1.png", SIZE)
    assert decoded is not None
    assert (decoded == np.reshape(RED, (3, 1, 1))).all()


def test_a_broken_file_gives_none(tmp_path: Path) -> None:
    picture().save(tmp_path / "whole.jpg")
    whole = (tmp_path / "whole.jpg").read_bytes()
    damaged = {
        "cut": whole[: len(whole) // 2],
        "header": whole[:20],
        "empty": b"",
        "text": b"<html>404 not found</html>",
        "zeros": bytes(5000),
        "png": b"\x89PNG\r\n\x1a\n" + whole,
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
        assert decode(tmp_path / name, SIZE) is None, name
    assert decode(tmp_path / "not there", SIZE) is None
    assert decode(tmp_path, SIZE) is None


def test_formats_that_are_not_for_posters_are_not_decoded(tmp_path: Path) -> None:
    picture().save(tmp_path / "1.jpg", "BMP")
    assert decode(tmp_path / "1.jpg", SIZE) is None


def test_a_small_file_that_unpacks_to_an_enormous_picture_is_refused(tmp_path: Path) -> None:
    Image.new("1", (9000, 9000)).save(tmp_path / "1.png")
    assert (tmp_path / "1.png").stat().st_size < 50_000
    assert decode(tmp_path / "1.png", SIZE) is None


def test_running_out_of_memory_is_not_a_broken_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    picture().save(tmp_path / "1.png")
    monkeypatch.setattr(Image.Image, "resize", full)
    with pytest.raises(MemoryError):
        decode(tmp_path / "1.png", SIZE)
