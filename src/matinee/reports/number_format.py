"""Numbers, times and dates as text, in both languages."""

import json
from datetime import date
from typing import Any

from babel.dates import format_date

from matinee.i18n import Language, gettext
from matinee.reports.schema import Figure


def decimal(value: float, digits: int) -> str:
    """Format a number with fixed digits, thousands separators, and a real minus sign."""
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not float(text.replace(",", "")) else text.replace("-", "−")


def percent(value: float) -> str:
    """Format a share as a percentage: whole, but with one digit below 10%."""
    return f"{decimal(100 * value, 0 if value >= 0.1 or value == 0 else 1)}%"


def interval(figure: Figure, digits: int, language: Language) -> str:
    """Format an interval as "0.11–0.13", or as "−0.01 to 0.02" where a dash would confuse."""
    low, high = decimal(figure.low, digits), decimal(figure.high, digits)
    return f"{low}–{high}" if figure.low >= 0 else gettext(language, "{low} to {high}").format(low=low, high=high)


def out_of_total(share: float) -> tuple[int, int]:
    """Turn a share into "23 of 100", or "of 1,000" where a hundred tries are too coarse."""
    total = 1000 if 0 < share < 0.0295 else 100
    return round(share * total), total


def significant(value: float) -> str:
    """Format a number for machines with six significant digits, finer than any interval here."""
    return f"{value:.6g}"


def p_value(p: float) -> str:
    """Format a p-value: "0.31", "0.013", "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def p_equation(p: float) -> str:
    """Format a p-value as an equation: "p = 0.31", "p < 0.001"."""
    text = p_value(p)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def duration(seconds: float, language: Language) -> str:
    """Format seconds: "0.4 s", "31 s", "6 min 52 s", "2 h 5 min"."""
    second, minute, hour = gettext(language, "s"), gettext(language, "min"), gettext(language, "h")
    if seconds < 59.5:
        digits = 0 if seconds >= 9.95 else 1 if seconds >= 0.095 else 2
        if seconds < 0.005:
            return f"< 0.01 {second}"
        return f"{seconds:.{digits}f}".removesuffix(".0") + f" {second}"
    whole, minutes = round(seconds), round(seconds / 60)
    if whole < 600:
        return f"{whole // 60} {minute}" + (f" {whole % 60} {second}" if whole % 60 else "")
    if minutes < 60:
        return f"{minutes} {minute}"
    return f"{minutes // 60:,} {hour}" + (f" {minutes % 60} {minute}" if minutes % 60 else "")


def memory(megabytes: float) -> str:
    """Format megabytes, as gigabytes from 1 GB on."""
    return f"{decimal(megabytes, 0)} MB" if megabytes < 1000 else f"{decimal(megabytes / 1000, 1)} GB"


def long_date(iso: str, language: Language) -> str:
    """Format an ISO date in a language; any other text stays as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return format_date(day, "long", locale="en_GB" if language == "en" else language)


def setting(value: Any) -> str:
    """Format a setting as it is typed: text bare, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
