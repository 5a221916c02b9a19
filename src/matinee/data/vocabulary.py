"""The mapping between external ids and internal rows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.arrays import Ids, MovieRows

Id = int | str


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A list of distinct external ids, all integers or all strings; the position of an id is its row."""

    ids: Ids  # (n,) int64 or unicode

    def __post_init__(self):
        if self.ids.dtype.kind == "O":  # text from a table
            object.__setattr__(self, "ids", self.ids.astype(str))

    @classmethod
    def of(cls, ids: npt.ArrayLike) -> "Vocabulary":
        """The distinct ids, in ascending order."""
        return cls(np.unique(np.asarray(ids)))

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: npt.ArrayLike) -> MovieRows:
        """The row of each id, -1 for an unknown id: (n,) -> (n,) int32."""
        values = np.asarray(ids)
        if not len(self):
            return np.full(values.shape, -1, dtype=np.int32)
        if values.dtype.kind != self.ids.dtype.kind:
            values = self._same_kind(values)
        position = np.searchsorted(self._sorted_ids, values)
        row = self._sort_order[np.minimum(position, len(self) - 1)]
        return np.where(self.ids[row] == values, row, -1).astype(np.int32)

    def row(self, external_id: Id) -> int:
        """The row of an id, -1 if it is unknown."""
        return int(self.rows([external_id])[0])

    @cached_property
    def _sort_order(self) -> npt.NDArray[np.int64]:
        return np.argsort(self.ids, kind="stable")

    @cached_property
    def _sorted_ids(self) -> Ids:
        return self.ids[self._sort_order]

    def _same_kind(self, values: Ids) -> Ids:
        # "12" typed on a command line matches the integer 12; "twelve" matches no id. Negative integers do not
        # occur as ids, so the smallest int64 represents text that is not a number.
        if self.ids.dtype.kind == "U":
            return values.astype(str)
        missing = np.iinfo(np.int64).min
        return np.array([_integer(value, missing) for value in values.ravel()], dtype=np.int64).reshape(values.shape)


def _integer(value: Any, default: int) -> int:
    # As in reading files, "12" is the number 12, but "012", "1_2" and 12.5 are not numbers.
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return default
    same = str(number) == value if isinstance(value, str) else number == value
    return number if same and abs(number) < 2**63 else default
