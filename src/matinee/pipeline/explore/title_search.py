"""Search as titles are typed: by the first letters of the words of titles.

Directors and cast come after titles. Typing mistakes are corrected if nothing matches as typed.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from matinee.arrays import Mask, MovieRows
from matinee.data.titles import normalise_text, split_year, title_keys
from matinee.index.ngram import NgramIndex
from matinee.index.prefix import PrefixIndex
from matinee.pipeline.engine import Engine

# Similarities are of 100, by rapidfuzz's ratio.
_MIN_WORD = 70.0  # "shawshenk" has 89 to "shawshank"
_WORD_MARGIN = 5.0  # below the most similar word, for further words
_SURE_TITLE, _MIN_TITLE = 85.0, 60.0  # whole titles: from which they come first, and from which they come last
_SPELLINGS = 5  # tried for one mistyped word
_MAX_LENGTH = 100  # characters of a query
_CREDITS = ("director", "cast")

_NO_ROWS: MovieRows = np.zeros(0, dtype=np.int32)
_ROW = pl.int_range(pl.len(), dtype=pl.Int32)


@dataclass(frozen=True)
class TitleMatches:
    """The movies that match a query."""

    rows: list[int]  # the best match first
    as_typed: bool  # False if nothing matched as typed and these are spelled similarly


class TitleSearch:
    """An index of the titles, directors and cast of a catalogue. Thread-safe: searching only reads."""

    def __init__(self, engine: Engine):
        """Index all titles and names once."""
        self._groups, n = engine.title_groups, engine.n_movies
        self._popularity = np.empty(n, dtype=np.int64)  # (movies,) popularity rank, from 0
        self._popularity[engine.by_popularity] = np.arange(n)
        titles, names = _title_texts(engine.movies), _credit_texts(engine.movies)
        years = engine.movies.select(pl.col("year").cast(pl.String).alias("text"), row=_ROW).drop_nulls("text")
        self._titles, self._credits = PrefixIndex(titles), PrefixIndex(names)
        self._title_words = PrefixIndex.of_words(pl.concat([titles, years]))
        self._all_words = PrefixIndex.of_words(pl.concat([titles, years, names]))
        self._spellings = NgramIndex(self._all_words.texts)
        self._title_spellings = NgramIndex([title.replace(" ", "") for title in self._titles.texts])

    def find(self, text: str, k: int = 10) -> list[int]:
        """At most k rows: whole titles, then titles that begin with the text, then other matches by popularity."""
        return self.search(text, k).rows

    def search(self, text: str, k: int = 10) -> TitleMatches:
        """Movies by title; if fewer than k, then by director and cast; if none, by similar spelling."""
        title, year = split_year(text[:_MAX_LENGTH])
        key = title_keys(title)[0] if title.strip() else ""
        words = [*key.split(), *([] if year is None else [str(year)])]
        if not words:
            return TitleMatches([], as_typed=True)
        by_title = self._in_all([self._title_words.with_prefix(word) for word in words])
        rows = self._ordered(by_title, key)
        if len(rows) < k:
            rows += self._ordered(self._by_credits(words, normalise_text(title)) & ~by_title, key)
        return TitleMatches(self._unique(rows, k), as_typed=True) if rows else self._misspelled(words, key, k)

    def _by_credits(self, words: list[str], name: str) -> Mask:
        """Movies with a name that begins like `name`, or else with all words in titles and names: (movies,)."""
        rows = self._credits.with_prefix(name)
        return self._in_all([rows] if name and len(rows) else [self._all_words.with_prefix(word) for word in words])

    def _misspelled(self, words: list[str], key: str, k: int) -> TitleMatches:
        """Very similar titles, then titles with words similar to all the words, then slightly similar titles."""
        similar = self._title_spellings.nearest(key.replace(" ", ""), k, _MIN_TITLE)
        sure = self._rows_of([number for number, similarity in similar if similarity >= _SURE_TITLE])
        rest = self._rows_of([number for number, similarity in similar if similarity < _SURE_TITLE])
        spellings = {word: self._spellings_of(word) for word in words}
        by_words = self._ordered(self._with_spellings(self._title_words, spellings), key)
        if not sure and not by_words:
            by_words = self._ordered(self._with_spellings(self._all_words, spellings), key)
        return TitleMatches(self._unique([*sure, *by_words, *rest], k), as_typed=False)

    def _spellings_of(self, word: str) -> list[str]:
        """The word itself if any word begins with it, or else the words most similar to it."""
        if len(self._all_words.with_prefix(word)):
            return [word]
        similar = self._spellings.nearest(word, _SPELLINGS, _MIN_WORD)
        return [self._all_words.texts[number] for number, value in similar if value >= similar[0][1] - _WORD_MARGIN]

    def _with_spellings(self, index: PrefixIndex, spellings: dict[str, list[str]]) -> Mask:
        """Movies that have, for each word, a word that begins with it or one of its spellings: (movies,)."""
        return self._in_all(
            [
                index.with_prefix(word)
                if similar == [word]
                else np.concatenate([_NO_ROWS, *map(index.exactly, similar)])
                for word, similar in spellings.items()
            ]
        )

    def _rows_of(self, titles: list[int]) -> list[int]:
        return [row for title in titles for row in self._titles.at(title).tolist()]

    def _in_all(self, row_lists: list[MovieRows]) -> Mask:
        """The movies that are in each list of rows: (movies,)."""
        in_all = np.ones(len(self._popularity), dtype=np.bool_)
        for rows in row_lists:
            in_list = np.zeros_like(in_all)
            in_list[rows] = True
            in_all &= in_list
        return in_all

    def _ordered(self, movies: Mask, key: str) -> list[int]:
        """The rows of a mask: whole titles, then titles that begin with the key, then the rest, each by popularity."""
        rows = np.flatnonzero(movies)
        tier = np.full(len(movies), 2, dtype=np.int64)
        tier[self._titles.with_prefix(key)] = 1
        tier[self._titles.exactly(key)] = 0
        return rows[np.argsort(tier[rows] * len(movies) + self._popularity[rows])].tolist()

    def _unique(self, rows: list[int], k: int) -> list[int]:
        """The first k different movies of rows: one listing of each."""
        first: dict[int, int] = {}
        for row in rows:
            first.setdefault(int(self._groups[row]), row)
            if len(first) == k:
                break
        return list(first.values())


def _title_texts(movies: pl.DataFrame) -> pl.DataFrame:
    """Each form of each title, with its row."""
    forms = [(key, row) for row, title in enumerate(movies["title"].to_list()) for key in title_keys(title)]
    return pl.DataFrame(forms, schema={"text": pl.String, "row": pl.Int32}, orient="row")


def _credit_texts(movies: pl.DataFrame) -> pl.DataFrame:
    """The names of directors and cast, with the row of their movie."""
    empty = pl.DataFrame(schema={"text": pl.String, "row": pl.Int32})
    columns = [name for name in _CREDITS if name in movies.columns]
    by_column = [movies.select(text=name, row=_ROW).explode("text").drop_nulls("text") for name in columns]
    pairs = pl.concat([empty, *by_column])
    names = pairs["text"].unique()
    words = pl.Series([normalise_text(name) for name in names.to_list()], dtype=pl.String)
    return pairs.with_columns(pl.col("text").replace_strict(names, words, return_dtype=pl.String))
