"""Decades as one asks for them: before 1930 there are few films, so those are one choice."""

from typing import Literal

Decade = Literal["", "1900", "1930", "1940", "1950", "1960", "1970", "1980", "1990", "2000", "2010", "2020"]
_BEFORE = 1930


def years_of(decade: Decade) -> tuple[int | None, int | None]:
    """The first and the last year; None where any will do."""
    if not decade:
        return None, None
    first = int(decade)
    return first, first + 9 if first >= _BEFORE else _BEFORE - 1
