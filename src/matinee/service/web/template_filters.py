"""Filters of templates: how movies, ratings, dates and numbers are written. Each takes the language first."""

from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from matinee.i18n import Language, gettext
from matinee.i18n.format import comma_list, day, number, percent
from matinee.i18n.reasons import quote_title

_STEP = 2  # ratings have half stars
_HEADING_OFFSET, _LOWEST_HEADING = 2, 6  # Markdown is shown below the heading of its section


def year(language: Language, value: int | None) -> str:
    """`1994`, `1994年`; empty for an unknown year."""
    if value is None:
        return ""
    return f"{value}年" if language == "zh" else str(value)


def quoted(language: Language, title: str, movie_year: int | None = None) -> str:
    """A title as sentences show it: `Heat (1995)`, `《Heat》（1995年）`."""
    name = quote_title(title, language)
    year_text = year(language, movie_year)
    if not year_text:
        return name
    return f"{name}（{year_text}）" if language == "zh" else f"{name} ({year_text})"


def stars(language: Language, value: float) -> str:
    """`4½ stars`, `4.5 星`."""
    if language == "zh":
        return f"{value:g} 星"
    whole, half = divmod(round(value * _STEP), _STEP)
    count = f"{whole or ''}{'½' if half else ''}" or "0"
    return f"{count} {'star' if count == '1' else 'stars'}"


def half(language: Language, value: float) -> float:
    """A rating rounded to half stars."""
    del language  # the same in both
    return round(value * _STEP) / _STEP


def minutes(language: Language, value: int) -> str:
    """`2 h 22 min`, `142 分钟`."""
    if language == "zh":
        return f"{value} 分钟"
    hours, rest = divmod(value, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


def translated(language: Language, name: str) -> str:
    """The name of a genre, a language or a country; an unknown name stays as it is."""
    return gettext(language, name)


def sentence(language: Language, text: str) -> str:
    """A reason as a sentence of its own: with a capital letter and a full stop."""
    if not text:
        return text
    return f"{text}。" if language == "zh" else f"{text[0].upper()}{text[1:]}."


def markdown(language: Language, text: str) -> Markup:
    """CommonMark with tables, as HTML. HTML in it stays text, links run no scripts, and images are not loaded."""
    del language  # the same in both
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + _HEADING_OFFSET, _LOWEST_HEADING)}"
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - the renderer escapes the text


FILTERS: dict[str, Callable[..., Any]] = {
    "year": year,
    "quoted": quoted,
    "stars": stars,
    "half": half,
    "minutes": minutes,
    "share": percent,
    "number": number,
    "date": day,
    "commas": comma_list,
    "genre": translated,
    "translated": translated,
    "sentence": sentence,
    "markdown": markdown,
}
