"""What is asked for: whose list, of which movies, how varied."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from matinee.arrays import MovieRows
from matinee.data.histories import Histories
from matinee.errors import ConfigError
from matinee.pipeline.filters import Filters

Watchlist = Literal["allow", "only", "leave-out"]


def no_rows() -> MovieRows:
    """No movies."""
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Request:
    """One list for one person. Nothing of it is remembered: what is taken back has never been.

    `diversity` from 0 (the best movies) to 1 (as unlike each other as can be). `exploration` from 0 up: how far
    chance, decided by `seed`, may carry a movie; at 1 a movie is drawn as its rank suggests.
    """

    history: Histories  # exactly one
    k: int = 10
    filters: Filters = field(default_factory=Filters)
    not_interested: MovieRows = field(default_factory=no_rows)  # hidden, and their like pushed down
    watchlist: MovieRows = field(default_factory=no_rows)
    from_watchlist: Watchlist = "allow"
    diversity: float = 0.0
    exploration: float = 0.0
    seed: int = 0
    seen_too: bool = False  # whether movies of the history may be on the list

    def __post_init__(self) -> None:
        """Raise `ConfigError` for what cannot be meant."""
        if len(self.history) != 1:
            raise ConfigError(f"a request is for one history, and {len(self.history)} were given")
        if self.k < 1:
            raise ConfigError(f"k={self.k} movies were asked for; expected 1 or more")
        if not 0 <= self.diversity <= 1:
            raise ConfigError(f"diversity={self.diversity:g}; expected a number from 0 to 1")
        if not 0 <= self.exploration < float("inf"):
            raise ConfigError(f"exploration={self.exploration:g}; expected 0 or more")
