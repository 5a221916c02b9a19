"""The compositions of each genre style. Each draws the art of a poster, WIDTH wide and as high as asked for.

The title is at the top of the art (y = 0), and no round shape may be cut off there. The other sides are the edges of
the sheet. Compositions for the position "above" are the exception: their title is at the bottom.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from matinee.artwork.genre_styles import GenreStyle
from matinee.artwork.motifs import (
    comedy_romance_musical,
    crime_horror_mystery,
    drama_documentary,
    scifi_fantasy_children,
    western_war_adventure,
)
from matinee.artwork.palettes import Palette
from matinee.artwork.seeded_random import SeededRandom

DrawMotif = Callable[[int, SeededRandom, Palette], str]


@dataclass(frozen=True)
class Composition:
    """A motif and its position relative to the title. With "either", the art is flipped when it comes above."""

    draw: DrawMotif
    position: Literal["above", "below", "either"] = "either"


COMPOSITIONS: dict[GenreStyle, tuple[Composition, ...]] = {
    "crime": (
        Composition(crime_horror_mystery.blinds),
        Composition(crime_horror_mystery.hanging_bars, "above"),
        Composition(crime_horror_mystery.street_lamp, "below"),
    ),
    "horror": (
        Composition(crime_horror_mystery.teeth),
        Composition(crime_horror_mystery.doors, "below"),
        Composition(crime_horror_mystery.drips, "above"),
        Composition(crime_horror_mystery.eye),
    ),
    "mystery": (
        Composition(crime_horror_mystery.labyrinth),
        Composition(crime_horror_mystery.keyhole, "below"),
        Composition(crime_horror_mystery.turning_squares),
    ),
    "sci-fi": (
        Composition(scifi_fantasy_children.orbits),
        Composition(scifi_fantasy_children.grid_horizon, "below"),
        Composition(scifi_fantasy_children.punched_card),
    ),
    "fantasy": (
        Composition(scifi_fantasy_children.gate, "below"),
        Composition(scifi_fantasy_children.moons),
        Composition(scifi_fantasy_children.towers, "below"),
    ),
    "children": (
        Composition(scifi_fantasy_children.toy_blocks, "below"),
        Composition(scifi_fantasy_children.hills, "below"),
        Composition(scifi_fantasy_children.beads),
    ),
    "comedy": (
        Composition(comedy_romance_musical.tumbling_halves),
        Composition(comedy_romance_musical.seesaw, "below"),
        Composition(comedy_romance_musical.odd_one_out),
        Composition(comedy_romance_musical.wobbling_heap, "below"),
    ),
    "romance": (
        Composition(comedy_romance_musical.overlap),
        Composition(comedy_romance_musical.leaves),
        Composition(comedy_romance_musical.ribbons),
    ),
    "musical": (
        Composition(comedy_romance_musical.equaliser, "below"),
        Composition(comedy_romance_musical.record),
        Composition(comedy_romance_musical.staves),
    ),
    "western": (
        Composition(western_war_adventure.mesas, "below"),
        Composition(western_war_adventure.plain, "below"),
        Composition(western_war_adventure.wheel),
    ),
    "war": (
        Composition(western_war_adventure.formation),
        Composition(western_war_adventure.broken_target),
        Composition(western_war_adventure.falling_bars, "below"),
    ),
    "adventure": (
        Composition(western_war_adventure.burst),
        Composition(western_war_adventure.slant),
        Composition(western_war_adventure.peaks, "below"),
        Composition(western_war_adventure.chevrons),
    ),
    "documentary": (
        Composition(drama_documentary.halftone),
        Composition(drama_documentary.contours),
        Composition(drama_documentary.contact_sheet),
    ),
    "drama": (
        Composition(drama_documentary.nested),
        Composition(drama_documentary.two_planes),
        Composition(drama_documentary.stairs, "below"),
        Composition(drama_documentary.window, "below"),
        Composition(drama_documentary.two_figures, "below"),
        Composition(drama_documentary.slope, "below"),
    ),
    "programme": (
        Composition(drama_documentary.bands),
        Composition(drama_documentary.quarters),
    ),
}
