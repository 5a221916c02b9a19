from datetime import date
from pathlib import Path

import pytest

from matinee.data.readers.checks import build_dataset
from matinee.data.readers.tmdb import GENRE_NAMES, read_tmdb


def catalogue(folder: Path, text: str) -> Path:
    path = folder / "top.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_genre_ids_a_junk_first_column_and_long_overviews(tmp_path: Path):
    path = catalogue(
        tmp_path,
        "python model.py,genre_ids,id,original_language,overview,popularity,release_date,title,"
        "vote_average,vote_count\n"
        '0,"[18, 80]",278,en,"Hope, he said, ""is a good thing"",\nmaybe.",30.8,1994-09-23,Amélie,8.7,29721\n'
        "1,[],733668,hy,,0.33,,Return,6.6,424\n",
    )

    dataset, issues = build_dataset(read_tmdb(path))

    assert dataset.movies.row(0, named=True) == {
        "movie_id": 278,
        "title": "Amélie",
        "year": 1994,
        "genres": ["Drama", "Crime"],
        "overview": 'Hope, he said, "is a good thing",\nmaybe.',
        "language": ["en"],
        "vote_average": 8.7,
        "vote_count": 29721,
        "popularity": 30.8,
        "release_date": date(1994, 9, 23),
        "tmdb_id": 278,
    }
    assert dataset.movies.row(1)[:5] == (733668, "Return", None, [], None)
    assert len(dataset.ratings) == dataset.n_users == 0
    assert issues == []


@pytest.mark.parametrize(
    "genres",
    [
        "Drama|Science Fiction",
        '"Drama, Science Fiction"',
        '"[{""id"": 18, ""name"": ""Drama""}, {""id"": 878, ""name"": ""Science Fiction""}]"',
        "\"[{'id': 18, 'name': 'Drama'}, {'id': 878, 'name': 'Science Fiction'}]\"",
    ],
    ids=["bars", "commas", "JSON", "Python"],
)
def test_genre_names_in_every_form(tmp_path: Path, genres: str):
    path = catalogue(
        tmp_path, f",id,title,genres,release_date\n0,1,Solaris,{genres},1972-03-20\n1,2,Heat,,\n3,4,Big,[],\n"
    )

    dataset, _ = build_dataset(read_tmdb(path))

    assert dataset.movies["genres"].to_list() == [["Drama", "Science Fiction"], [], []]
    assert dataset.movies["year"].to_list() == [1972, None, None]


def test_unknown_genre_ids_are_ignored_and_reported(tmp_path: Path):
    path = catalogue(tmp_path, 'id,title,genre_ids\n1,A,[18]\n2,B,"[7, 28, 8]"\n')

    dataset, (issue,) = build_dataset(read_tmdb(path))

    assert dataset.movies["genres"].to_list() == [["Drama"], ["Action"]]
    assert (issue.count, issue.row, issue.column) == (2, 3, "genre_ids")


def test_a_movie_on_two_pages_is_one_movie(tmp_path: Path):
    path = catalogue(tmp_path, "id,title,genre_ids,popularity\n1,A,[18],2.5\n1,A,[18],2.4\n")

    dataset, (issue,) = build_dataset(read_tmdb(path))

    assert dataset.movies["popularity"].to_list() == [2.5]
    assert (issue.kind, issue.row) == ("duplicate movies", 3)


def test_the_genre_table_is_complete():
    assert len(GENRE_NAMES) == len(set(GENRE_NAMES.values())) == 19
