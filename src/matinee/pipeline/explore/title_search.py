"""Films as their titles are typed: found from the first letters of their words on.

Who made them and who played in them comes after that; mistakes are forgiven when nothing is found.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from matinee.arrays import Mask, MovieRows
from matinee.data.titles import plain, split_year, title_keys
from matinee.index.ngram import NgramIndex
from matinee.index.prefix import PrefixIndex
from matinee.pipeline.engine import Engine

# Of 100, by rapidfuzz's ratio.
_ALIKE_WORD = 70.0  # "shawshenk" is 89 from "shawshank"
_AS_ALIKE = 5.0  # as the most alike word, nearly
_SURELY_MEANT, _ALIKE_TITLE = 85.0, 60.0  # whole titles: those first, and those last
_SPELLINGS = 5  # of one mistyped word that are tried
_LONGEST = 100  # characters of a query that count
_PEOPLE = ("director", "cast")


_NO_ROWS: MovieRows = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class TitleMatches:
    """Films for what was typed."""

    rows: list[int]  # the likeliest first
    as_typed: bool  # otherwise nothing was, and these are spelled nearly like it


class TitleSearch:
    """The titles and people of a catalogue, made once; finding reads only."""

    def __init__(self, engine: Engine):
        """Look through all titles and names once."""
        self._names, n = engine.title_groups, engine.n_movies
        self._popularity = np.empty(n, dtype=np.int64)  # (movies,) the place of each, from 0 for the most rated
        self._popularity[np.argsort(-engine.rated, kind="stable")] = np.arange(n)
        titles, people = _titles(engine.movies), _people(engine.movies)
        years = engine.movies.select(pl.col("year").cast(pl.String).alias("text"), row=_ROW).drop_nulls("text")
        self._titles, self._people = PrefixIndex(titles), PrefixIndex(people)
        self._title_words = PrefixIndex.of_words(pl.concat([titles, years]))
        self._all_words = PrefixIndex.of_words(pl.concat([titles, years, people]))
        self._spellings = NgramIndex(self._all_words.texts)
        self._title_spellings = NgramIndex([title.replace(" ", "") for title in self._titles.texts])

    def find(self, text: str, k: int = 10) -> list[int]:
        """At most k rows, the likeliest first: whole titles, then beginnings of titles, then what most have rated."""
        return self.search(text, k).rows

    def search(self, text: str, k: int = 10) -> TitleMatches:
        """Films by title; if less than k, by people after them; if none, by nearly these letters."""
        title, year = split_year(text[:_LONGEST])
        key = title_keys(title)[0] if title.strip() else ""
        words = [*key.split(), *([] if year is None else [str(year)])]
        if not words:
            return TitleMatches([], as_typed=True)
        by_title = self._with_all([self._title_words.with_prefix(word) for word in words])
        rows = self._ordered(by_title, key)
        if len(rows) < k:
            rows += self._ordered(self._by_people(words, plain(title)) & ~by_title, key)
        return TitleMatches(self._once(rows, k), as_typed=True) if rows else self._nearly(words, key, k)

    def _by_people(self, words: list[str], name: str) -> Mask:
        """Films of people whose name begins like that; if nobody's does, those with all words in titles and names."""
        whole = self._people.with_prefix(name)
        return self._with_all([whole] if name and len(whole) else [self._all_words.with_prefix(word) for word in words])

    def _nearly(self, words: list[str], key: str, k: int) -> TitleMatches:
        """Titles that are surely meant, then those with words that are nearly these, then titles a little alike."""
        alike = self._title_spellings.nearest(key.replace(" ", ""), k, _ALIKE_TITLE)
        sure = self._rows_of([place for place, likeness in alike if likeness >= _SURELY_MEANT])
        rest = self._rows_of([place for place, likeness in alike if likeness < _SURELY_MEANT])
        near = {word: self._spelled(word) for word in words}
        by_words = self._ordered(self._in(self._title_words, near), key)
        if not sure and not by_words:
            by_words = self._ordered(self._in(self._all_words, near), key)
        return TitleMatches(self._once([*sure, *by_words, *rest], k), as_typed=False)

    def _spelled(self, word: str) -> list[str]:
        """The words that begin like it or, if none does, those that are nearly it."""
        if len(self._all_words.with_prefix(word)):
            return [word]
        alike = self._spellings.nearest(word, _SPELLINGS, _ALIKE_WORD)
        return [self._all_words.texts[place] for place, likeness in alike if likeness >= alike[0][1] - _AS_ALIKE]

    def _in(self, index: PrefixIndex, near: dict[str, list[str]]) -> Mask:
        """The films that have, for each word, one that begins like it or else one of those that are nearly it."""
        found = [
            index.with_prefix(word) if alike == [word] else np.concatenate([_NO_ROWS, *map(index.exactly, alike)])
            for word, alike in near.items()
        ]
        return self._with_all(found)

    def _rows_of(self, places: list[int]) -> list[int]:
        return [row for place in places for row in self._titles.at(place).tolist()]

    def _with_all(self, found: list[MovieRows]) -> Mask:
        """The films that are in each of some lists of rows: (movies,)."""
        everywhere = np.ones(len(self._popularity), dtype=np.bool_)
        for rows in found:
            there = np.zeros_like(everywhere)
            there[rows] = True
            everywhere &= there
        return everywhere

    def _ordered(self, films: Mask, key: str) -> list[int]:
        """The rows of a mask: those whose title is the key, those whose title begins so, the rest; by popularity."""
        rows = np.flatnonzero(films)
        group = np.full(len(films), 2, dtype=np.int64)
        group[self._titles.with_prefix(key)] = 1
        group[self._titles.exactly(key)] = 0
        return rows[np.argsort(group[rows] * len(films) + self._popularity[rows])].tolist()

    def _once(self, rows: list[int], k: int) -> list[int]:
        """The first k films of rows: one that is listed twice comes once."""
        first: dict[int, int] = {}
        for row in rows:
            first.setdefault(int(self._names[row]), row)
            if len(first) == k:
                break
        return list(first.values())


_ROW = pl.int_range(pl.len(), dtype=pl.Int32)


def _titles(movies: pl.DataFrame) -> pl.DataFrame:
    """Each form of each title, with its row."""
    forms = [(key, row) for row, title in enumerate(movies["title"].to_list()) for key in title_keys(title)]
    return pl.DataFrame(forms, schema={"text": pl.String, "row": pl.Int32}, orient="row")


def _people(movies: pl.DataFrame) -> pl.DataFrame:
    """The names of those who made a film or played in it, with its row."""
    none = pl.DataFrame(schema={"text": pl.String, "row": pl.Int32})
    columns = [name for name in _PEOPLE if name in movies.columns]
    named = [movies.select(text=name, row=_ROW).explode("text").drop_nulls("text") for name in columns]
    pairs = pl.concat([none, *named])
    names = pairs["text"].unique()
    words = pl.Series([plain(name) for name in names.to_list()], dtype=pl.String)
    return pairs.with_columns(pl.col("text").replace_strict(names, words, return_dtype=pl.String))
