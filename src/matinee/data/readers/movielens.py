"""MovieLens as GroupLens publishes it: 100K (`u.data`), 1M and 10M (`.dat`), 20M and later (`.csv`).

Harper & Konstan 2015, "The MovieLens Datasets: History and Context". Everything but the `.csv` sets is in
Latin-1, which has a character for every byte, so their text cannot fail to decode.
"""

from pathlib import Path

import polars as pl

from matinee.data.readers.catalogue import check_users
from matinee.data.readers.column_map import FILE_NAME
from matinee.data.readers.columns import parse_names, parse_whole_ids
from matinee.data.readers.delimited import LINE, byte_order_mark, read_header, read_text, read_typed, require_columns
from matinee.data.readers.rating_checks import raise_if_empty
from matinee.data.readers.tables import DataIssue, Tables
from matinee.errors import DataError

_RATING_TYPES = {
    "user_id": pl.Int64(),
    "movie_id": pl.Int64(),
    "rating": pl.Float32(),
    "timestamp": pl.Int64(),
}
_CSV_NAMES = {"userId": "user_id", "movieId": "movie_id", "rating": "rating", "timestamp": "timestamp"}
_WHOLE_STARS = (1.0, 5.0)
_HALF_STARS = (0.5, 5.0)
# The order of the flags in u.item, for a folder without u.genre. "unknown" counts as no genre.
_GENRES_100K = (
    "unknown",
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
)


def find_100k(path: Path) -> Path | None:
    """The folder if it holds MovieLens 100K."""
    return path if (path / "u.data").is_file() else None


def find_dat(path: Path) -> Path | None:
    """The folder if it holds MovieLens 1M or 10M."""
    return path if (path / "ratings.dat").is_file() else None


def find_csv(path: Path) -> Path | None:
    """The folder if it holds MovieLens 20M or later. A column map beside the file makes it a plain folder."""
    ratings = path / "ratings.csv"
    if not ratings.is_file() or (path / FILE_NAME).exists():
        return None
    return path if {"userId", "movieId"} <= set(read_header(ratings)) else None


def read_100k(folder: Path) -> Tables:
    """MovieLens 100K: `u.data` (tab-separated), and if present `u.item`, `u.genre` and `u.user`."""
    path = folder / "u.data"
    ratings = _rating_ids(read_typed(path, _RATING_TYPES, "\t", list(_RATING_TYPES)), path, 0)
    movies_path = folder / "u.item"
    movies = _items(movies_path, _genre_names(folder / "u.genre")) if movies_path.exists() else None
    users, issues = None, byte_order_mark(path)
    if (folder / "u.user").exists():
        columns = ["user_id", "age", "gender", "occupation", "zip_code"]
        users, more = _users(folder / "u.user", "|", columns)
        issues += more
    return Tables(folder.name, ratings, movies, users, path, movies_path, 0, _WHOLE_STARS, issues=issues)


def read_dat(folder: Path) -> Tables:
    """MovieLens 1M or 10M: `ratings.dat`, and if present `movies.dat` and `users.dat` (1M only).

    10M has half stars and no users, which distinguishes the two.
    """
    path = folder / "ratings.dat"
    ratings = _rating_ids(_dat_ratings(path), path, 0)
    movies_path = folder / "movies.dat"
    movies = _dat_movies(movies_path) if movies_path.exists() else None
    users, issues = None, byte_order_mark(path)
    if (folder / "users.dat").exists():
        columns = ["user_id", "gender", "age", "occupation", "zip_code"]
        users, more = _users(folder / "users.dat", "::", columns)
        issues += more
    scale = _HALF_STARS if users is None else _WHOLE_STARS
    return Tables(folder.name, ratings, movies, users, path, movies_path, 0, scale, issues=issues)


def read_csv(folder: Path) -> Tables:
    """MovieLens 20M, 25M, 32M and latest: `ratings.csv`, and if present `movies.csv` and `links.csv`."""
    path, movies_path = folder / "ratings.csv", folder / "movies.csv"
    require_columns(read_header(path), list(_CSV_NAMES), path)
    types = {file_name: _RATING_TYPES[name] for file_name, name in _CSV_NAMES.items()}
    ratings = _rating_ids(read_typed(path, types).rename(_CSV_NAMES), path, 1)
    issues = byte_order_mark(path)
    movies = None
    if movies_path.exists():
        movies = _csv_movies(movies_path, folder / "links.csv")
        issues += byte_order_mark(movies_path)
    return Tables(folder.name, ratings, movies, None, path, movies_path, 1, _HALF_STARS, issues=issues)


