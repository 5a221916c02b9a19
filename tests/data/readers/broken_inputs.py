"""Broken data sets as files, each with the required parts of its error message.

The same table is read through the library and through the command line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

RATINGS = "user_id,movie_id,rating,timestamp\n1,10,4,100000000\n1,20,3.5,100000100\n2,10,5,100000200\n"
MOVIES = "movie_id,title,year,genres\n10,Heat,1995,Action|Crime\n20,Big,1988,Comedy\n"
TITLES = "movieId,title,genres\n10,Heat (1995),Action\n"


@dataclass(frozen=True)
class BrokenInput:
    name: str
    make: Callable[[Path], Path]  # writes the files into an empty folder, returns the path to read
    expected: list[str]  # fragments of the message


def files(**contents: str | bytes) -> Callable[[Path], Path]:
    """A function that writes files; "ratings_csv" becomes ratings.csv. It returns the folder."""

    def make(folder: Path) -> Path:
        for name, content in contents.items():
            data = content if isinstance(content, bytes) else content.encode()
            stem, _, suffix = name.rpartition("_")
            (folder / f"{stem}.{suffix}").write_bytes(data)
        return folder

    return make


def ratings(*rows: str) -> Callable[[Path], Path]:
    """A plain folder whose ratings.csv has these rows below the header."""
    return files(ratings_csv="user_id,movie_id,rating,timestamp\n" + "".join(f"{row}\n" for row in rows))


def _parquet(folder: Path, rating: list[float]) -> Path:
    columns = {"user_id": [1] * len(rating), "movie_id": list(range(len(rating))), "rating": rating}
    pl.DataFrame(columns).write_parquet(folder / "ratings.parquet")
    return folder


def _both_kinds(folder: Path) -> Path:
    _parquet(folder, [4.0])
    return files(ratings_csv=RATINGS)(folder)


def _two_datasets(folder: Path) -> Path:
    for name in ("one", "two"):
        (folder / name).mkdir()
        files(ratings_csv=RATINGS)(folder / name)
    return folder


def _archive(folder: Path) -> Path:
    path = folder / "ml-1m.zip"
    path.write_bytes(b"PK\x03\x04")
    return path


def _folder_for_file(folder: Path) -> Path:
    (folder / "movies.dat").mkdir()
    return files(ratings_dat="1::10::4::100000000\n")(folder)


BROKEN_INPUTS = [
    # the path
    BrokenInput("no such path", lambda folder: folder / "nowhere", ["nowhere", "no such file", "u.data"]),
    BrokenInput("empty folder", lambda folder: folder, ["the folder is empty", "expected MovieLens"]),
    BrokenInput("nothing known", files(notes_txt="hello"), ["notes.txt", "expected MovieLens", "RecBole"]),
    BrokenInput("two datasets", _two_datasets, ["several datasets", "one, two"]),
    BrokenInput("an archive", _archive, ["ml-1m.zip", "expected MovieLens"]),
    BrokenInput("csv and parquet", _both_kinds, ["both ratings.csv and ratings.parquet"]),
    BrokenInput("a folder in a file's place", _folder_for_file, ["movies.dat", "cannot be opened"]),
    # the file as a whole
    BrokenInput("empty file", files(ratings_csv=""), ["ratings.csv", "the file is empty"]),
    BrokenInput("empty dat", files(ratings_dat=""), ["ratings.dat", "no ratings"]),
    BrokenInput("header only", ratings(), ["ratings.csv", "no ratings"]),
    BrokenInput("no parquet", files(ratings_parquet=b"PAR1 not"), ["ratings.parquet", "as a Parquet file"]),
    BrokenInput(
        "Latin-1 ratings",
        files(ratings_csv="user_id,movie_id\nAda,1\nRené,2\n".encode("latin-1")),
        ["ratings.csv, row 3", "0xe9", "UTF-8"],
    ),
    BrokenInput(
        "Latin-1 movies",
        files(ratings_csv=RATINGS, movies_csv="movie_id,title\n10,Amélie\n".encode("latin-1")),
        ["movies.csv, row 2", "0xe9", "UTF-8"],
    ),
    BrokenInput("UTF-16", files(ratings_csv=RATINGS.encode("utf-16")), ["ratings.csv, row 1", "not UTF-8"]),
    BrokenInput("open quote", ratings("1,10,4,5", '1,"20,4,5'), ["ratings.csv, row 3", "quote"]),
    # columns
    BrokenInput(
        "no movie_id",
        files(ratings_csv="user_id,title,rating\n1,2,3\n"),
        ["'movie_id'", "'title'", "ratings.csv"],
    ),
    BrokenInput("semicolons", files(ratings_csv="user_id;movie_id\n1;2\n"), ["ratings.csv", "'user_id;movie_id'"]),
    BrokenInput("column twice", files(ratings_csv="user_id,movie_id,user_id\n1,2,3\n"), ["'user_id'", "occurs twice"]),
    BrokenInput("no title", files(ratings_csv=RATINGS, movies_csv="movie_id,name\n1,a\n"), ["movies.csv", "'title'"]),
    BrokenInput("users without id", files(ratings_csv=RATINGS, users_csv="id\n1\n"), ["users.csv", "'user_id'"]),
    BrokenInput("decimal comma", ratings("1,10,4,5", "1,20,3,5,6"), ["row 3", "5 columns instead of 4"]),
    # values
    BrokenInput("rating in words", ratings("1,10,4,5", "1,20,good,6"), ["row 3, column rating", "'good'"]),
    BrokenInput("no rating", ratings("1,10,4,5", "1,20,,6"), ["row 3, column rating", "no value"]),
    BrokenInput("NaN rating", ratings("1,10,NaN,5"), ["row 2, column rating", "nan"]),
    BrokenInput("infinite rating", lambda folder: _parquet(folder, [4.0, float("inf")]), ["row 2", "inf"]),
    BrokenInput("NaN in parquet", lambda folder: _parquet(folder, [float("nan")]), ["row 1", "nan"]),
    BrokenInput("off the scale", ratings("1,10,4,5", "1,20,9,6"), ["row 3", "9.0", "0.5 to 5", "matinee.toml"]),
    BrokenInput("zero", ratings("1,10,0,5"), ["row 2, column rating", "0.0", "0.5 to 5"]),
    BrokenInput("time in words", ratings("1,10,4,yesterday"), ["row 2, column timestamp", "'yesterday'"]),
    BrokenInput("no time", ratings("1,10,4,5", "1,20,4"), ["row 3, column timestamp", "no value"]),
    BrokenInput("negative time", ratings("1,10,4,5", "1,20,4,-6"), ["row 3, column timestamp", "-6"]),
    BrokenInput("no user", ratings("1,10,4,5", ",20,4,6"), ["row 3, column user_id", "no value"]),
    BrokenInput("below blank lines", ratings("", "1,10,4,5", "", "1,20,x,6"), ["row 5, column rating", "'x'"]),
    BrokenInput(
        "below a cell of two lines",
        files(ratings_csv='user_id,movie_id,note,rating\n1,10,"a\nb",4\n1,20,c,x\n'),
        ["row 4, column rating", "'x'"],
    ),
    BrokenInput(
        "one id, two titles",
        files(ratings_csv=RATINGS, movies_csv=MOVIES + "10,Ronin,1998,Action\n"),
        ["movies.csv, row 4", "id 10", "'Heat'", "'Ronin'"],
    ),
    BrokenInput(
        "movie without id",
        files(ratings_csv=RATINGS, movies_csv=MOVIES + ",Ronin,1998,Action\n"),
        ["movies.csv, row 4, column movie_id", "no value"],
    ),
    BrokenInput(
        "user without id",
        files(ratings_csv=RATINGS, users_csv="user_id,age\n1,25\n,30\n"),
        ["users.csv, row 3, column user_id", "no value"],
    ),
    # MovieLens
    BrokenInput("dat row too short", files(ratings_dat="1::10::4::5\n1::20::4\n"), ["row 2", "3 columns instead of 4"]),
    BrokenInput("dat row too long", files(ratings_dat="1::10::4::5::6\n"), ["row 1", "5 columns instead of 4"]),
    BrokenInput("single colons", files(ratings_dat="1::10::4::5\n1:20:4:5\n"), ["row 2", "1 columns instead of 4"]),
    BrokenInput("junk between colons", files(ratings_dat="1:9:10::4::5\n"), ["row 1", "3 columns instead of 4"]),
    BrokenInput("dat id in words", files(ratings_dat="1::10::4::5\nAda::10::4::5\n"), ["row 2", "'Ada'"]),
    BrokenInput("dat rating of 6", files(ratings_dat="1::10::6::5\n"), ["row 1, column rating", "6.0"]),
    BrokenInput(
        "movies.dat row too long",
        files(ratings_dat="1::10::4::5\n", movies_dat="10::Heat (1995)::Action::x\n"),
        ["movies.dat, row 1", "4 columns instead of 3"],
    ),
    BrokenInput("u.data in words", files(u_data="1\t10\tgood\t5\n"), ["u.data, row 1, column rating", "'good'"]),
    BrokenInput(
        "u.item with a flag missing",
        files(u_data="1\t10\t4\t5\n", u_item="10|Heat (1995)|01-Jan-1995|||0|1\n"),
        ["u.item, row 1", "7 columns instead of 24"],
    ),
    BrokenInput(
        "csv id in words",
        files(ratings_csv="userId,movieId,rating,timestamp\n1,tt10,4,5\n", movies_csv=TITLES),
        ["ratings.csv, row 2, column movieId", "'tt10'", "whole number"],
    ),
    BrokenInput(
        "csv without rating",
        files(ratings_csv="userId,movieId,timestamp\n1,10,5\n"),
        ["'rating'", "'userId'"],
    ),
    BrokenInput(
        "links without imdbId",
        files(
            ratings_csv="userId,movieId,rating,timestamp\n1,10,4,5\n",
            movies_csv=TITLES,
            links_csv="movieId,tmdbId\n10,949\n",
        ),
        ["links.csv", "'imdbId'"],
    ),
    # RecBole
    BrokenInput("inter without item_id", files(a_inter="user_id:token\n1\n"), ["a.inter", "'item_id'"]),
    BrokenInput(
        "inter rating in words",
        files(a_inter="user_id:token\titem_id:token\trating:float\n1\t10\tgood\n"),
        ["a.inter, row 2, column rating", "'good'"],
    ),
    BrokenInput("two inter files", files(a_inter="user_id\n", b_inter="user_id\n"), ["a.inter, b.inter"]),
    # TMDB
    BrokenInput(
        "TMDB id not a number",
        files(tmdb_csv='id,title,genre_ids,overview\n1,Heat,[80],"two\nlines"\n1997-08-20,Ronin,[28],x\n'),
        ["tmdb.csv, row 4, column id", "'1997-08-20'"],
    ),
    BrokenInput("TMDB without movies", files(tmdb_csv="id,title,genres\n"), ["tmdb.csv", "no movies"]),
    # matinee.toml and splits
    BrokenInput(
        "unknown setting",
        files(ratings_csv=RATINGS, matinee_toml="[rating]\nuser_id = 'u'\n"),
        ["matinee.toml", "'rating'", "ratings, movies, users"],
    ),
    BrokenInput(
        "unknown column name",
        files(ratings_csv=RATINGS, matinee_toml="[ratings]\nuser = 'u'\n"),
        ["matinee.toml", "'user'", "user_id, movie_id"],
    ),
    BrokenInput("no TOML", files(ratings_csv=RATINGS, matinee_toml="scale 1 10"), ["matinee.toml", "TOML"]),
    BrokenInput(
        "scale backwards",
        files(ratings_csv=RATINGS, matinee_toml="scale = [5, 1]"),
        ["[5, 1]", "[lowest, highest]"],
    ),
    BrokenInput(
        "mapped column missing",
        files(ratings_csv=RATINGS, matinee_toml='[ratings]\nrating = "stars"\n'),
        ["ratings.csv", "'stars'", "'rating'"],
    ),
    BrokenInput("training part only", files(ratings_train_csv=RATINGS), ["ratings_test"]),
    BrokenInput(
        "parts with different columns",
        files(ratings_train_csv=RATINGS, ratings_test_csv="user_id,movie_id\n1,30\n"),
        ["ratings_test.csv", "timestamp"],
    ),
    BrokenInput(
        "broken test part",
        files(ratings_train_csv=RATINGS, ratings_test_csv=RATINGS + "1,30,x,5\n"),
        ["ratings_test.csv, row 5, column rating", "'x'"],
    ),
]
