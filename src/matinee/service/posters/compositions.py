"""The compositions of each family. Each draws the art of a poster: WIDTH wide, as high as it is told, on the ground.

At the top of the art, 0, is the text, and nothing round may be cut off there; at the other sides are the edges of the
sheet. Only what hangs "above" the text has it the other way round.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from matinee.service.posters import gaieties, journeys, quiet, shadows, wonders
from matinee.service.posters.dice import Dice
from matinee.service.posters.families import Family
from matinee.service.posters.palettes import Palette

Draw = Callable[[int, Dice, Palette], str]


@dataclass(frozen=True)
class Composition:
    """How to draw, and where: what stands belongs below the title, what hangs above it, the rest is turned over."""

    draw: Draw
    place: Literal["above", "below", "either"] = "either"


COMPOSITIONS: dict[Family, tuple[Composition, ...]] = {
    "crime": (
        Composition(shadows.blinds),
        Composition(shadows.hanging_bars, "above"),
        Composition(shadows.street_lamp, "below"),
    ),
    "horror": (
        Composition(shadows.teeth),
        Composition(shadows.doors, "below"),
        Composition(shadows.drips, "above"),
        Composition(shadows.eye),
    ),
    "mystery": (
        Composition(shadows.labyrinth),
        Composition(shadows.keyhole, "below"),
        Composition(shadows.turning_squares),
    ),
    "sci-fi": (
        Composition(wonders.orbits),
        Composition(wonders.grid_horizon, "below"),
        Composition(wonders.punched_card),
    ),
    "fantasy": (
        Composition(wonders.gate, "below"),
        Composition(wonders.moons),
        Composition(wonders.towers, "below"),
    ),
    "children": (
        Composition(wonders.toy_blocks, "below"),
        Composition(wonders.hills, "below"),
        Composition(wonders.beads),
    ),
    "comedy": (
        Composition(gaieties.tumbling_halves),
        Composition(gaieties.seesaw, "below"),
        Composition(gaieties.odd_one_out),
        Composition(gaieties.wobbling_heap, "below"),
    ),
    "romance": (
        Composition(gaieties.overlap),
        Composition(gaieties.leaves),
        Composition(gaieties.ribbons),
    ),
    "musical": (
        Composition(gaieties.equaliser, "below"),
        Composition(gaieties.record),
        Composition(gaieties.staves),
    ),
    "western": (
        Composition(journeys.mesas, "below"),
        Composition(journeys.plain, "below"),
        Composition(journeys.wheel),
    ),
    "war": (
        Composition(journeys.formation),
        Composition(journeys.broken_target),
        Composition(journeys.falling_bars, "below"),
    ),
    "adventure": (
        Composition(journeys.burst),
        Composition(journeys.slant),
        Composition(journeys.peaks, "below"),
        Composition(journeys.chevrons),
    ),
    "documentary": (
        Composition(quiet.halftone),
        Composition(quiet.contours),
        Composition(quiet.contact_sheet),
    ),
    "drama": (
        Composition(quiet.nested),
        Composition(quiet.two_planes),
        Composition(quiet.stairs, "below"),
        Composition(quiet.window, "below"),
        Composition(quiet.two_figures, "below"),
        Composition(quiet.slope, "below"),
    ),
    "programme": (
        Composition(quiet.bands),
        Composition(quiet.quarters),
    ),
}
