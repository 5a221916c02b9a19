from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data.dataset import Dataset, Ratings
from matinee.data.linking.added_movies import FIRST_ADDED, add_movies
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.data.readers.dataset_writer import write_dataset
from matinee.data.readers.formats import read_dataset
from matinee.data.vocabulary import Vocabulary

CATALOGUE = pl.DataFrame(
    {
        "movie_id": [1, 2, 3, 4, 5],
        "title": ["Fargo", "Anora", "Dune: Part Two", "The Fargo", "Anora"],
        "year": pl.Series([1996, 2024, 2024, 1997, 2025], dtype=pl.Int32),
        "genres": [["Crime"], ["Drama"], None, ["Crime"], ["Drama"]],
        "overview": ["A murder.", "A wedding.", "A desert.", "The same, listed again.", "The same, a year on."],
        "tmdb_id": [275, 1064213, 693134, 276, 7],
    }
)


def rated(ids: list[int] | list[str] | None = None) -> Dataset:
    """Two movies, rated once and twice."""
    movie_ids = ids or [10, 20]
    movies = pl.DataFrame(
        {
            "movie_id": movie_ids,
            "title": ["Fargo", "Rage"],
            "year": pl.Series([1996, 2009], dtype=pl.Int32),
            "genres": [["Crime"], ["Drama"]],
        }
    )
    ratings = Ratings(np.array([0, 1, 2], np.int32), np.array([0, 1, 1], np.int32), None, None)
    return Dataset("two", ratings, movies, None, Vocabulary.of(range(3)), Vocabulary(np.array(movie_ids)))


def test_missing_movies_are_added_without_ratings() -> None:
    grown, count = add_movies(join_catalogue(rated(), CATALOGUE)[0], CATALOGUE)
    assert count == 2
    assert grown.movies["title"].to_list() == ["Fargo", "Rage", "Anora", "Dune: Part Two"]
    assert grown.counts.tolist() == [1, 2, 0, 0]
    assert grown.movies["overview"].to_list() == ["A murder.", None, "A wedding.", "A desert."]
    assert grown.movies["genres"].to_list() == [["Crime"], ["Drama"], ["Drama"], []]
    assert grown.movie_ids.ids.tolist() == [10, 20, FIRST_ADDED + 1064213, FIRST_ADDED + 693134]
    assert grown.movies["movie_id"].to_list() == grown.movie_ids.ids.tolist()


def test_a_movie_is_added_once() -> None:
    grown, _ = add_movies(join_catalogue(rated(), CATALOGUE)[0], CATALOGUE)
    again, count = add_movies(grown, CATALOGUE)
    assert count == 0
    assert again is grown


def test_without_ids_titles_and_years_decide() -> None:
    candidates = CATALOGUE.drop("tmdb_id")
    grown, count = add_movies(rated(), candidates)
    assert count == 2
    assert grown.movie_ids.ids.tolist()[2:] == [2 * FIRST_ADDED + 1, 2 * FIRST_ADDED + 2]


def test_a_movie_without_year_is_not_added_to_its_title() -> None:
    undated = CATALOGUE.with_columns(year=pl.lit(None, dtype=pl.Int32))
    assert add_movies(rated(), undated)[0].movies["title"].to_list() == ["Fargo", "Rage", "Anora", "Dune: Part Two"]


def test_new_ids_have_the_type_of_the_old_ones() -> None:
    grown, _ = add_movies(rated(["a", "b"]), CATALOGUE)
    assert grown.movie_ids.ids.tolist() == ["a", "b", "tmdb:1064213", "tmdb:693134"]


@pytest.mark.parametrize("ids", [None, ["a", "b"]])
def test_added_movies_are_written_and_read_back(tmp_path: Path, ids: list[str] | None) -> None:
    grown, _ = add_movies(join_catalogue(rated(ids), CATALOGUE)[0], CATALOGUE)
    write_dataset(grown, tmp_path / "grown")
    again, _ = read_dataset(tmp_path / "grown")
    assert sorted(again.movies["title"].to_list()) == sorted(grown.movies["title"].to_list())
    assert len(again.ratings) == 3
