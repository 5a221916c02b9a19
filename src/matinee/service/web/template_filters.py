"""Filters of templates: how movies, stars and numbers are written. Each takes the language first."""

from collections.abc import Callable
from typing import Any

from matinee.pipeline.words import Language
from matinee.service.web.words import gettext

_STEP = 2  # stars are told in halves


def year(language: Language, value: int | None) -> str:
    """`1994`, `1994年`; nothing for a film whose year is not known."""
    if value is None:
        return ""
    return f"{value}年" if language == "zh" else str(value)


def title(language: Language, title: str, of_year: int | None = None) -> str:
    """A title as it stands in a sentence: Chinese has its own quotation marks."""
    name = f"《{title}》" if language == "zh" else title
    written = year(language, of_year)
    if not written:
        return name
    return f"{name}（{written}）" if language == "zh" else f"{name} ({written})"


def stars(language: Language, value: float) -> str:
    """`4½ stars`, `4.5 星`."""
    if language == "zh":
        return f"{value:g} 星"
    whole, half = divmod(round(value * _STEP), _STEP)
    number = f"{whole or ''}{'½' if half else ''}" or "0"
    return f"{number} {'star' if number == '1' else 'stars'}"


def half(language: Language, value: float) -> float:
    """Rounded to half stars, as people say them."""
    del language  # counted alike
    return round(value * _STEP) / _STEP


def minutes(language: Language, value: int) -> str:
    """`2 h 22 min`, `142 分钟`."""
    if language == "zh":
        return f"{value} 分钟"
    hours, rest = divmod(value, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


def share(language: Language, value: float) -> str:
    """`37%`."""
    del language  # written alike
    return f"{value:.0%}"


def genre(language: Language, name: str) -> str:
    """The name of a genre."""
    return gettext(language, name)


def named(language: Language, name: str) -> str:
    """The name of a language or a country."""
    return gettext(language, name)


def sentence(language: Language, text: str) -> str:
    """A reason as a sentence of its own: with a capital letter, and a full stop."""
    if not text:
        return text
    return f"{text}。" if language == "zh" else f"{text[0].upper()}{text[1:]}."


FILTERS: dict[str, Callable[..., Any]] = {
    "year": year,
    "titled": title,
    "stars": stars,
    "half": half,
    "minutes": minutes,
    "share": share,
    "genre": genre,
    "named": named,
    "sentence": sentence,
}
