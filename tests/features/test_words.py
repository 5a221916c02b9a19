import unicodedata

import numpy as np
import polars as pl
import pytest

from matinee.features.words import PADDING, split_words, title_words


def movies(*titles: str | None) -> pl.DataFrame:
    return pl.DataFrame({"title": pl.Series(titles, dtype=pl.String)})


def test_words_are_numbered_from_one_in_ascending_order() -> None:
    words, vocabulary = title_words(movies("Toy Story", "Story of Us, The", "Toy Story 2"), length=4)
    assert vocabulary == ["2", "of", "story", "the", "toy", "us"]
    assert words.tolist() == [[5, 3, 0, 0], [4, 3, 2, 6], [5, 3, 1, 0]]
    assert words.dtype == np.int32
    assert PADDING == 0


def test_long_titles_are_cut_and_their_other_words_forgotten() -> None:
    words, vocabulary = title_words(movies("A Very Long Title"), length=2)
    assert words.tolist() == [[1, 2]]
    assert vocabulary == ["a", "very"]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Matrix, The (1999)", ["the", "matrix"]),
        ("The Matrix", ["the", "matrix"]),
        ("2001: A Space Odyssey (1968)", ["2001", "a", "space", "odyssey"]),
        ("Schindler's List", ["schindler's", "list"]),
        ("Schindler’s List", ["schindler's", "list"]),
        ("Rock 'n' Roll", ["rock", "n", "roll"]),
        ("Se7en (a.k.a. Seven)", ["se7en", "a", "k", "a", "seven"]),
        ("AMÉLIE", ["amélie"]),
        (unicodedata.normalize("NFD", "Amélie"), ["amélie"]),
        ("Der blaue_Engel", ["der", "blaue", "engel"]),
        ("七人の侍", ["七人の侍"]),
        ("हिन्दी फ़िल्म", unicodedata.normalize("NFC", "हिन्दी फ़िल्म").split()),
        ("İstanbul", ["i\u0307stanbul"]),
        ("...", []),
        ("", []),
    ],
)
def test_how_a_title_falls_into_words(title: str, words: list[str]) -> None:
    assert split_words(title) == words


def test_titles_without_words_are_all_padding() -> None:
    words, vocabulary = title_words(movies(None, "!?", "Up"), length=3)
    assert words.tolist() == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert vocabulary == ["up"]


def test_no_movies_no_words() -> None:
    words, vocabulary = title_words(movies())
    assert words.shape == (0, 15)
    assert vocabulary == []
