from datetime import date
from pathlib import Path

import polars as pl
import pytest

from matinee.data.readers.catalogue import check_movies, check_users, movie_table
from matinee.data.readers.delimited import LINE
from matinee.errors import DataError

PATH = Path("movies.csv")


def shown_movies(ids: list[int], **columns: list) -> pl.DataFrame:
    movies, _ = check_movies(pl.DataFrame({"movie_id": ids, **columns}), PATH)
    return movie_table(movies, pl.Series("movie_id", ids), PATH)[0]


def test_titles_lose_the_year_and_get_the_article_in_front():
    movies = shown_movies([1, 2, 3], title=["Misérables, Les (1995)", "Toy Story (1995)", "2012"])

    assert movies["title"].to_list() == ["Les Misérables", "Toy Story", "2012"]
    assert movies["year"].to_list() == [1995, 1995, None]
    assert movies["genres"].to_list() == [[], [], []]
    assert movies.schema == {
        "movie_id": pl.Int64,
        "title": pl.String,
        "year": pl.Int32,
        "genres": pl.List(pl.String),
    }


def test_the_order_of_sources_for_the_year():
    titles = ["Heat (1995)", "Heat (1995)", "Heat (1995)", "Heat"]
    released = [date(1996, 1, 1)] * 4

    movies = shown_movies([1, 2, 3, 4], title=titles, year=[1995, 1986, None, None], release_date=released)

    assert movies["title"].to_list() == ["Heat", "Heat (1995)", "Heat", "Heat"]
    assert movies["year"].to_list() == [1995, 1986, 1995, 1996]


def test_movies_without_a_title_are_named_by_their_id():
    movies = pl.DataFrame({"movie_id": [1, 2, 3], "title": ["Heat", " ", None], LINE: [2, 4, 5]})
    checked, _ = check_movies(movies, PATH)

    table, issues = movie_table(checked, pl.Series("movie_id", [1, 2, 3, 4]), PATH)

    assert table["title"].to_list() == ["Heat", "Movie 2", "Movie 3", "Movie 4"]
    assert [(issue.kind, issue.count, issue.row) for issue in issues] == [("empty titles", 2, 4)]
    assert LINE not in table.columns


def test_the_table_follows_the_ids():
    movies = pl.DataFrame({"movie_id": [2, 1], "title": ["Big", "Heat"], "overview": ["b", "h"], "extra": [0, 0]})
    checked, _ = check_movies(movies, PATH)

    table, _ = movie_table(checked, pl.Series("movie_id", [1, 2]), PATH)

    assert table.columns == ["movie_id", "title", "year", "genres", "overview"]
    assert table["overview"].to_list() == ["h", "b"]


def test_the_first_of_duplicate_movies_is_kept():
    movies = pl.DataFrame({"movie_id": [1, 2, 1], "title": ["Heat", "Big", "Heat"], "popularity": [1.0, 2.0, 3.0]})

    checked, (issue,) = check_movies(movies, PATH)

    assert checked["popularity"].to_list() == [1.0, 2.0]
    assert (issue.kind, issue.count, issue.row) == ("duplicate movies", 1, 3)


@pytest.mark.parametrize(
    ("titles", "row"),
    [(["Heat", "Big", "Ronin"], 3), (["Heat", "Big", None], 3), ([None, "Big", "Ronin"], 3)],
)
def test_one_id_with_two_titles_is_refused(titles: list[str | None], row: int):
    with pytest.raises(DataError, match=f"row {row}, column movie_id: the id 1 is both"):
        check_movies(pl.DataFrame({"movie_id": [1, 2, 1], "title": titles}), PATH)


def test_duplicate_users_are_dropped():
    users = pl.DataFrame(
        {
            "user_id": ["1", "2", "1"],
            "age": ["1", "56", "1"],
            "occupation": ["writer", "10", ""],
            "zip_code": ["02460", "1", "2"],
        }
    )

    checked, (issue,) = check_users(users, Path("users.csv"))

    assert checked.rows() == [(1, 1, "writer", "02460"), (2, 56, "10", "1")]
    assert (issue.kind, issue.count, issue.row) == ("duplicate users", 1, 3)
