"""Every composition, at every height that a title leaves it."""

import re

import pytest

from matinee.artwork.compositions import COMPOSITIONS, Composition
from matinee.artwork.genre_styles import GenreStyle
from matinee.artwork.palettes import PALETTES
from matinee.artwork.seeded_random import SeededRandom

EVERY = [(family, composition) for family, several in COMPOSITIONS.items() for composition in several]
NAMES = [f"{family} {composition.draw.__name__}" for family, composition in EVERY]
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
@pytest.mark.parametrize(("family", "composition"), EVERY, ids=NAMES)
def test_it_draws_at_any_height(family: GenreStyle, composition: Composition, height: int) -> None:
    drawings = set()
    for seed in range(12):
        palette = PALETTES[family][seed % len(PALETTES[family])]
        drawing = composition.draw(height, SeededRandom(seed), palette)
        assert len(drawing) < 2_900
        assert "nan" not in drawing
        assert not re.search(r'(?:r|width|height|stroke-width)="-', drawing)
        drawings.add(re.sub("#[0-9a-f]{6}", "", drawing))
    assert len(drawings) > 1


@pytest.mark.parametrize(("family", "composition"), EVERY, ids=NAMES)
def test_no_disc_is_cut_off_where_the_text_is(family: GenreStyle, composition: Composition) -> None:
    """Not even one that is half off the sheet elsewhere."""
    if composition.draw.__name__ in FULL_WIDTH_EDGES or composition.place == "above":
        return
    for height in (190, 260, 340):
        for seed in range(40):
            drawing = composition.draw(height, SeededRandom(seed), PALETTES[family][0])
            for y, radius in re.findall(r'cy="([-\d.]+)" r="([\d.]+)"', drawing):
                assert float(y) - float(radius) > -6, drawing


def test_there_are_several_for_each_family_and_none_is_shared() -> None:
    assert COMPOSITIONS.keys() == PALETTES.keys()
    assert len(COMPOSITIONS) == 15
    assert all(len(several) >= 2 for several in COMPOSITIONS.values())
    draws = [composition.draw for _, composition in EVERY]
    assert len(set(draws)) == len(draws)
