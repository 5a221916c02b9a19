"""The raw tables that a reader returns before the checks, and the issues of the checks."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl


@dataclass(frozen=True)
class DataIssue:
    """A problem in the files that was repaired: its kind, location, count and treatment."""

    kind: str  # e.g. "duplicate ratings"
    message: str  # one sentence: the problem and its treatment
    path: Path
    count: int = 1
    row: int | None = None  # of the first case, counted from 1
    column: str | None = None
    severity: Literal["note", "warning"] = "warning"


@dataclass(frozen=True)
class Tables:
    """The raw tables of one dataset, columns already renamed to Matinee's words.

    `ratings` has `user_id`, `movie_id` and optionally `rating` and `timestamp`, in file order; `movies` (None without a
    catalogue) `movie_id`, `title` and any other known column, `genres` as a list of names; `users` `user_id` and any
    other known column.
    """

    name: str
    ratings: pl.DataFrame
    movies: pl.DataFrame | None
    users: pl.DataFrame | None
    ratings_path: Path
    movies_path: Path | None = None
    header_rows: int = 0  # lines above the first rating: row i of `ratings` is line i + 1 + header_rows
    scale: tuple[float, float] = (0.5, 5.0)
    posters: Path | None = None
    issues: list[DataIssue] = field(default_factory=list[DataIssue])
