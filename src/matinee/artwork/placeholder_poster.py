"""A poster for a movie of which there is no picture: its title, and shapes that tell its genre.

The movie's id decides everything that is left to chance, so a movie always has the same poster. The art and the text
have each a part of the sheet of their own, so nothing ever stands on anything that it cannot be read on.
"""

from collections.abc import Iterable
from html import escape

from matinee.artwork.compositions import COMPOSITIONS
from matinee.artwork.genre_styles import genre_style
from matinee.artwork.palettes import PALETTES
from matinee.artwork.seeded_random import SeededRandom
from matinee.artwork.shapes import HEIGHT, WIDTH, upside_down
from matinee.artwork.typesetting import Lettering, fitted, is_right_to_left, printable, set_title, text_width

# A page that inlines the poster may set the two faces; elsewhere the fallbacks are used.
DISPLAY_FACE = "Fraunces, 'Source Serif 4', Georgia, 'Noto Serif', 'Songti SC', 'Noto Serif CJK SC', serif"
TEXT_FACE = "'Instrument Sans', Inter, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"

_MARGIN = 22
_MEASURE = WIDTH - 2 * _MARGIN
_FACTS_SIZE = 14
_FACTS_BAND = 46  # from the edge of the sheet to the rule
_GAP = 16  # between the rule, the title and the art
_TALLEST_TITLE = 190
_LONGEST_LABEL = 200
_YEARS = {"zh": "{}年", "ja": "{}年", "ko": "{}년"}


def placeholder_poster(
    title: str | None,
    year: int | None,
    director: str | None,
    genres: Iterable[str],
    movie_id: int | str,
    language: str = "en",
) -> str:
    """An SVG of 300 by 450 units, without script, style or anything from elsewhere; always the same for one movie.

    `director` may be several names in one text. `language` is that of the page: it decides how the year is written
    and, for Chinese and Japanese, which form of a letter is drawn.
    """
    dice = SeededRandom.of(str(movie_id))
    family = genre_style(genres)
    palette = dice.choice(PALETTES[family])
    composition = dice.choice(COMPOSITIONS[family])
    art_above = dice.coin() if composition.place == "either" else composition.place == "above"
    name = printable(title or "")
    lettering = set_title(name, _MEASURE, _TALLEST_TITLE, largest=88 if len(name) > 2 else 132)
    text_height = _FACTS_BAND + _GAP + lettering.height + _GAP
    art_height = HEIGHT - text_height
    top = 0 if art_above else text_height
    art = composition.draw(art_height, dice, palette)
    if art_above and composition.place == "either":
        art = upside_down(art, art_height)
    label = fitted(f"{name} ({year})" if year else name, _LONGEST_LABEL, 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" lang="{escape(language)}"'
        f' aria-label="{escape(label)}"><rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.ground}"/>'
        f'<svg y="{top}" width="{WIDTH}" height="{art_height}" viewBox="0 0 {WIDTH} {art_height}">{art}</svg>'
        f'<g fill="{palette.ink}">{_facts(year, director, language, art_above)}'
        f"{_title(lettering, name, art_above)}</g></svg>"
    )


def _facts(year: int | None, director: str | None, language: str, at_foot: bool) -> str:
    """Director and year in a line at the edge of the sheet, and the rule between them and the title."""
    baseline = HEIGHT - 20 if at_foot else 31
    rule = HEIGHT - _FACTS_BAND if at_foot else _FACTS_BAND - 1
    written = "" if year is None else _YEARS.get(language[:2], "{}").format(year)
    room = _MEASURE - text_width(written) * _FACTS_SIZE - (_FACTS_SIZE if written else 0)
    by = fitted(printable(director or ""), room, _FACTS_SIZE)
    year_text = f'<text x="{WIDTH - _MARGIN}" y="{baseline}" text-anchor="end">{written}</text>' if written else ""
    by_text = f'<text x="{_MARGIN}" y="{baseline}">{escape(by)}</text>' if by else ""
    return (
        f'<rect x="{_MARGIN}" y="{rule}" width="{_MEASURE}" height="1"/>'
        f'<g font-family="{TEXT_FACE}" font-size="{_FACTS_SIZE}" font-weight="500">{by_text}{year_text}</g>'
    )


def _title(lettering: Lettering, name: str, art_above: bool) -> str:
    top = HEIGHT - _FACTS_BAND - _GAP - lettering.height if art_above else _FACTS_BAND + _GAP
    baseline = top + round(lettering.size * 0.76)
    backwards = is_right_to_left(name)
    start = f"{WIDTH - _MARGIN}" if backwards else f"{_MARGIN}"
    direction = ' direction="rtl"' if backwards else ""
    lines = "".join(
        f'<tspan x="{start}" y="{baseline + number * lettering.leading}">{escape(line)}</tspan>'
        for number, line in enumerate(lettering.lines)
    )
    return (
        f'<text font-family="{DISPLAY_FACE}" font-size="{lettering.size}" font-weight="600"{direction}>{lines}</text>'
    )
