"""A poster for a movie without a picture: its title, and shapes that suggest its genre.

The movie's id seeds all random choices, so a movie always has the same poster. Art and text have separate parts of the
sheet, so the text is always readable.
"""

from collections.abc import Iterable
from html import escape

from matinee.artwork.compositions import COMPOSITIONS
from matinee.artwork.genre_styles import genre_style
from matinee.artwork.palettes import PALETTES
from matinee.artwork.seeded_random import SeededRandom
from matinee.artwork.shapes import HEIGHT, WIDTH, flip
from matinee.artwork.typesetting import TitleLayout, clean_text, is_right_to_left, lay_out_title, text_width, truncate

# A page that inlines the poster may load the two typefaces. Elsewhere the fallbacks are used.
DISPLAY_FACE = "Fraunces, 'Source Serif 4', Georgia, 'Noto Serif', 'Songti SC', 'Noto Serif CJK SC', serif"
TEXT_FACE = "'Instrument Sans', Inter, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"

_MARGIN = 22
_TEXT_WIDTH = WIDTH - 2 * _MARGIN
_CREDITS_SIZE = 14
_CREDITS_BAND = 46  # height, from the edge of the sheet to the rule
_GAP = 16  # between the rule, the title and the art
_MAX_TITLE_HEIGHT = 190
_MAX_LABEL_WIDTH = 200
_YEAR_FORMATS = {"zh": "{}年", "ja": "{}年", "ko": "{}년"}


def draw_poster(
    title: str | None,
    year: int | None,
    director: str | None,
    genres: Iterable[str],
    movie_id: int | str,
    language: str = "en",
) -> str:
    """Draw an SVG of 300 by 450 units, without scripts, styles or external files; always the same for one movie.

    `director` may hold several names. `language` is that of the page: it decides the format of the year and, for
    Chinese and Japanese, which form of a character is drawn.
    """
    rng = SeededRandom.of(str(movie_id))
    style = genre_style(genres)
    palette = rng.choice(PALETTES[style])
    composition = rng.choice(COMPOSITIONS[style])
    art_above = rng.coin() if composition.position == "either" else composition.position == "above"
    name = clean_text(title or "")
    layout = lay_out_title(name, _TEXT_WIDTH, _MAX_TITLE_HEIGHT, largest=88 if len(name) > 2 else 132)
    text_height = _CREDITS_BAND + _GAP + layout.height + _GAP
    art_height = HEIGHT - text_height
    top = 0 if art_above else text_height
    art = composition.draw(art_height, rng, palette)
    if art_above and composition.position == "either":
        art = flip(art, art_height)
    label = truncate(f"{name} ({year})" if year else name, _MAX_LABEL_WIDTH, 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" lang="{escape(language)}"'
        f' aria-label="{escape(label)}"><rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.ground}"/>'
        f'<svg y="{top}" width="{WIDTH}" height="{art_height}" viewBox="0 0 {WIDTH} {art_height}">{art}</svg>'
        f'<g fill="{palette.ink}">{_credits(year, director, language, art_above)}'
        f"{_title(layout, name, art_above)}</g></svg>"
    )


def _credits(year: int | None, director: str | None, language: str, at_foot: bool) -> str:
    """Draw director and year in a line at the edge of the sheet, and the rule between them and the title."""
    baseline = HEIGHT - 20 if at_foot else 31
    rule = HEIGHT - _CREDITS_BAND if at_foot else _CREDITS_BAND - 1
    year_text = "" if year is None else _YEAR_FORMATS.get(language[:2], "{}").format(year)
    available = _TEXT_WIDTH - text_width(year_text) * _CREDITS_SIZE - (_CREDITS_SIZE if year_text else 0)
    names = truncate(clean_text(director or ""), available, _CREDITS_SIZE)
    right = f'<text x="{WIDTH - _MARGIN}" y="{baseline}" text-anchor="end">{year_text}</text>' if year_text else ""
    left = f'<text x="{_MARGIN}" y="{baseline}">{escape(names)}</text>' if names else ""
    return (
        f'<rect x="{_MARGIN}" y="{rule}" width="{_TEXT_WIDTH}" height="1"/>'
        f'<g font-family="{TEXT_FACE}" font-size="{_CREDITS_SIZE}" font-weight="500">{left}{right}</g>'
    )


def _title(layout: TitleLayout, name: str, art_above: bool) -> str:
    top = HEIGHT - _CREDITS_BAND - _GAP - layout.height if art_above else _CREDITS_BAND + _GAP
    baseline = top + round(layout.size * 0.76)
    right_to_left = is_right_to_left(name)
    start = f"{WIDTH - _MARGIN}" if right_to_left else f"{_MARGIN}"
    direction = ' direction="rtl"' if right_to_left else ""
    lines = "".join(
        f'<tspan x="{start}" y="{baseline + number * layout.leading}">{escape(line)}</tspan>'
        for number, line in enumerate(layout.lines)
    )
    return f'<text font-family="{DISPLAY_FACE}" font-size="{layout.size}" font-weight="600"{direction}>{lines}</text>'
