"""Moods for tonight, as genres: catalogues call a genre by several names, and only what one has can be asked of it."""

from collections.abc import Sequence

from matinee.service.state.served_run import ServedRun

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


def moods_of(run: ServedRun) -> list[str]:
    """The moods that a catalogue can answer."""
    return [mood for mood in MOODS if genres_for(run, mood)]


def genres_for(run: ServedRun, mood: str) -> tuple[str, ...]:
    """The genres of a mood that a catalogue has; none for a mood that is not known."""
    return tuple(one for one in MOODS.get(mood, ()) if one in run.genres)


def spoken_in(run: ServedRun, language: str) -> Sequence[str]:
    """What the catalogue calls the language of a visitor, for films without subtitles; nothing if it has none of it."""
    wanted = {"en": ("English", "en", "English Language"), "zh": ("Chinese", "Mandarin", "zh", "cn", "Cantonese")}
    return [one for one in wanted[language] if one in run.languages]
