"""From a title as people type it to a movie."""

from dataclasses import dataclass
from functools import cached_property

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
        title, year = split_year(text)
        key = title_keys(title)[0]
        rows = self._rows_by_key.get(key) or self._nearest(text, key)
        if year is not None:
            rows = [row for row in rows if self.movies["year"][row] == year] or rows
        if len(rows) > 1:
            choices = "; ".join(self.label(row) for row in rows[:8])
            raise NotFoundError(f"'{text}' fits {len(rows)} movies; say which: {choices}")
        return rows[0]

    def label(self, row: int) -> str:
        """Title and year, as `find` takes them."""
        year = self.movies["year"][row]
        return f"{self.movies['title'][row]} ({year})" if year is not None else str(self.movies["title"][row])

    def _nearest(self, text: str, key: str) -> list[int]:
        found = process.extract(key, self._rows_by_key.keys(), scorer=fuzz.WRatio, limit=5)
        close = [one for one in found if fuzz.ratio(key, one[0]) >= _CLOSE_ENOUGH]
        if close:
            return self._rows_by_key[max(close, key=lambda one: fuzz.ratio(key, one[0]))[0]]
        nearest = "; ".join(self.label(self._rows_by_key[one[0]][0]) for one in found)
        raise NotFoundError(f"no movie is called '{text}'; the nearest are {nearest}")

    @cached_property
    def _rows_by_key(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, title in enumerate(self.movies["title"].to_list()):
            for key in title_keys(title):
                rows.setdefault(key, []).append(row)
        return rows
