"""Who a user is, as numbers: gender, age and occupation."""

import json
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.arrays import Indices

COLUMNS = ("gender", "age", "occupation")
UNKNOWN = 0

# The youngest of each age band of MovieLens 1M, which are also its codes for the bands; 1 is "under 18".
BANDS = np.array([1, 18, 25, 35, 45, 50, 56])
_MOST_CATEGORIES = 20  # more distinct whole numbers than these are ages in years


@dataclass(frozen=True)
class UserVocabulary:
    """The values that gender, age and occupation have, numbered from 1 in ascending order; 0 is unknown.

    Ages are categories as they come, as in MovieLens 1M. True ages (more than 20 different whole numbers, as in
    MovieLens 100K) are put into the bands of MovieLens 1M. So are ages that are these bands already: it changes
    none of them, and lets somebody new say "30".
    """

    values: tuple[tuple[str, ...], ...]  # of each of COLUMNS
    banded: bool  # whether ages are put into BANDS

    @classmethod
    def of(cls, users: pl.DataFrame | None) -> Self:
        """The values in a table of users, any of whose columns may be absent and of any type."""
        texts = {name: _texts(users, name) for name in COLUMNS}
        banded = _are_years_or_bands(texts["age"].drop_nulls())
        if banded:
            texts["age"] = _bands(texts["age"])
        values = (sorted(texts[name].drop_nulls().unique().to_list(), key=_numbers_first) for name in COLUMNS)
        return cls(tuple(tuple(one) for one in values), banded)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many codes gender, age and occupation have, with the one for unknown."""
        gender, age, occupation = (len(one) + 1 for one in self.values)
        return gender, age, occupation

    def encode(self, users: pl.DataFrame | None, n: int) -> Indices:
        """Codes of gender, age and occupation of `n` users: (n, 3) int64.

        Whatever is unknown is 0: no table, no such column, no value, or a value that was not there to be learned
        from. So everybody can be served.
        """
        codes = np.full((n, len(COLUMNS)), UNKNOWN, dtype=np.int64)
        if users is None:
            return codes
        for place, (name, values) in enumerate(zip(COLUMNS, self.values, strict=True)):
            texts = _texts(users, name)
            if name == "age" and self.banded:
                texts = _bands(texts)
            numbers = range(UNKNOWN + 1, len(values) + 1)
            known = texts.replace_strict(values, numbers, default=UNKNOWN, return_dtype=pl.Int64)
            codes[:, place] = known.to_numpy()
        return codes

    def to_array(self) -> npt.NDArray[np.uint8]:
        """As JSON in an array of bytes, which is how it goes into a model's state."""
        text = json.dumps({"banded": self.banded, **dict(zip(COLUMNS, self.values, strict=True))})
        return np.frombuffer(text.encode(), dtype=np.uint8).copy()

    @classmethod
    def from_array(cls, array: npt.NDArray[np.uint8]) -> Self:
        """What `to_array` gave. Raises `ValueError` or `KeyError` for anything else."""
        content = json.loads(array.tobytes().decode())
        return cls(tuple(tuple(map(str, content[name])) for name in COLUMNS), bool(content["banded"]))


def _texts(users: pl.DataFrame | None, name: str) -> pl.Series:
    """A column as text, so that 25, 25.0 and " 25" are one value; null for what is unknown."""
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
    if years.drop_nulls().len() > _MOST_CATEGORIES:
        return True
    return len(ages) > 0 and years.is_in(BANDS.tolist()).fill_null(False).all()


def _bands(ages: pl.Series) -> pl.Series:
    """The band of each age in years, as text; null for what is no age."""
    years = _whole(ages)
    band = np.searchsorted(BANDS, years.fill_null(0).to_numpy(), side="right") - 1  # -1 below the first
    return pl.Series(ages.name, BANDS[band]).cast(pl.String).set(pl.Series(band < 0), None)


def _numbers_first(text: str) -> tuple[bool, int, str]:
    """Sorts "9" before "10", and both before "artist"."""
    is_number = text.isdecimal()
    return not is_number, len(text) if is_number else 0, text
