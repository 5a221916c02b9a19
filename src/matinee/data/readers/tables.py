"""What a reader returns before anything is checked, and what checking it may find."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl


@dataclass(frozen=True)
class DataIssue:
    """Something odd in the files that reading could repair: what, where, how often, and what was done."""

    kind: str  # e.g. "duplicate ratings"
    message: str  # one sentence: what was found and what was done about it
    path: Path
    count: int = 1
    row: int | None = None  # of the first case, counted from 1 as an editor counts lines
    column: str | None = None
    severity: Literal["note", "warning"] = "warning"


@dataclass(frozen=True)
class Tables:
    """The raw tables of one dataset, columns already renamed to Matinee's words.

    `ratings` has `user_id`, `movie_id` and where known `rating` and `timestamp`, in file order;
    `movies` (None where the files bring no catalogue) `movie_id`, `title` and any other known column,
    `genres` as a list of names; `users` `user_id` and any other known column.
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
