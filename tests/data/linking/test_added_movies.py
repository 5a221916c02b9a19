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

FILMS = pl.DataFrame(
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
    known = ids or [10, 20]
    movies = pl.DataFrame(
        {
            "movie_id": known,
            "title": ["Fargo", "Rage"],
            "year": pl.Series([1996, 2009], dtype=pl.Int32),
            "genres": [["Crime"], ["Drama"]],
        }
    )
    ratings = Ratings(np.array([0, 1, 2], np.int32), np.array([0, 1, 1], np.int32), None, None)
    return Dataset("two", ratings, movies, None, Vocabulary.of(range(3)), Vocabulary(np.array(known)))


def test_films_that_the_data_does_not_have_become_movies_nobody_rated() -> None:
    grown, count = add_movies(join_catalogue(rated(), FILMS)[0], FILMS)
    assert count == 2
    assert grown.movies["title"].to_list() == ["Fargo", "Rage", "Anora", "Dune: Part Two"]
    assert grown.counts.tolist() == [1, 2, 0, 0]
    assert grown.movies["overview"].to_list() == ["A murder.", None, "A wedding.", "A desert."]
    assert grown.movies["genres"].to_list() == [["Crime"], ["Drama"], ["Drama"], []]
    assert grown.movie_ids.ids.tolist() == [10, 20, FIRST_ADDED + 1064213, FIRST_ADDED + 693134]
    assert grown.movies["movie_id"].to_list() == grown.movie_ids.ids.tolist()


def test_the_same_film_twice_comes_once_and_a_second_time_adds_nothing() -> None:
    grown, _ = add_movies(join_catalogue(rated(), FILMS)[0], FILMS)
    again, count = add_movies(grown, FILMS)
    assert count == 0
    assert again is grown


def test_without_ids_titles_and_years_decide() -> None:
    films = FILMS.drop("tmdb_id")
    grown, count = add_movies(rated(), films)
    assert count == 2
    assert grown.movie_ids.ids.tolist()[2:] == [2 * FIRST_ADDED + 1, 2 * FIRST_ADDED + 2]


def test_a_film_of_unknown_year_is_not_added_beside_one_of_its_title() -> None:
    undated = FILMS.with_columns(year=pl.lit(None, dtype=pl.Int32))
    assert add_movies(rated(), undated)[0].movies["title"].to_list() == ["Fargo", "Rage", "Anora", "Dune: Part Two"]


def test_where_ids_are_text_the_new_ones_are() -> None:
    grown, _ = add_movies(rated(["a", "b"]), FILMS)
    assert grown.movie_ids.ids.tolist() == ["a", "b", "tmdb:1064213", "tmdb:693134"]


@pytest.mark.parametrize("ids", [None, ["a", "b"]])
def test_what_was_added_can_be_written_and_read_again(tmp_path: Path, ids: list[str] | None) -> None:
    grown, _ = add_movies(join_catalogue(rated(ids), FILMS)[0], FILMS)
    write_dataset(grown, tmp_path / "grown")
    again, _ = read_dataset(tmp_path / "grown")
    assert sorted(again.movies["title"].to_list()) == sorted(grown.movies["title"].to_list())
    assert len(again.ratings) == 3
