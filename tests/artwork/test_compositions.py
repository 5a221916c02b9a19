"""Every composition, at heights that titles leave for the art."""

import re

import pytest

from matinee.artwork.compositions import COMPOSITIONS, Composition
from matinee.artwork.genre_styles import GenreStyle
from matinee.artwork.palettes import PALETTES
from matinee.artwork.seeded_random import SeededRandom

CASES = [(style, composition) for style, compositions in COMPOSITIONS.items() for composition in compositions]
NAMES = [f"{style} {composition.draw.__name__}" for style, composition in CASES]
FULL_WIDTH_EDGES = {
    "teeth",
    "eye",
    "turning_squares",
    "keyhole",
    "halftone",
    "two_planes",
    "burst",
    "chevrons",
    "slant",
}


@pytest.mark.parametrize("height", [180, 230, 290, 372])
@pytest.mark.parametrize(("style", "composition"), CASES, ids=NAMES)
def test_it_draws_at_any_height(style: GenreStyle, composition: Composition, height: int) -> None:
    drawings = set()
    for seed in range(12):
        palette = PALETTES[style][seed % len(PALETTES[style])]
        drawing = composition.draw(height, SeededRandom(seed), palette)
        assert len(drawing) < 2_900
        assert "nan" not in drawing
        assert not re.search(r'(?:r|width|height|stroke-width)="-', drawing)
        drawings.add(re.sub("#[0-9a-f]{6}", "", drawing))
    assert len(drawings) > 1


@pytest.mark.parametrize(("style", "composition"), CASES, ids=NAMES)
def test_no_disc_is_cut_off_at_the_text(style: GenreStyle, composition: Composition) -> None:
    """Other sides may cut a disc: they are the edges of the sheet."""
    if composition.draw.__name__ in FULL_WIDTH_EDGES or composition.position == "above":
        return
    for height in (190, 260, 340):
        for seed in range(40):
            drawing = composition.draw(height, SeededRandom(seed), PALETTES[style][0])
            for y, radius in re.findall(r'cy="([-\d.]+)" r="([\d.]+)"', drawing):
                assert float(y) - float(radius) > -6, drawing


def test_each_style_has_compositions_of_its_own() -> None:
    assert COMPOSITIONS.keys() == PALETTES.keys()
    assert len(COMPOSITIONS) == 15
    assert all(len(compositions) >= 2 for compositions in COMPOSITIONS.values())
    draws = [composition.draw for _, composition in CASES]
    assert len(set(draws)) == len(draws)
