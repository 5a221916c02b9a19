import numpy as np
import polars as pl
import pytest

from matinee.data.dataset import Dataset, Ratings
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.data.readers.dataset_writer import write_dataset
from matinee.data.readers.formats import read_dataset
from matinee.data.vocabulary import Vocabulary

CATALOGUE = pl.DataFrame(
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
    """Four movies, rated 1, 2, 3 and 4 times, each time by another user."""
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
    ratings = Ratings(np.arange(10, dtype=np.int32), movie, None, None)
    return Dataset("four", ratings, movies, None, Vocabulary.of(range(10)), Vocabulary.of([10, 20, 30, 40]))


def test_only_matched_movies_get_facts():
    joined, _ = join_catalogue(dataset(genres=[["Crime"], ["Drama"], ["Drama"], ["Sci-Fi"]]), CATALOGUE)
    assert joined.movies["title"].to_list() == ["Fargo", "Rage", "Unheard Of", "Star Wars"]
    assert joined.movies["imdb_id"].to_list() == ["tt1", None, None, "tt4"]
    assert joined.movies["director"].to_list() == [["Ethan Coen", "Joel Coen"], [], [], ["George Lucas"]]
    assert joined.movies["runtime"].to_list() == [98, None, None, 121]
    assert joined.movies["year"].to_list() == [1996, 2009, None, 1977]


def test_only_empty_cells_are_filled():
    before = dataset(
        runtime=pl.Series([97, 5, 6, None], dtype=pl.Int32), director=[[], ["Me"], [], ["George Walton Lucas"]]
    )
    joined, report = join_catalogue(before, CATALOGUE)
    assert joined.movies["runtime"].to_list() == [97, 5, 6, 121]
    assert joined.movies["director"].to_list() == [["Ethan Coen", "Joel Coen"], ["Me"], [], ["George Walton Lucas"]]
    assert joined.movies["genres"].to_list() == [["Crime"], ["Drama"], ["Drama"], ["Sci-Fi"]]
    assert before.movies.columns == ["movie_id", "title", "year", "genres", "runtime", "director"]
    assert report.columns == ("imdb_id", "genres", "director", "language", "runtime")


def test_a_column_of_another_type_is_not_changed():
    joined, report = join_catalogue(dataset(language=["en", None, None, None]), CATALOGUE)
    assert joined.movies["language"].to_list() == ["en", None, None, None]
    assert "language" not in report.columns


def test_a_dataset_of_movies_keeps_its_own_ids():
    """A TMDB catalogue, whose movie ids are TMDB's."""
    catalogue = CATALOGUE.with_columns(
        movie_id=pl.Series([501, 502, 503, 504]), tmdb_id=pl.Series([501, 502, 503, 504])
    )
    joined, _ = join_catalogue(dataset(), catalogue)
    assert joined.movies["movie_id"].to_list() == [10, 20, 30, 40]
    assert joined.movies["tmdb_id"].to_list() == [501, None, None, 504]


def test_a_second_catalogue_is_matched_by_the_ids_of_the_first():
    ids = pl.DataFrame({"title": ["Fargo"], "year": [1996], "genres": [["Crime"]], "imdb_id": ["tt1"]})
    once, _ = join_catalogue(dataset(), ids.with_columns(pl.col("year").cast(pl.Int32)))
    renamed = CATALOGUE.with_columns(title=pl.lit("Called Something Else"))
    _, report = join_catalogue(once, renamed)
    assert report.by_id.movies == 1
    assert report.by_id.names == ("Fargo (1996) = Called Something Else (1996)",)


def test_joined_facts_are_read_back(tmp_path):
    joined, _ = join_catalogue(dataset(), CATALOGUE)
    write_dataset(joined, tmp_path / "joined")
    read, _ = read_dataset(tmp_path / "joined")
    assert read.fingerprint == joined.fingerprint
    assert set(read.movies.columns) == set(joined.movies.columns)
    assert read.movies.equals(joined.movies.select(read.movies.columns))


def test_the_rest_of_the_dataset_is_not_changed():
    before = dataset()
    joined, _ = join_catalogue(before, CATALOGUE)
    assert joined.ratings is before.ratings
    assert joined.movie_ids is before.movie_ids
    assert joined.fingerprint == before.fingerprint


def test_the_report_counts_matched_and_missed_movies():
    _, report = join_catalogue(dataset(), CATALOGUE)
    assert (report.matched, report.ambiguous.movies, report.missed.movies) == (2, 1, 1)
    assert (report.by_id.movies, report.by_title.movies, report.by_near_title.movies) == (0, 2, 0)
    assert report.ratings_covered == pytest.approx(5 / 10)
    assert (report.ambiguous.ratings, report.missed.ratings) == pytest.approx((2 / 10, 3 / 10))
    assert report.by_title.names == ("Star Wars (1977) = Star Wars: Episode IV – A New Hope (1977)",)
    assert report.ambiguous.names == ("Rage (2009)",)
    assert report.missed.names == ("Unheard Of (year unknown)",)


def test_reports_the_most_rated_first():
    _, report = join_catalogue(dataset(), CATALOGUE[:0])
    assert report.missed.names == ("Star Wars (1977)", "Unheard Of (year unknown)", "Rage (2009)", "Fargo (1996)")


def test_reports_on_a_dataset_without_ratings():
    before = dataset()
    _, report = join_catalogue(before.keep(np.zeros(10, dtype=bool)), CATALOGUE)
    assert report.matched == 2
    assert report.ratings_covered == 0
