"""Attributes of users as codes: gender, age and occupation."""

import json
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.arrays import Indices

COLUMNS = ("gender", "age", "occupation")
UNKNOWN = 0

# The lowest age of each band of MovieLens 1M, which is also its code for the band; 1 is "under 18".
AGE_BANDS = np.array([1, 18, 25, 35, 45, 50, 56])
_MAX_CATEGORIES = 20  # more distinct whole numbers are ages in years


@dataclass(frozen=True)
class UserVocabulary:
    """The values of gender, age and occupation, numbered from 1 in ascending order; 0 is unknown.

    Ages are categories, as in MovieLens 1M. True ages (more than 20 different whole numbers, as in MovieLens 100K) are
    mapped to the bands of MovieLens 1M. So are ages that are these bands already: that changes none of them, and a new
    user may be "30".
    """

    values: tuple[tuple[str, ...], ...]  # per column of COLUMNS
    banded: bool  # ages are mapped to AGE_BANDS

    @classmethod
    def of(cls, users: pl.DataFrame | None) -> Self:
        """Collect the values of a table of users. Columns may be missing and of any type."""
        texts = {name: _texts(users, name) for name in COLUMNS}
        banded = _are_years_or_bands(texts["age"].drop_nulls())
        if banded:
            texts["age"] = _bands(texts["age"])
        values = (sorted(texts[name].drop_nulls().unique().to_list(), key=_numbers_first) for name in COLUMNS)
        return cls(tuple(tuple(column) for column in values), banded)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """The number of codes of gender, age and occupation, with the code for unknown."""
        gender, age, occupation = (len(column) + 1 for column in self.values)
        return gender, age, occupation

    def encode(self, users: pl.DataFrame | None, n: int) -> Indices:
        """Return codes of gender, age and occupation of `n` users: (n, 3) int64.

        Code 0 stands for a missing table, column or value, and for values that are not in the vocabulary.
        """
        codes = np.full((n, len(COLUMNS)), UNKNOWN, dtype=np.int64)
        if users is None:
            return codes
        for column, (name, values) in enumerate(zip(COLUMNS, self.values, strict=True)):
            texts = _texts(users, name)
            if name == "age" and self.banded:
                texts = _bands(texts)
            numbers = range(UNKNOWN + 1, len(values) + 1)
            column_codes = texts.replace_strict(values, numbers, default=UNKNOWN, return_dtype=pl.Int64)
            codes[:, column] = column_codes.to_numpy()
        return codes

    def to_array(self) -> npt.NDArray[np.uint8]:
        """Return JSON in an array of bytes, for a model's state."""
        text = json.dumps({"banded": self.banded, **dict(zip(COLUMNS, self.values, strict=True))})
        return np.frombuffer(text.encode(), dtype=np.uint8).copy()

    @classmethod
    def from_array(cls, array: npt.NDArray[np.uint8]) -> Self:
        """Read an array of `to_array`. Raises `ValueError` or `KeyError` for anything else."""
        content = json.loads(array.tobytes().decode())
        return cls(tuple(tuple(map(str, content[name])) for name in COLUMNS), bool(content["banded"]))


def _texts(users: pl.DataFrame | None, name: str) -> pl.Series:
    """Return a column as text, so that 25, 25.0 and " 25" are one value; null if missing."""
    if users is None:
        return pl.Series(name, [], dtype=pl.String)
    if name not in users.columns or users[name].dtype.is_nested() or users[name].dtype == pl.Object:
        return pl.Series(name, [None] * len(users), dtype=pl.String)
    column = users[name]
    if column.dtype.is_float():
        column = column.fill_nan(None)
    texts = column.cast(pl.String).str.strip_chars().str.replace(r"^(\d+)\.0+$", "$1")
    return texts.set(texts == "", None)


def _whole(texts: pl.Series) -> pl.Series:
    return texts.cast(pl.Int64, strict=False)


def _are_years_or_bands(ages: pl.Series) -> bool:
    years = _whole(ages).unique()
    if years.drop_nulls().len() > _MAX_CATEGORIES:
        return True
    return len(ages) > 0 and years.is_in(AGE_BANDS.tolist()).fill_null(False).all()


def _bands(ages: pl.Series) -> pl.Series:
    """Return the band of each age in years, as text; null for an invalid age."""
    years = _whole(ages)
    band = np.searchsorted(AGE_BANDS, years.fill_null(0).to_numpy(), side="right") - 1  # -1 below the first
    return pl.Series(ages.name, AGE_BANDS[band]).cast(pl.String).set(pl.Series(band < 0), None)


def _numbers_first(text: str) -> tuple[bool, int, str]:
    """Sort key with "9" before "10", and both before "artist"."""
    is_number = text.isdecimal()
    return not is_number, len(text) if is_number else 0, text
