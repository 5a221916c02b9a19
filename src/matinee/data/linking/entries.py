"""Catalogue entries as they are compared: title, year, genres, and ids of other sites."""

from dataclasses import dataclass

import polars as pl

from matinee.data.linking.title_forms import TitleForms, title_forms

MISSED = -1
AMBIGUOUS = -2
IDS = ("tmdb_id", "imdb_id")

# Genres that MovieLens, TMDB and Wikidata name differently, or that only some of them distinguish.
_SAME_GENRE = {
    "Children's": "Family",
    "Children": "Family",
    "Film-Noir": "Crime",
    "Biography": "Drama",
    "History": "Drama",
    "Music": "Musical",
    "Science Fiction": "Sci-Fi",
}


@dataclass(frozen=True)
class CatalogueEntry:
    """One movie as a catalogue lists it."""

    title: str
    year: int | None
    genres: frozenset[str]
    forms: TitleForms
    ids: tuple[int | str | None, ...]  # in the order of IDS

    def may_be(self, other: "CatalogueEntry") -> bool:
        """True unless an id that both have shows that they are different movies."""
        pairs = zip(self.ids, other.ids, strict=True)
        return all(mine is None or theirs is None or mine == theirs for mine, theirs in pairs)


def catalogue_entries(table: pl.DataFrame) -> list[CatalogueEntry]:
    """The rows of a table with `title`, `year`, `genres` (lists of names), and the columns of IDS it has."""
    entries = table.select(
        "title",
        "year",
        "genres",
        *(name if name in table.columns else pl.lit(None).alias(name) for name in IDS),
    )
    return [
        CatalogueEntry(title or "", year, _genres(names), title_forms(title or ""), tuple(ids))
        for title, year, names, *ids in entries.iter_rows()
    ]


def _genres(names: list[str] | None) -> frozenset[str]:
    return frozenset(_SAME_GENRE.get(name, name) for name in names or [])
