"""Exact lookup of one movie by the title a user typed."""

from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

import polars as pl
from rapidfuzz import fuzz, process

from matinee.data.titles import split_year, title_keys
from matinee.errors import NotFoundError

_MIN_SIMILARITY = 85  # of 100: "Shawshenk Redemption" finds its movie, "Shark" does not find "Shrek"


@dataclass(frozen=True, eq=False)
class TitleLookup:
    """Finds movies of a catalogue by title, ignoring case, accents, articles and small typing mistakes."""

    movies: pl.DataFrame

    def find(self, text: str) -> int:
        """The row of the movie called `text`, e.g. "heat" or "Heat (1995)".

        Raises `NotFoundError` listing the choices if several movies match, and the nearest titles if none does.
        """
        exact = self._rows_by_label.get(text.strip().casefold())
        if exact is not None:
            return exact
        title, year = split_year(text)
        key = title_keys(title)[0]
        rows = self._rows_by_key.get(key) or self._nearest(text, key)
        if year is not None:
            rows = self._of_year(rows, year) or self._raise_not_found(text, rows)
        labels = {self.label(row): row for row in reversed(rows)}  # listings of one movie share a label
        if len(labels) > 1:
            choices = "; ".join(self.label(row) for row in rows[:8])
            raise NotFoundError(f"'{text}' matches {len(labels)} movies. Give one of these titles: {choices}.")
        return rows[0]

    def label(self, row: int) -> str:
        """Title and year, as `find` accepts them."""
        year = self.movies["year"][row]
        return f"{self.movies['title'][row]} ({year})" if year is not None else str(self.movies["title"][row])

    def _of_year(self, rows: list[int], year: int) -> list[int]:
        """The rows of exactly that year, or else those one year off or without a year: catalogues differ by one."""
        years = {row: self.movies["year"][row] for row in rows}
        exact = [row for row in rows if years[row] == year]
        return exact or [row for row in rows if years[row] is None or abs(years[row] - year) == 1]

    def _nearest(self, text: str, key: str) -> list[int]:
        keys = [match[0] for match in process.extract(key, self._rows_by_key.keys(), scorer=fuzz.WRatio, limit=5)]
        best = max(keys, key=lambda candidate: fuzz.ratio(key, candidate), default="")
        if fuzz.ratio(key, best) < _MIN_SIMILARITY:
            self._raise_not_found(text, [self._rows_by_key[candidate][0] for candidate in keys])
        return self._rows_by_key[best]

    def _raise_not_found(self, text: str, rows: list[int]) -> NoReturn:
        nearest = "; ".join(self.label(row) for row in rows[:5])
        raise NotFoundError(f"No movie is called '{text}'. The nearest titles are {nearest}.")

    @cached_property
    def _rows_by_label(self) -> dict[str, int]:
        return {self.label(row).casefold(): row for row in reversed(range(len(self.movies)))}

    @cached_property
    def _rows_by_key(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, title in enumerate(self.movies["title"].to_list()):
            for key in title_keys(title):
                rows.setdefault(key, []).append(row)
        return rows
