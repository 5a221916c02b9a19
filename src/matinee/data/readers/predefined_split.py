"""Reading a folder with a predefined split, as published benchmarks have."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matinee.data.dataset import Dataset
from matinee.data.readers.checks import build_dataset
from matinee.data.readers.formats import locate
from matinee.data.readers.plain_folder import PART, read_parts
from matinee.data.readers.rating_checks import last_of_duplicates
from matinee.data.readers.tables import DataIssue, Tables
from matinee.errors import DataError


@dataclass(frozen=True, eq=False)
class PredefinedSplit:
    """All ratings of the folder as one dataset, and the part of each rating."""

    dataset: Dataset
    part: npt.NDArray[np.uint8]  # (ratings,) TRAIN, VALIDATION or TEST of data.splits, aligned with dataset.ratings
    issues: list[DataIssue]


def read_predefined_split(path: Path | str) -> PredefinedSplit:
    """Read `ratings_train`, `ratings_test` and, if present, `ratings_validation` of a plain folder.

    A rating in several parts counts once, in the part with its latest timestamp, or without timestamps in the last
    part, so no tested rating is trained on. Raises `DataError` for a folder without a split, and the errors of
    `read_dataset`.
    """
    name, folder = locate(path)
    if name != "plain":
        raise DataError(
            f"the format {name} has no predefined split. It needs ratings_train and ratings_test files.", Path(path)
        )
    tables = read_parts(folder)
    dataset, issues = build_dataset(tables)
    return PredefinedSplit(dataset, _aligned_parts(tables, dataset), issues)


def _aligned_parts(tables: Tables, dataset: Dataset) -> npt.NDArray[np.uint8]:
    read, ratings = tables.ratings, dataset.ratings
    user = dataset.user_ids.rows(read["user_id"].to_numpy())
    movie = dataset.movie_ids.rows(read["movie_id"].to_numpy())
    timestamp = read["timestamp"].to_numpy() if "timestamp" in read.columns else None
    keep = last_of_duplicates(user, movie, timestamp)
    # Each pair of user and movie is kept once, so the pair identifies the rating in any order.
    pair = (user.astype(np.int64) * dataset.n_movies + movie)[keep]
    dataset_pair = ratings.user.astype(np.int64) * dataset.n_movies + ratings.movie
    order = np.argsort(pair)
    return read[PART].to_numpy()[keep][order[np.searchsorted(pair, dataset_pair, sorter=order)]]
