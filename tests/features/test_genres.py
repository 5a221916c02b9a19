import numpy as np
import polars as pl
import pytest

from matinee.features.genres import genre_vectors


def movies(genres: list[list[str] | None]) -> pl.DataFrame:
    return pl.DataFrame({"genres": pl.Series(genres, dtype=pl.List(pl.String))})


def test_genres_become_columns_in_alphabetical_order() -> None:
    vectors, names = genre_vectors(movies([["Drama", "Action"], [], ["Drama"], None, ["Western", "Drama"]]))
    assert names == ["Action", "Drama", "Western"]
    assert vectors.tolist() == [[1, 1, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 1, 1]]
    assert vectors.dtype == np.float32


def test_a_genre_named_twice_counts_once() -> None:
    vectors, _ = genre_vectors(movies([["Drama", "Drama"]]))
    assert vectors.tolist() == [[1]]


@pytest.mark.parametrize("genres", [[], [[], []], [None]])
def test_without_genres_there_are_no_columns(genres: list[list[str] | None]) -> None:
    vectors, names = genre_vectors(movies(genres))
    assert vectors.shape == (len(genres), 0)
    assert names == []


def test_lists_that_are_all_empty_may_have_no_type() -> None:
    vectors, names = genre_vectors(pl.DataFrame({"genres": [[], []]}))
    assert (vectors.shape, names) == ((2, 0), [])
