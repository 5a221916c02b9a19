import pytest

from matinee.artwork.palettes import PALETTES, Palette

EVERY = [(family, palette) for family, palettes in PALETTES.items() for palette in palettes]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("family", "palette"), EVERY)
def test_text_is_readable_on_its_ground(family: str, palette: Palette) -> None:
    assert contrast(palette.ink, palette.ground) >= 4.5


@pytest.mark.parametrize(("family", "palette"), EVERY)
def test_shapes_are_told_from_their_ground_and_from_each_other(family: str, palette: Palette) -> None:
    colours = {palette.ground, *palette.shapes}
    assert len(colours) == 4
    assert max(contrast(shape, palette.ground) for shape in palette.shapes) >= 2.2


def test_no_two_families_look_alike() -> None:
    looks = [palette for _, palette in EVERY]
    assert len({(one.ground, one.shapes) for one in looks}) == len(looks)
    assert all(len(palettes) >= 4 for palettes in PALETTES.values())
