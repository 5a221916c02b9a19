"""The poster style of a movie, by its genres as MovieLens, TMDB or Wikidata write them."""

from collections.abc import Iterable
from typing import Literal

GenreStyle = Literal[
    "crime",
    "comedy",
    "romance",
    "musical",
    "sci-fi",
    "horror",
    "western",
    "war",
    "children",
    "documentary",
    "drama",
    "adventure",
    "fantasy",
    "mystery",
    "programme",
]

# In order of precedence: of several genres, the one that says most about how a movie looks decides.
_STYLES: dict[str, GenreStyle] = {
    "western": "western",
    "film-noir": "crime",
    "film noir": "crime",
    "documentary": "documentary",
    "horror": "horror",
    "musical": "musical",
    "music": "musical",
    "animation": "children",
    "children's": "children",
    "children": "children",
    "family": "children",
    "war": "war",
    "sci-fi": "sci-fi",
    "science fiction": "sci-fi",
    "mystery": "mystery",
    "fantasy": "fantasy",
    "crime": "crime",
    "thriller": "crime",
    "romance": "romance",
    "adventure": "adventure",
    "action": "adventure",
    "sport": "adventure",
    "comedy": "comedy",
    "drama": "drama",
    "history": "drama",
    "biography": "drama",
    "tv movie": "drama",
}
_RANK = {genre: rank for rank, genre in enumerate(_STYLES)}


def genre_style(genres: Iterable[str]) -> GenreStyle:
    """The style for a movie's genres; "programme" if the table has none of them."""
    names = [name for genre in genres if (name := genre.strip().casefold()) in _RANK]
    return _STYLES[min(names, key=_RANK.__getitem__)] if names else "programme"
