"""Numbers, percentages, dates and lists as each language writes them, by the rules of Babel's locales."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal, format_percent

from matinee.i18n.catalog import Language

_LOCALES: dict[Language, str] = {"en": "en_GB", "zh": "zh_CN"}
_SEPARATORS: dict[Language, str] = {"en": ", ", "zh": "、"}


def number(language: Language, value: float, digits: int = 0) -> str:
    """A number with separated thousands and a fixed number of digits: `1,682`, `0.250`."""
    return format_decimal(value, _pattern(digits), locale=_LOCALES[language])


def percent(language: Language, value: float, digits: int = 0) -> str:
    """A share of one in percent: `37%`."""
    return format_percent(value, _pattern(digits) + "%", locale=_LOCALES[language])


def day(language: Language, value: date) -> str:
    """A date or the date of a moment: `28 Nov 2026`, `2026年11月28日`."""
    return babel_date(value, "medium", locale=_LOCALES[language])


def comma_list(language: Language, items: Iterable[str]) -> str:
    """Items with separators and without a conjunction: `Drama, War`, `剧情片、战争片`."""
    return _SEPARATORS[language].join(items)


def _pattern(digits: int) -> str:
    return "#,##0" + (f".{'0' * digits}" if digits else "")
