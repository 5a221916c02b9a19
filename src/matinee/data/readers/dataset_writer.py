"""Writing a dataset as a plain folder."""

import shutil
import tempfile
from pathlib import Path

import polars as pl

from matinee.data.dataset import Dataset
from matinee.data.files import write_parquet, write_text
from matinee.data.readers.column_map import FILE_NAME
from matinee.errors import DataError


def write_dataset(dataset: Dataset, folder: Path) -> None:
    """Write `ratings.parquet`, `movies.parquet` and `users.parquet` into a new `folder`, all or nothing.

    Lists of names are joined by `|`, as the format requires. Raises `DataError` if `folder` exists.
    """
    raise_if_exists(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
    try:
        write_parquet(temporary / "ratings.parquet", _ratings(dataset))
        write_parquet(temporary / "movies.parquet", _flat(dataset.movies))
        if dataset.users is not None:
            write_parquet(temporary / "users.parquet", _flat(dataset.users))
        low, high = dataset.scale
        write_text(temporary / FILE_NAME, f"scale = [{low:g}, {high:g}]\n")
        temporary.chmod(0o755)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def raise_if_exists(folder: Path) -> None:
    """Raise `DataError` if `folder` exists. Call it before long work whose result is written there."""
    if folder.exists():
        raise DataError("already exists. Choose a new folder.", folder)


def _ratings(dataset: Dataset) -> pl.DataFrame:
    ratings = dataset.ratings
    columns = {
        "user_id": dataset.user_ids.ids[ratings.user],
        "movie_id": dataset.movie_ids.ids[ratings.movie],
        "rating": ratings.rating,
        "timestamp": ratings.timestamp,
    }
    return pl.DataFrame({name: values for name, values in columns.items() if values is not None})


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(name).list.join("|") for name, kind in frame.schema.items() if isinstance(kind, pl.List)
    )
