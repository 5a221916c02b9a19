"""From a title as people type it to a movie."""

from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

import polars as pl
from rapidfuzz import fuzz, process

from matinee.data.titles import split_year, title_keys
from matinee.errors import NotFoundError

_CLOSE_ENOUGH = 85  # of 100: "Shawshenk Redemption" finds its movie, "Shark" does not find "Shrek"


@dataclass(frozen=True, eq=False)
class TitleLookup:
    """Finds movies of a catalogue by title, forgiving case, accents, articles and small typing mistakes."""

    movies: pl.DataFrame

    def find(self, text: str) -> int:
        """The row of the one movie meant by `text`, e.g. "heat" or "Heat (1995)".

        Raises `NotFoundError` listing the choices when several fit, and the nearest titles when none does.
        """
        exact = self._rows_by_label.get(text.strip().casefold())
        if exact is not None:
            return exact
        title, year = split_year(text)
        key = title_keys(title)[0]
        rows = self._rows_by_key.get(key) or self._nearest(text, key)
        if year is not None:
            rows = self._of_year(rows, year) or self._no_such(text, rows)
        different = {self.label(row): row for row in reversed(rows)}  # a film that is listed twice is one
        if len(different) > 1:
            choices = "; ".join(self.label(row) for row in rows[:8])
            raise NotFoundError(f"'{text}' fits {len(different)} movies; say which: {choices}")
        return rows[0]

    def label(self, row: int) -> str:
        """Title and year, as `find` takes them."""
        year = self.movies["year"][row]
        return f"{self.movies['title'][row]} ({year})" if year is not None else str(self.movies["title"][row])

    def _of_year(self, rows: list[int], year: int) -> list[int]:
        """Those of exactly that year, else those one year off or of unknown year: catalogues differ by one."""
        years = {row: self.movies["year"][row] for row in rows}
        exact = [row for row in rows if years[row] == year]
        return exact or [row for row in rows if years[row] is None or abs(years[row] - year) == 1]

    def _nearest(self, text: str, key: str) -> list[int]:
        found = [one[0] for one in process.extract(key, self._rows_by_key.keys(), scorer=fuzz.WRatio, limit=5)]
        best = max(found, key=lambda one: fuzz.ratio(key, one), default="")
        if fuzz.ratio(key, best) < _CLOSE_ENOUGH:
            self._no_such(text, [self._rows_by_key[one][0] for one in found])
        return self._rows_by_key[best]

    def _no_such(self, text: str, rows: list[int]) -> NoReturn:
        nearest = "; ".join(self.label(row) for row in rows[:5])
        raise NotFoundError(f"no movie is called '{text}'; the nearest are {nearest}")

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
