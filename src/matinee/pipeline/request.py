"""A request: for which history, which movies, and how varied the list is."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from matinee.arrays import MovieRows
from matinee.data.histories import Histories
from matinee.errors import ConfigError
from matinee.pipeline.filters import Filters

Watchlist = Literal["allow", "only", "leave-out"]


def no_rows() -> MovieRows:
    """An array of no movies."""
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Request:
    """A request for one list. Nothing of it is stored.

    `diversity` ranges from 0 (the best movies) to 1 (the least similar movies). `exploration` is 0 or more and sets how
    far chance, decided by `seed`, may move a movie; at 1 a movie is drawn as its rank suggests. Raises `ConfigError`
    for invalid values.
    """

    history: Histories  # exactly one
    k: int = 10
    filters: Filters = field(default_factory=Filters)
    not_interested: MovieRows = field(default_factory=no_rows)  # hidden; similar movies rank lower
    watchlist: MovieRows = field(default_factory=no_rows)
    from_watchlist: Watchlist = "allow"
    diversity: float = 0.0
    exploration: float = 0.0
    seed: int = 0
    include_seen: bool = False  # movies of the history may be on the list

    def __post_init__(self) -> None:
        """Check the values."""
        if len(self.history) != 1:
            raise ConfigError(f"A request takes one history, not {len(self.history)}.")
        if self.k < 1:
            raise ConfigError(f"k={self.k} movies cannot be listed. Use 1 or more.")
        if not 0 <= self.diversity <= 1:
            raise ConfigError(f"diversity={self.diversity:g} is out of range. Use a number from 0 to 1.")
        if not 0 <= self.exploration < float("inf"):
            raise ConfigError(f"exploration={self.exploration:g} is out of range. Use 0 or more.")
