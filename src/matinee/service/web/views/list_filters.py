"""Moods, decades and languages that a list can be limited to, as values of filters."""

from collections.abc import Sequence
from typing import Literal

from matinee.i18n import Language
from matinee.service.state.served_run import ServedRun

# Catalogues have different names for a genre: a mood filters by those the catalogue has.
MOODS: dict[str, tuple[str, ...]] = {
    "laugh": ("Comedy",),
    "thrill": ("Thriller", "Action", "Crime"),
    "wonder": ("Sci-Fi", "Science Fiction", "Fantasy", "Adventure", "Animation"),
    "love": ("Romance",),
    "shiver": ("Horror", "Mystery", "Film-Noir", "Film noir"),
    "think": ("Documentary", "Drama", "War", "History"),
    "sing": ("Musical", "Music"),
    "family": ("Children's", "Children", "Family", "Animation"),
}
Decade = Literal["", "1900", "1930", "1940", "1950", "1960", "1970", "1980", "1990", "2000", "2010", "2020"]
_FIRST_SINGLE_DECADE = 1930  # there are few earlier movies, so all those years are one choice
_LANGUAGE_NAMES: dict[Language, tuple[str, ...]] = {
    "en": ("English", "en", "English Language"),
    "zh": ("Chinese", "Mandarin", "zh", "cn", "Cantonese"),
}


def available_moods(run: ServedRun) -> list[str]:
    """The moods with at least one genre in the catalogue."""
    return [mood for mood in MOODS if mood_genres(run, mood)]


def mood_genres(run: ServedRun, mood: str) -> tuple[str, ...]:
    """The genres of a mood that the catalogue has; none for an unknown mood."""
    return tuple(genre for genre in MOODS.get(mood, ()) if genre in run.genres)


def decade_years(decade: Decade) -> tuple[int | None, int | None]:
    """The first and the last year; None for no limit."""
    if not decade:
        return None, None
    first = int(decade)
    return first, first + 9 if first >= _FIRST_SINGLE_DECADE else _FIRST_SINGLE_DECADE - 1


def catalogue_languages(run: ServedRun, language: Language) -> Sequence[str]:
    """The catalogue's names for a language, to find movies without subtitles; empty if it has none in it."""
    return [name for name in _LANGUAGE_NAMES[language] if name in run.languages]
