"""The movies of a catalogue by the forms of their titles, made once for many diaries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from rapidfuzz import fuzz, process

from matinee.data.linking.entries import CatalogueEntry, catalogue_entries
from matinee.data.linking.title_forms import spellings

_ALIKE = 70.0  # of 100, by rapidfuzz's ratio: what is less alike is no help to somebody who looks for a typing error


@dataclass(frozen=True, eq=False)
class CatalogueIndex:
    """A catalogue, one row a movie, with at least `title`, `year` and `genres` (lists of names)."""

    movies: pl.DataFrame

    @cached_property
    def entries(self) -> list[CatalogueEntry]:
        """The movies as linking compares them."""
        return catalogue_entries(self.movies)

    def with_title(self, wanted: CatalogueEntry, years: int | None) -> list[int]:
        """The rows with the whole title of `wanted`, at most `years` from its year (None: of any year).

        Those to which an id says that they are different films are left out.
        """
        return [row for row in self._with(wanted.forms.whole, self._by_whole) if self._near(row, wanted, years)]

    def with_part_of_title(self, wanted: CatalogueEntry) -> list[int]:
        """The rows of the same year whose title has that of `wanted` for a part, or is a part of it."""
        return [row for row in self._sharing(wanted) if wanted.year is not None and self._near(row, wanted, 0)]

    def nearest(self, wanted: CatalogueEntry, most: int = 3) -> list[int]:
        """The rows somebody may have meant who is told that `wanted` is not there, the likeliest first.

        Those that have its title, of whatever year, or a part of it; then those within a year (all, where the year is
        not known) whose titles are written alike.
        """
        found = [*self._with(wanted.forms.whole, self._by_whole), *self._sharing(wanted)]
        years = [None] if wanted.year is None else [wanted.year, wanted.year - 1, wanted.year + 1]
        alike: dict[int, float] = {}
        for text in spellings(wanted.title):
            for year in years:
                for _, score, row in process.extract(
                    text, self._spelt[year], scorer=fuzz.ratio, limit=most, score_cutoff=_ALIKE
                ):
                    alike[row] = max(score, alike.get(row, 0.0))
        found += sorted(alike, key=lambda row: -alike[row])
        return list(dict.fromkeys(found))[:most]

    def label(self, row: int) -> str:
        """Title and year of a movie, to be shown."""
        movie = self.entries[row]
        return f"{movie.title} ({movie.year})" if movie.year is not None else movie.title

    def _near(self, row: int, wanted: CatalogueEntry, years: int | None) -> bool:
        movie = self.entries[row]
        if not wanted.may_be(movie):
            return False
        if years is None or wanted.year is None:
            return True
        return movie.year is not None and abs(movie.year - wanted.year) <= years

    def _sharing(self, wanted: CatalogueEntry) -> list[int]:
        longer, shorter = self._with(wanted.forms.whole, self._by_part), self._with(wanted.forms.parts, self._by_whole)
        return [*longer, *shorter]

    def _with(self, forms: Iterable[str], rows: Mapping[str, list[int]]) -> list[int]:
        return list(dict.fromkeys(row for form in forms for row in rows.get(form, [])))

    @cached_property
    def _by_whole(self) -> dict[str, list[int]]:
        return _by_form((row, form) for row, movie in enumerate(self.entries) for form in movie.forms.whole)

    @cached_property
    def _by_part(self) -> dict[str, list[int]]:
        return _by_form((row, form) for row, movie in enumerate(self.entries) for form in movie.forms.parts)

    @cached_property
    def _spelt(self) -> dict[int | None, dict[int, str]]:
        """Titles as they are compared letter by letter, row by row, under each year; under None those of all."""
        years: dict[int | None, dict[int, str]] = defaultdict(dict)
        for row, movie in enumerate(self.entries):
            text = spellings(movie.title)[0]
            years[None][row] = text
            if movie.year is not None:
                years[movie.year][row] = text
        return years


def _by_form(pairs: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, form in pairs:
        rows.setdefault(form, []).append(row)
    return rows
