"""The palettes of each genre style, all mixed from one set of colours so that posters look related.

In each palette the three colours of `shapes` are easy to see on the ground and on each other. Text appears only on the
ground, with a contrast of at least 4.5 : 1 (WCAG 2.2, AA).
"""

from dataclasses import dataclass

from matinee.artwork.genre_styles import GenreStyle

_PAPER, _SHEET, _CREAM, _INK = "#f6efe0", "#ece0c8", "#e9d5ab", "#1b1816"
_RED, _VERMILION, _MAROON = "#b92d24", "#e0522f", "#541a1e"
_ROSE, _BLUSH, _PLUM = "#d98b8b", "#f0cdbd", "#43203c"
_MUSTARD, _OCHRE, _SAND, _RUST = "#e6b33d", "#cf8a2a", "#dcc296", "#a84a28"
_OLIVE, _FOREST, _MINT = "#6b6a34", "#1e4538", "#b3cbb0"
_TEAL, _SKY, _BLUE, _NAVY = "#2b7672", "#9cc3c9", "#2a558f", "#17223a"
_STONE, _SLATE = "#aba294", "#474c52"


@dataclass(frozen=True)
class Palette:
    """The colours of one poster."""

    ground: str
    ink: str  # colour of the text
    shapes: tuple[str, str, str]  # the leading colour, its counterpart, the accent


def _on(ground: str, ink: str, *shapes: str) -> Palette:
    first, second, third = shapes
    return Palette(ground, ink, (first, second, third))


PALETTES: dict[GenreStyle, tuple[Palette, ...]] = {
    "crime": (
        _on(_INK, _PAPER, _CREAM, _SLATE, _RED),
        _on(_INK, _PAPER, _MUSTARD, _SLATE, _PAPER),
        _on(_NAVY, _PAPER, _SKY, _SLATE, _VERMILION),
        _on(_SHEET, _INK, _INK, _STONE, _RED),
    ),
    "comedy": (
        _on(_MUSTARD, _INK, _RED, _PAPER, _INK),
        _on(_SHEET, _INK, _VERMILION, _TEAL, _MUSTARD),
        _on(_SKY, _INK, _VERMILION, _PAPER, _NAVY),
        _on(_CREAM, _INK, _BLUE, _MUSTARD, _VERMILION),
    ),
    "romance": (
        _on(_BLUSH, _MAROON, _RED, _ROSE, _MAROON),
        _on(_RED, _PAPER, _BLUSH, _ROSE, _MAROON),
        _on(_SHEET, _PLUM, _ROSE, _PLUM, _VERMILION),
        _on(_PLUM, _BLUSH, _ROSE, _BLUSH, _VERMILION),
    ),
    "musical": (
        _on(_BLUE, _PAPER, _MUSTARD, _SKY, _PAPER),
        _on(_SHEET, _INK, _VERMILION, _BLUE, _MUSTARD),
        _on(_PLUM, _PAPER, _MUSTARD, _ROSE, _VERMILION),
        _on(_MUSTARD, _INK, _INK, _VERMILION, _PAPER),
    ),
    "sci-fi": (
        _on(_NAVY, _PAPER, _SKY, _BLUE, _VERMILION),
        _on(_INK, _PAPER, _TEAL, _STONE, _MUSTARD),
        _on(_SHEET, _NAVY, _NAVY, _SKY, _VERMILION),
        _on(_TEAL, _PAPER, _NAVY, _MINT, _MUSTARD),
    ),
    "horror": (
        _on(_INK, _PAPER, _RED, _MAROON, _PAPER),
        _on(_RED, _PAPER, _INK, _MAROON, _PAPER),
        _on(_MAROON, _PAPER, _INK, _RED, _CREAM),
        _on(_SHEET, _INK, _INK, _RED, _OLIVE),
    ),
    "western": (
        _on(_SAND, _INK, _RUST, _MAROON, _PAPER),
        _on(_MUSTARD, _INK, _RUST, _MAROON, _PAPER),
        _on(_SHEET, _MAROON, _OCHRE, _RUST, _MAROON),
        _on(_RUST, _PAPER, _MAROON, _INK, _MUSTARD),
    ),
    "war": (
        _on(_FOREST, _PAPER, _SAND, _OLIVE, _VERMILION),
        _on(_SAND, _INK, _FOREST, _OLIVE, _RED),
        _on(_SLATE, _PAPER, _STONE, _INK, _VERMILION),
        _on(_SHEET, _INK, _OLIVE, _INK, _RED),
    ),
    "children": (
        _on(_SHEET, _INK, _TEAL, _VERMILION, _MUSTARD),
        _on(_MINT, _INK, _FOREST, _VERMILION, _PAPER),
        _on(_SKY, _INK, _BLUE, _PAPER, _VERMILION),
        _on(_MUSTARD, _INK, _TEAL, _VERMILION, _PAPER),
    ),
    "documentary": (
        _on(_SHEET, _INK, _INK, _STONE, _OCHRE),
        _on(_STONE, _INK, _INK, _PAPER, _MAROON),
        _on(_CREAM, _INK, _TEAL, _STONE, _INK),
        _on(_SLATE, _PAPER, _PAPER, _STONE, _MUSTARD),
    ),
    "drama": (
        _on(_SHEET, _INK, _TEAL, _SAND, _RED),
        _on(_CREAM, _MAROON, _MAROON, _OCHRE, _SLATE),
        _on(_FOREST, _PAPER, _MINT, _OCHRE, _CREAM),
        _on(_SLATE, _PAPER, _SAND, _RED, _INK),
        _on(_STONE, _INK, _PAPER, _NAVY, _RUST),
        _on(_NAVY, _PAPER, _ROSE, _TEAL, _CREAM),
    ),
    "adventure": (
        _on(_VERMILION, _INK, _INK, _PAPER, _MUSTARD),
        _on(_SHEET, _INK, _VERMILION, _NAVY, _MUSTARD),
        _on(_BLUE, _PAPER, _NAVY, _VERMILION, _PAPER),
        _on(_MUSTARD, _INK, _INK, _RED, _PAPER),
    ),
    "fantasy": (
        _on(_PLUM, _PAPER, _TEAL, _ROSE, _MUSTARD),
        _on(_FOREST, _PAPER, _TEAL, _MINT, _MUSTARD),
        _on(_BLUSH, _PLUM, _PLUM, _TEAL, _OCHRE),
        _on(_NAVY, _PAPER, _PLUM, _SKY, _MUSTARD),
    ),
    "mystery": (
        _on(_FOREST, _PAPER, _CREAM, _TEAL, _OCHRE),
        _on(_PLUM, _PAPER, _BLUSH, _SLATE, _OCHRE),
        _on(_OCHRE, _INK, _INK, _CREAM, _MAROON),
        _on(_CREAM, _INK, _FOREST, _STONE, _RED),
    ),
    "programme": (
        _on(_SHEET, _INK, _RED, _INK, _STONE),
        _on(_CREAM, _INK, _INK, _RED, _STONE),
        _on(_RED, _PAPER, _PAPER, _INK, _ROSE),
        _on(_INK, _PAPER, _PAPER, _RED, _STONE),
    ),
}
