import numpy as np
import polars as pl
import pytest

from matinee.data.dataset import Dataset, Ratings
from matinee.data.linking.films import join_films
from matinee.data.vocabulary import Vocabulary

FILMS = pl.DataFrame(
    {
        "imdb_id": ["tt1", "tt2", "tt3", "tt4"],
        "title": ["Fargo", "Rage", "Rage", "Star Wars: Episode IV – A New Hope"],
        "year": pl.Series([1996, 2009, 2009, 1977], dtype=pl.Int32),
        "genres": [["Crime"], ["Drama"], ["Horror"], ["Sci-Fi"]],
        "director": [["Ethan Coen", "Joel Coen"], ["Sally Potter"], None, ["George Lucas"]],
        "language": [["English"], ["English"], ["English"], ["English"]],
        "runtime": pl.Series([98, 100, None, 121], dtype=pl.Int32),
    }
)


def dataset(**more: pl.Series | list) -> Dataset:
    """Four movies, rated 1, 2, 3 and 4 times."""
    movies = pl.DataFrame(
        {
            "movie_id": [10, 20, 30, 40],
            "title": ["Fargo", "Rage", "Unheard Of", "Star Wars"],
            "year": pl.Series([1996, 2009, None, 1977], dtype=pl.Int32),
            "genres": [["Crime"], ["Drama"], ["Drama"], None],
            **more,
        }
    )
    movie = np.repeat(np.arange(4, dtype=np.int32), [1, 2, 3, 4])
    ratings = Ratings(np.zeros(10, dtype=np.int32), movie, None, None)
    return Dataset("four", ratings, movies, None, Vocabulary.of([1]), Vocabulary.of([10, 20, 30, 40]))


def test_adds_the_facts_of_matched_films_only():
    joined, _ = join_films(dataset(genres=[["Crime"], ["Drama"], ["Drama"], ["Sci-Fi"]]), FILMS)
    assert joined.movies["title"].to_list() == ["Fargo", "Rage", "Unheard Of", "Star Wars"]
    assert joined.movies["imdb_id"].to_list() == ["tt1", None, None, "tt4"]
    assert joined.movies["director"].to_list() == [["Ethan Coen", "Joel Coen"], None, None, ["George Lucas"]]
    assert joined.movies["runtime"].to_list() == [98, None, None, 121]
    assert joined.movies["year"].to_list() == [1996, 2009, None, 1977]


def test_what_the_dataset_knows_already_is_kept_and_only_nulls_are_filled():
    before = dataset(runtime=pl.Series([97, 5, 6, None], dtype=pl.Int32))
    joined, _ = join_films(before, FILMS)
    assert joined.movies["runtime"].to_list() == [97, 5, 6, 121]
    assert joined.movies["genres"].to_list() == [["Crime"], ["Drama"], ["Drama"], ["Sci-Fi"]]
    assert before.movies.columns == ["movie_id", "title", "year", "genres", "runtime"]


def test_a_column_of_another_type_is_left_as_it_is():
    joined, _ = join_films(dataset(language=["en", None, None, None]), FILMS)
    assert joined.movies["language"].to_list() == ["en", None, None, None]


def test_everything_else_of_the_dataset_stays():
    before = dataset()
    joined, _ = join_films(before, FILMS)
    assert joined.ratings is before.ratings
    assert joined.movie_ids is before.movie_ids
    assert joined.fingerprint == before.fingerprint


def test_reports_what_was_found_and_what_was_not():
    _, report = join_films(dataset(), FILMS)
    assert (report.matched, report.ambiguous, report.missed) == (2, 1, 1)
    assert report.ratings_covered == pytest.approx(5 / 10)
    assert report.matched_examples == ("Star Wars (1977) = Star Wars: Episode IV – A New Hope (1977)",)
    assert report.ambiguous_examples == ("Rage (2009)",)
    assert report.missed_examples == ("Unheard Of (year unknown)",)


def test_reports_on_a_dataset_without_ratings():
    before = dataset()
    _, report = join_films(before.keep(np.zeros(10, dtype=bool)), FILMS)
    assert report.matched == 2
    assert report.ratings_covered == 0
