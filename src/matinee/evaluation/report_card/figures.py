"""Numbers, times and dates as people write them, in both languages."""

import json
from datetime import date
from typing import Any

from matinee.evaluation.report_card.language import Language
from matinee.evaluation.report_card.reading import Measure

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def decimal(value: float, digits: int) -> str:
    """A number with a fixed count of digits, thousands set apart, and a real minus sign."""
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not float(text.replace(",", "")) else text.replace("-", "−")


def per_cent(value: float) -> str:
    """A share as a percentage: whole, except that small ones keep one digit."""
    return f"{decimal(100 * value, 0 if value >= 0.1 or value == 0 else 1)}%"


def interval(measure: Measure, digits: int, language: Language) -> str:
    """The interval as "0.11–0.13", or "−0.01 to 0.02" where a dash would confuse; empty if unknown."""
    if measure.low is None or measure.high is None:
        return ""
    join = "–" if measure.low >= 0 else {"en": " to ", "zh": " 到 "}[language]
    return f"{decimal(measure.low, digits)}{join}{decimal(measure.high, digits)}"


def tries(share: float) -> tuple[int, int]:
    """A share as "23 of 100", or of 1,000 where a hundred tries would be too coarse."""
    total = 1000 if 0 < share < 0.0295 else 100
    return round(share * total), total


def raw(value: float) -> str:
    """A number for machines: six significant digits, which is more than any interval here can tell apart."""
    return f"{value:.6g}"


def chance(p: float | None) -> str:
    """A p-value as a reader wants it: "0.31", "0.013", "< 0.001"; empty if unknown."""
    if p is None:
        return ""
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def duration(seconds: float, language: Language) -> str:
    """Seconds as people say them: "0.4 s", "31 s", "6 min 52 s", "2 h 5 min"."""
    second, minute, hour = {"en": ("s", "min", "h"), "zh": ("秒", "分", "小时")}[language]
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
    """Megabytes, or gigabytes from one on."""
    return f"{decimal(megabytes, 0)} MB" if megabytes < 1000 else f"{decimal(megabytes / 1000, 1)} GB"


def day(written: str, language: Language) -> str:
    """An ISO date as the language writes it; anything else as it is."""
    try:
        when = date.fromisoformat(written)
    except ValueError:
        return written
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def setting(value: Any) -> str:
    """A setting as it would be typed: text bare, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
