"""Which format a folder or file is in, by what is in it, and reading it."""

from collections.abc import Callable
from pathlib import Path

from matinee.data.dataset import Dataset
from matinee.data.readers.cache import read_through
from matinee.data.readers.checks import build_dataset
from matinee.data.readers.column_map import FILE_NAME
from matinee.data.readers.delimited import read_header
from matinee.data.readers.movielens import read_100k, read_csv, read_dat
from matinee.data.readers.plain_folder import PARTS, is_plain_folder, read_plain_folder
from matinee.data.readers.recbole import inter_file, read_recbole
from matinee.data.readers.tables import DataIssue, Tables
from matinee.data.readers.tmdb import looks_like_tmdb, read_tmdb
from matinee.errors import DataError

_EXPECTED = (
    "MovieLens (u.data, ratings.dat or ratings.csv), RecBole (*.inter), a TMDB catalogue (a .csv with id, "
    "title and genre_ids or genres), or the plain folder (ratings.csv or .parquet with user_id and movie_id)"
)
# Files that stand for the folder they are in.
_RATINGS_FILES = {"u.data", "ratings.dat"} | {
    f"{name}{suffix}" for name in ("ratings", *PARTS) for suffix in (".csv", ".parquet")
}
_FEW = 6

_READERS: dict[str, Callable[[Path], Tables]] = {
    "movielens-100k": read_100k,
    "movielens-dat": read_dat,
    "movielens-csv": read_csv,
    "recbole": read_recbole,
    "tmdb": read_tmdb,
    "plain": read_plain_folder,
}


def read_dataset(path: Path | str) -> tuple[Dataset, list[DataIssue]]:
    """Read whatever is at `path`, with a list of what had to be repaired. What is large is kept for the next time.

    Raises `DataError` (the file, and where it helps the row and column) if it is of no known format or
    cannot be used, and `ConfigError` if the `matinee.toml` beside it is wrong.
    """
    name, place = locate(path)
    try:
        return read_through(place, lambda: build_dataset(_READERS[name](place)))
    except OSError as error:
        raise DataError(f"cannot be opened ({error.strerror})", error.filename or place) from error


def detect_format(path: Path | str) -> str:
    """The name of the format at `path`, as `read_dataset` would read it. Raises `DataError` if it is none."""
    return locate(path)[0]


def locate(path: Path | str) -> tuple[str, Path]:
    """The format's name and the file or folder that is in it: `path`, or the one folder inside that is.

    Raises `DataError` naming what was found and the formats expected.
    """
    given = Path(path)
    place = given.resolve()  # "." has a name too
    if place.is_file():
        found = _of_file(place)
    elif place.is_dir():
        found = _of_folder(place) or _of_only_folder_inside(place)
    else:
        raise DataError(f"no such file or folder; expected {_EXPECTED}", given)
    if found is None:
        raise DataError(f"{_contents(place)}; expected {_EXPECTED}", given)
    return found


def _of_file(file: Path) -> tuple[str, Path] | None:
    if file.suffix == ".inter":
        return "recbole", file
    if file.name in _RATINGS_FILES:
        return _of_folder(file.parent)
    if file.suffix == ".csv" and looks_like_tmdb(read_header(file)):
        return "tmdb", file
    return None


def _of_folder(folder: Path) -> tuple[str, Path] | None:
    if (folder / "u.data").is_file():
        return "movielens-100k", folder
    if (folder / "ratings.dat").is_file():
        return "movielens-dat", folder
    if _is_movielens_csv(folder):
        return "movielens-csv", folder
    if is_plain_folder(folder):
        return "plain", folder
    inter = inter_file(folder)
    if inter is not None:
        return "recbole", inter
    catalogues = [file for file in sorted(folder.glob("*.csv")) if _is_catalogue(file)]
    return ("tmdb", catalogues[0]) if len(catalogues) == 1 else None


def _is_movielens_csv(folder: Path) -> bool:
    ratings = folder / "ratings.csv"
    if not ratings.is_file() or (folder / FILE_NAME).exists():  # the map makes it a plain folder
        return False
    return {"userId", "movieId"} <= set(read_header(ratings))


def _is_catalogue(file: Path) -> bool:
    try:
        return looks_like_tmdb(read_header(file))
    except DataError:  # a stray file that is no table does not matter
        return False


def _of_only_folder_inside(folder: Path) -> tuple[str, Path] | None:
    inside = [_of_folder(one) for one in sorted(folder.iterdir()) if one.is_dir()]
    known = [found for found in inside if found is not None]
    if len(known) > 1:
        places = ", ".join(place.relative_to(folder).parts[0] for _, place in known)
        raise DataError(f"several datasets are here ({places}); expected the path of one of them", folder)
    return known[0] if known else None


def _contents(place: Path) -> str:
    if place.is_file():
        return "not a data file that is known"
    names = sorted(f"{one.name}/" if one.is_dir() else one.name for one in place.iterdir())
    if not names:
        return "the folder is empty"
    few = ", ".join(names[:_FEW]) + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
    return f"nothing in the folder is known: {few}"
