import pytest

from matinee.artwork.palettes import PALETTES, Palette

CASES = [(style, palette) for style, palettes in PALETTES.items() for palette in palettes]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_has_published_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("style", "palette"), CASES)
def test_text_is_readable_on_its_ground(style: str, palette: Palette) -> None:
    assert contrast(palette.ink, palette.ground) >= 4.5


@pytest.mark.parametrize(("style", "palette"), CASES)
def test_shapes_differ_from_the_ground_and_each_other(style: str, palette: Palette) -> None:
    colours = {palette.ground, *palette.shapes}
    assert len(colours) == 4
    assert max(contrast(shape, palette.ground) for shape in palette.shapes) >= 2.2


def test_no_two_styles_share_a_palette() -> None:
    looks = [palette for _, palette in CASES]
    assert len({(palette.ground, palette.shapes) for palette in looks}) == len(looks)
    assert all(len(palettes) >= 4 for palettes in PALETTES.values())