def _rating_ids(ratings: pl.DataFrame, path: Path, header_rows: int) -> pl.DataFrame:
    raise_if_empty(ratings, path)
    file_names = {"user_id": "userId", "movie_id": "movieId"} if header_rows else {}
    ids = [parse_whole_ids(ratings, name, path, header_rows, file_names.get(name)) for name in ("user_id", "movie_id")]
    return ratings.with_columns(ids)


def _dat_ratings(path: Path) -> pl.DataFrame:
    """Read "::" as the separator ":" with an empty column between: a million rows take a fifth of a second."""
    names = ["user_id", "gap 1", "movie_id", "gap 2", "rating", "gap 3", "timestamp"]
    try:
        schema = {name: _RATING_TYPES.get(name, pl.String()) for name in names}
        frame = pl.read_csv(path, separator=":", has_header=False, schema=schema, quote_char=None)
    except pl.exceptions.PolarsError:
        return _dat_text(path, list(_RATING_TYPES))
    missing = [frame[name].null_count() for name in _RATING_TYPES]
    between = [len(frame) - frame[name].null_count() for name in names[1::2]]
    return frame.select(*_RATING_TYPES) if not any(missing + between) else _dat_text(path, list(_RATING_TYPES))


def _dat_text(path: Path, columns: list[str], separator: str = "::") -> pl.DataFrame:
    """Latin-1 text split by hand, with `LINE`, without blank lines.

    Raises `DataError` for a row that is too long or too short.
    """
    rows: list[list[str]] = []
    lines: list[int] = []
    for number, line in enumerate(_latin1_lines(path), start=1):
        if not line.strip():
            continue
        cells = line.split(separator)
        if len(cells) != len(columns):
            raise DataError(f'{len(cells)} columns instead of {len(columns)} separated by "{separator}"', path, number)
        rows.append(cells)
        lines.append(number)
    table = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String()), orient="row")
    return table.with_columns(pl.Series(LINE, lines, dtype=pl.UInt32))


def _latin1_lines(path: Path) -> list[str]:
    # Not splitlines(): Latin-1 text may hold a "next line" character, which editors do not count as a line end.
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("latin-1").replace("\r\n", "\n").split("\n")


def _dat_movies(path: Path) -> pl.DataFrame:
    movies = _dat_text(path, ["movie_id", "title", "genres"])
    return _with_numeric_ids(movies, path, 0).with_columns(parse_names(movies["genres"]).alias("genres"))


def _items(path: Path, genres: list[str]) -> pl.DataFrame:
    columns = ["movie_id", "title", "release_date", "video date", "address", *genres]
    items = _with_numeric_ids(_dat_text(path, columns, "|"), path, 0)
    flags = items.select(genres).rows()
    names = [[name for name, flag in zip(genres, row, strict=True) if flag.strip() == "1"] for row in flags]
    return items.select("movie_id", "title", LINE).with_columns(
        parse_names(pl.Series(names, dtype=pl.List(pl.String))).alias("genres"),
        items["release_date"].str.to_date("%d-%b-%Y", strict=False),
    )


def _genre_names(path: Path) -> list[str]:
    if not path.exists():
        return list(_GENRES_100K)
    return [line.split("|")[0] for line in _latin1_lines(path) if line.strip()]


def _csv_movies(path: Path, links: Path) -> pl.DataFrame:
    table = read_text(path)
    require_columns(table.columns, ("movieId", "title", "genres"), path)
    movies = table.rename({"movieId": "movie_id"}).select("movie_id", "title", "genres", LINE)
    movies = _with_numeric_ids(movies, path, 1, "movieId").with_columns(parse_names(movies["genres"]).alias("genres"))
    return (
        movies if not links.exists() else movies.join(_links(links), on="movie_id", how="left", maintain_order="left")
    )


def _links(path: Path) -> pl.DataFrame:
    """Ids of other sites: movie_id, imdb_id as "tt0114709", tmdb_id."""
    table = read_text(path)
    require_columns(table.columns, ("movieId", "imdbId", "tmdbId"), path)
    links = _with_numeric_ids(table.rename({"movieId": "movie_id"}), path, 1, "movieId").unique(
        "movie_id", keep="first"
    )
    imdb = pl.format("tt{}", pl.col("imdbId").str.zfill(7))
    return links.select("movie_id", imdb.alias("imdb_id"), pl.col("tmdbId").alias("tmdb_id"))


def _with_numeric_ids(table: pl.DataFrame, path: Path, header_rows: int, file_name: str | None = None) -> pl.DataFrame:
    return table.with_columns(parse_whole_ids(table, "movie_id", path, header_rows, file_name))


def _users(path: Path, separator: str, columns: list[str]) -> tuple[pl.DataFrame, list[DataIssue]]:
    return check_users(_dat_text(path, columns, separator), path)
