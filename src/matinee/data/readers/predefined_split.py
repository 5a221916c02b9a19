"""A folder that brings its own split, as published benchmarks do."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matinee.data.dataset import Dataset
from matinee.data.readers.checks import build_dataset
from matinee.data.readers.formats import locate
from matinee.data.readers.plain_folder import PART, read_parts
from matinee.data.readers.rating_checks import kept_of_repeated
from matinee.data.readers.tables import DataIssue, Tables
from matinee.errors import DataError


@dataclass(frozen=True, eq=False)
class PredefinedSplit:
    """All ratings of the folder as one dataset, and which part each one is in."""

    dataset: Dataset
    part: npt.NDArray[np.uint8]  # (ratings,) TRAIN, VALIDATION or TEST of data.splits, aligned with dataset.ratings
    findings: list[DataIssue]


def read_predefined_split(path: Path | str) -> PredefinedSplit:
    """Read `ratings_train`, `ratings_test` and, where there, `ratings_validation` of a plain folder.

    A rating that is in several parts counts once, in the part with its latest timestamp, or without
    timestamps in the latest part; so nothing that is tested was trained on. Raises `DataError` for a folder
    without its own split, and whatever `read_dataset` raises.
    """
    name, folder = locate(path)
    if name != "plain":
        raise DataError(f"the format {name} brings no split; expected ratings_train and ratings_test", Path(path))
    tables = read_parts(folder)
    dataset, findings = build_dataset(tables)
    return PredefinedSplit(dataset, _aligned_parts(tables, dataset), findings)


def _aligned_parts(tables: Tables, dataset: Dataset) -> npt.NDArray[np.uint8]:
    read, ratings = tables.ratings, dataset.ratings
    user = dataset.user_ids.rows(read["user_id"].to_numpy())
    movie = dataset.movie_ids.rows(read["movie_id"].to_numpy())
    timestamp = read["timestamp"].to_numpy() if "timestamp" in read.columns else None
    kept = kept_of_repeated(user, movie, timestamp)
    # What is kept has each pair of user and movie once: the pair finds the rating wherever ordering put it.
    pair = (user.astype(np.int64) * dataset.n_movies + movie)[kept]
    wanted = ratings.user.astype(np.int64) * dataset.n_movies + ratings.movie
    order = np.argsort(pair)
    return read[PART].to_numpy()[kept][order[np.searchsorted(pair, wanted, sorter=order)]]
