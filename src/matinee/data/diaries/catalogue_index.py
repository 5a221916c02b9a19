"""An index of a catalogue by title, built once for many diaries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from rapidfuzz import fuzz, process

from matinee.data.linking.entries import CatalogueEntry, catalogue_entries
from matinee.data.linking.title_forms import spellings

_MIN_LIKENESS = 70.0  # of 100, rapidfuzz's ratio; less similar titles do not help to find a typing error


@dataclass(frozen=True, eq=False)
class CatalogueIndex:
    """A catalogue, one row per movie, with at least `title`, `year` and `genres` (lists of names)."""

    movies: pl.DataFrame

    @cached_property
    def entries(self) -> list[CatalogueEntry]:
        """The movies as linking compares them."""
        return catalogue_entries(self.movies)

    def with_title(self, entry: CatalogueEntry, years: int | None) -> list[int]:
        """The rows with the whole title of `entry`, at most `years` from its year (None: of any year).

        Rows with a different id are left out.
        """
        return [row for row in self._rows_of(entry.forms.whole, self._by_whole) if self._may_match(row, entry, years)]

    def with_part_of_title(self, entry: CatalogueEntry) -> list[int]:
        """The rows of the same year whose title contains the title of `entry`, or is part of it."""
        return [
            row for row in self._with_common_part(entry) if entry.year is not None and self._may_match(row, entry, 0)
        ]

    def nearest(self, entry: CatalogueEntry, limit: int = 3) -> list[int]:
        """The rows most similar to an `entry` without a match, the most similar first.

        First rows with its title in any year, or with a part of it; then rows within a year (any year if the entry has
        none) with similar spelling.
        """
        rows = [*self._rows_of(entry.forms.whole, self._by_whole), *self._with_common_part(entry)]
        years = [None] if entry.year is None else [entry.year, entry.year - 1, entry.year + 1]
        likeness: dict[int, float] = {}
        for text in spellings(entry.title):
            for year in years:
                for _, score, row in process.extract(
                    text, self._spellings_by_year[year], scorer=fuzz.ratio, limit=limit, score_cutoff=_MIN_LIKENESS
                ):
                    likeness[row] = max(score, likeness.get(row, 0.0))
        rows += sorted(likeness, key=lambda row: -likeness[row])
        return list(dict.fromkeys(rows))[:limit]

    def label(self, row: int) -> str:
        """Title and year of a movie for display."""
        movie = self.entries[row]
        return f"{movie.title} ({movie.year})" if movie.year is not None else movie.title

    def _may_match(self, row: int, entry: CatalogueEntry, years: int | None) -> bool:
        movie = self.entries[row]
        if not entry.may_be(movie):
            return False
        if years is None or entry.year is None:
            return True
        return movie.year is not None and abs(movie.year - entry.year) <= years

    def _with_common_part(self, entry: CatalogueEntry) -> list[int]:
        longer, shorter = (
            self._rows_of(entry.forms.whole, self._by_part),
            self._rows_of(entry.forms.parts, self._by_whole),
        )
        return [*longer, *shorter]

    def _rows_of(self, forms: Iterable[str], rows: Mapping[str, list[int]]) -> list[int]:
        return list(dict.fromkeys(row for form in forms for row in rows.get(form, [])))

    @cached_property
    def _by_whole(self) -> dict[str, list[int]]:
        return _by_form((row, form) for row, movie in enumerate(self.entries) for form in movie.forms.whole)

    @cached_property
    def _by_part(self) -> dict[str, list[int]]:
        return _by_form((row, form) for row, movie in enumerate(self.entries) for form in movie.forms.parts)

    @cached_property
    def _spellings_by_year(self) -> dict[int | None, dict[int, str]]:
        """Year -> row -> normalised title; all rows under None."""
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
