"""Which family of posters a movie belongs to, from its genres as MovieLens, TMDB or Wikidata write them."""

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

# Of several genres the first here decides: what tells most about how a movie looks, not what it has most of.
_FAMILIES: dict[str, GenreStyle] = {
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
_RANK = {genre: rank for rank, genre in enumerate(_FAMILIES)}


def genre_style(genres: Iterable[str]) -> GenreStyle:
    """The family of a movie's genres; "programme" where none is known."""
    known = [name for genre in genres if (name := genre.strip().casefold()) in _RANK]
    return _FAMILIES[min(known, key=_RANK.__getitem__)] if known else "programme"
