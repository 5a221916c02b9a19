from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from matinee.data.readers.checks import build_dataset
from matinee.data.readers.movielens import read_100k, read_csv, read_dat
from matinee.data.readers.tables import Tables


def write_files(folder: Path, **contents: str) -> Path:
    for name, text in contents.items():
        stem, _, suffix = name.rpartition("_")
        encoding = "utf-8" if suffix == "csv" else "latin-1"
        (folder / f"{stem}.{suffix}").write_bytes(text.encode(encoding))
    return folder


def item(movie_id: int, title: str, released: str, *genres: int) -> str:
    flags = "|".join("1" if index in genres else "0" for index in range(19))
    return f"{movie_id}|{title}|{released}||http://example.org|{flags}\n"


def test_100k(tmp_path: Path):
    folder = write_files(
        tmp_path,
        u_data="1\t543\t4\t881250949\n2\t1\t3\t891717742\n",
        u_item=item(1, "Toy Story (1995)", "01-Jan-1995", 3, 4, 5)
        + item(267, "unknown", "", 0)
        + item(543, "Misérables, Les (1995)", "01-Jan-1995", 8, 12),
        u_user="1|24|M|technician|02460\n2|53|F|other|94043\n",
    )

    dataset, issues = build_dataset(read_100k(folder))

    assert dataset.movies.rows() == [
        (1, "Toy Story", 1995, ["Animation", "Children's", "Comedy"], date(1995, 1, 1)),
        (267, "unknown", None, [], None),
        (543, "Les Misérables", 1995, ["Drama", "Musical"], date(1995, 1, 1)),
    ]
    assert dataset.users is not None
    assert dataset.users.row(0, named=True) == {
        "user_id": 1, "age": 24, "gender": "M", "occupation": "technician", "zip_code": "02460",
    }  # fmt: skip
    assert dataset.ratings.timestamp is not None
    assert dataset.ratings.timestamp.tolist() == [881250949, 891717742]
    assert dataset.scale == (1.0, 5.0)
    assert issues == []


def test_100k_takes_its_genres_from_u_genre(tmp_path: Path):
    folder = write_files(
        tmp_path,
        u_data="1\t1\t4\t881250949\n",
        u_genre="unknown|0\nNoir|1\n\n",
        u_item="1|Heat (1995)|15-Dec-1995|||0|1\n",
    )

    assert build_dataset(read_100k(folder))[0].movies["genres"].to_list() == [["Noir"]]


def test_1m(tmp_path: Path):
    folder = write_files(
        tmp_path,
        ratings_dat="2::73::5::978302268\n1::2628::4::978300760\n",
        movies_dat="73::Misérables, Les (1995)::Drama|Musical\n2628::Star Wars: Episode I (1999)::Action|Sci-Fi\n",
        users_dat="1::F::1::10::48067\n2::M::56::16::02460\n",
    )

    dataset, issues = build_dataset(read_dat(folder))

    assert dataset.movies.rows() == [
        (73, "Les Misérables", 1995, ["Drama", "Musical"]),
        (2628, "Star Wars: Episode I", 1999, ["Action", "Sci-Fi"]),
    ]
    assert dataset.users is not None
    assert dataset.users.rows() == [(1, "F", 1, 10, "48067"), (2, "M", 56, 16, "02460")]
    assert dataset.ratings.movie.tolist() == [1, 0]
    assert dataset.scale == (1.0, 5.0)
    assert issues == []


def test_10m_has_half_stars_and_no_users(tmp_path: Path):
    folder = write_files(
        tmp_path,
        ratings_dat="1::122::4.5::838985046\n1::185::0.5::838983525\n",
        movies_dat="122::Boomerang (1992)::Comedy|Romance\n185::Net, The (1995)::(no genres listed)\n",
    )

    dataset, _ = build_dataset(read_dat(folder))

    assert dataset.ratings.rating is not None
    assert dataset.ratings.rating.tolist() == [0.5, 4.5]
    assert dataset.movies["title"].to_list() == ["Boomerang", "The Net"]
    assert dataset.movies["genres"].to_list() == [["Comedy", "Romance"], []]
    assert dataset.users is None
    assert dataset.scale == (0.5, 5.0)


@pytest.mark.parametrize(
    "text",
    ["1::10::4::978300760\r\n2::20::3::978300761\r\n", "\n1::10::4::978300760\n\n2::20::3::978300761"],
    ids=["carriage returns", "blank lines"],
)
def test_dat_line_ends_make_no_difference(tmp_path: Path, text: str):
    ratings = read_dat(write_files(tmp_path, ratings_dat=text)).ratings

    assert ratings["movie_id"].to_list() == [10, 20]
    assert build_dataset(read_dat(tmp_path))[0].ratings.rating is not None


def test_blank_lines_do_not_shift_row_numbers(tmp_path: Path):
    folder = write_files(tmp_path, ratings_dat="\n1::10::4::978300760\n\n1::10::3::978300761\n")

    _, issues = build_dataset(read_dat(folder))

    assert [(issue.kind, issue.row) for issue in issues] == [("no movies", None), ("duplicate ratings", 2)]


def test_a_byte_order_mark_before_dat_is_skipped_and_noted(tmp_path: Path):
    folder = write_files(tmp_path, ratings_dat="ï»¿1::10::4::978300760\n")  # the mark's three bytes, in Latin-1

    tables = read_dat(folder)

    assert tables.ratings["user_id"].to_list() == [1]
    assert [issue.kind for issue in tables.issues] == ["byte-order mark"]


def test_csv_with_links(tmp_path: Path):
    folder = write_files(
        tmp_path,
        ratings_csv="userId,movieId,rating,timestamp\n1,73,4.5,1112486027\n1,1,3.5,1112484676\n",
        movies_csv="movieId,title,genres\n1,Toy Story (1995),Animation|Comedy\n"
        '73,"Misérables, Les (1995)",Drama\n'
        "108583,Fawlty Towers (1975-1979),(no genres listed)\n",
        links_csv="movieId,imdbId,tmdbId\n1,0114709,862\n73,113828,\n",
    )

    dataset, issues = build_dataset(read_csv(folder))

    assert dataset.movies.rows() == [
        (1, "Toy Story", 1995, ["Animation", "Comedy"], "tt0114709", 862),
        (73, "Les Misérables", 1995, ["Drama"], "tt0113828", None),
        (108583, "Fawlty Towers", 1975, [], None, None),
    ]
    assert dataset.ratings.rating is not None
    assert dataset.ratings.rating.tolist() == [3.5, 4.5]
    assert issues == []


@pytest.mark.parametrize("reader", [read_100k, read_dat, read_csv])
def test_ratings_alone_are_enough(tmp_path: Path, reader: Callable[[Path], Tables]):
    folder = write_files(
        tmp_path,
        u_data="1\t10\t4\t881250949\n",
        ratings_dat="1::10::4::881250949\n",
        ratings_csv="userId,movieId,rating,timestamp\n1,10,4,881250949\n",
    )

    dataset, issues = build_dataset(reader(folder))

    assert dataset.movies["title"].to_list() == ["Movie 10"]
    assert [issue.kind for issue in issues] == ["no movies"]
