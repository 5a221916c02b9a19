"""The table of data formats: recognising the format of a folder or file by its contents, and reading it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matinee.data.dataset import Dataset
from matinee.data.readers import movielens, plain_folder, recbole, tmdb
from matinee.data.readers.cache import read_through
from matinee.data.readers.checks import build_dataset
from matinee.data.readers.tables import DataIssue, Tables
from matinee.errors import DataError

_MAX_NAMES = 6


@dataclass(frozen=True)
class DataFormat:
    """The recognition and the reader of a data format."""

    name: str
    expected: str  # its files, for error messages
    find: Callable[[Path], Path | None]  # for a folder or file: the path to read, None for another format
    read: Callable[[Path], Tables]
    folder_files: tuple[str, ...] = ()  # files that stand for the folder they are in


# In the order in which they are tried.
FORMATS = (
    DataFormat("movielens-100k", "MovieLens (u.data)", movielens.find_100k, movielens.read_100k, ("u.data",)),
    DataFormat("movielens-dat", "MovieLens (ratings.dat)", movielens.find_dat, movielens.read_dat, ("ratings.dat",)),
    DataFormat("movielens-csv", "MovieLens (ratings.csv)", movielens.find_csv, movielens.read_csv),
    DataFormat(
        "plain",
        "a plain folder (ratings.csv or .parquet with user_id and movie_id)",
        plain_folder.find_plain_folder,
        plain_folder.read_plain_folder,
        plain_folder.RATINGS_FILES,
    ),
    DataFormat("recbole", "RecBole (*.inter)", recbole.find_recbole, recbole.read_recbole),
    DataFormat(
        "tmdb",
        "a TMDB catalogue (a .csv with id, title and genre_ids or genres)",
        tmdb.find_catalogue,
        tmdb.read_tmdb,
    ),
)
_EXPECTED = ", ".join(data_format.expected for data_format in FORMATS[:-1]) + f" or {FORMATS[-1].expected}"
_FOLDER_FILES = {file for data_format in FORMATS for file in data_format.folder_files}


def read_dataset(path: Path | str) -> tuple[Dataset, list[DataIssue]]:
    """Read the data at `path`, with a list of the issues that were repaired. Large data is cached for the next time.

    Raises `DataError` (the file, and if it helps the row and column) if the format is unknown or the data cannot be
    used, and `ConfigError` if the `matinee.toml` beside it is wrong.
    """
    name, source = locate(path)
    read = next(data_format.read for data_format in FORMATS if data_format.name == name)
    try:
        return read_through(source, lambda: build_dataset(read(source)))
    except OSError as error:
        raise DataError(f"cannot be opened ({error.strerror})", error.filename or source) from error


def detect_format(path: Path | str) -> str:
    """The name of the format at `path`. Raises `DataError` if it is unknown."""
    return locate(path)[0]


def locate(path: Path | str) -> tuple[str, Path]:
    """The format's name and the path to read: `path`, or the only data folder inside it.

    Raises `DataError` with the contents of `path` and the known formats.
    """
    original = Path(path)
    resolved = original.resolve()  # so that "." has a name too
    if resolved.is_file():
        match = _find(resolved.parent if resolved.name in _FOLDER_FILES else resolved)
    elif resolved.is_dir():
        match = _find(resolved) or _find_in_subfolders(resolved)
    else:
        raise DataError(f"no such file or folder; expected {_EXPECTED}", original)
    if match is None:
        raise DataError(f"{_contents(resolved)}; expected {_EXPECTED}", original)
    return match


def _find(path: Path) -> tuple[str, Path] | None:
    for data_format in FORMATS:
        source = data_format.find(path)
        if source is not None:
            return data_format.name, source
    return None


def _find_in_subfolders(folder: Path) -> tuple[str, Path] | None:
    matches = [match for path in sorted(folder.iterdir()) if path.is_dir() and (match := _find(path)) is not None]
    if len(matches) > 1:
        names = ", ".join(source.relative_to(folder).parts[0] for _, source in matches)
        raise DataError(f"several datasets are here ({names}). Give the path of one of them.", folder)
    return matches[0] if matches else None


def _contents(path: Path) -> str:
    if path.is_file():
        return "not a known data file"
    names = sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in path.iterdir())
    if not names:
        return "the folder is empty"
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return f"no known data in the folder: {', '.join(names[:_MAX_NAMES])}{more}"
