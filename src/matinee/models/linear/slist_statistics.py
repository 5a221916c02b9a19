"""X'X and X'Y of `slist`, summed up without building X.

X has a row per rating and some 60 entries a row. But positions of one history that are d steps apart add, over all
later targets that see both, a geometric series with a closed form: so each (older, newer) pair adds one number, and
X'X costs ratings x window instead of ratings x window^2. Sums are over people, so what some people add can be added
and taken off again.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matinee.arrays import Indices, Scores
from matinee.data.histories import Histories
from matinee.progress import track

_BLOCK_ENTRIES = 1 << 20  # ratings handled at a time while accumulating


Entries = tuple[Indices, Indices, Scores]  # rows, columns, values


@dataclass(frozen=True)
class DecayWindow:
    """One way of looking back: the movie `age` steps back weighs scale * rate^age, up to `window` movies."""

    rate: float
    window: int
    scale: float


def add_sums(
    gram: Scores, cross: Scores, histories: Histories, pasts: tuple[DecayWindow, DecayWindow], sign: int = 1
) -> None:
    """Add what these people, whose movies are places, say of the first h; with -1 take it off.

    To the lower triangle of `gram`, X'X (2h, 2h) with the short past first, and to `cross`, X'Y transposed (h, 2h).
    """
    h = len(cross)

    def add_to(sums: Scores, entries: Iterator[Entries]) -> None:
        for rows, columns, values in entries:
            np.add.at(sums.ravel(), rows * (2 * h) + columns, sign * values)

    with ThreadPoolExecutor(3) as threads:  # no number is added to from two of them, so sums do not depend on luck
        for part in parts(histories):
            pasts_and_targets = ((columns, rows, values) for rows, columns, values in cross_entries(part, pasts, h))
            jobs = [
                threads.submit(add_to, gram, gram_entries(part, pasts, h, between=False)),
                threads.submit(add_to, gram, gram_entries(part, pasts, h, between=True)),
                threads.submit(add_to, cross, pasts_and_targets),
            ]
            for job in jobs:
                job.result()


def parts(histories: Histories) -> Iterator[Histories]:
    """The histories in blocks of about `_BLOCK_ENTRIES` ratings, with progress."""
    for start, stop in track(histories.spans(_BLOCK_ENTRIES), "accumulating pairs"):
        yield histories.block(start, stop)


def gram_entries(
    histories: Histories, pasts: tuple[DecayWindow, DecayWindow], h: int, between: bool | None = None
) -> Iterator[Entries]:
    """Entries (row, column, value) whose sum is the lower triangle of X'X (2h, 2h), the short past first.

    With `between`, only those of the long past with the short one; where it is false, only those of each with itself.

    A pair of positions `lag` apart is seen together by each target after the newer one, until the older one
    leaves its window or the history ends. If the newer has age a then, it adds (rate rate')^a times the
    constant for the lag: a geometric series in a. Movies from h on keep their places in time and add nothing.
    """
    short, long = pasts
    later_targets = histories.age  # targets after each position
    known = _Known.of(histories, h)
    for row_past, column_past, row_base, column_base in (
        (short, short, 0, 0),
        (long, long, h, h),
        (long, short, h, 0),
    ):
        same = row_past is column_past
        if between is same:
            continue
        for lag in range(0 if same else 1 - column_past.window, row_past.window):
            # lag > 0: the movie seen through row_past is the older one; lag < 0: through column_past.
            newer, older = known.positions(abs(lag))
            in_row, in_column = (older, newer) if lag >= 0 else (newer, older)
            values = series(row_past, column_past, lag)[
                np.minimum(later_targets[newer], terms(row_past, column_past, lag))
            ]
            rows, columns = row_base + known.movies[in_row], column_base + known.movies[in_column]
            if same and lag > 0:  # the mirrored pair belongs to this block too; keep what is in the lower triangle
                rows, columns = np.maximum(rows, columns), np.minimum(rows, columns)
                values = np.where(rows == columns, 2 * values, values)
            yield rows, columns, values


def cross_entries(histories: Histories, pasts: tuple[DecayWindow, DecayWindow], h: int) -> Iterator[Entries]:
    """Entries (row, column, value) whose sum is X'Y (2h, h): each movie `lag` steps before a target."""
    known = _Known.of(histories, h)
    for base, past in ((0, pasts[0]), (h, pasts[1])):
        for lag in range(1, past.window + 1):
            target, source = known.positions(lag)
            weight = np.full(len(target), past.scale * past.rate ** (lag - 1), dtype=np.float32)
            yield base + known.movies[source], known.movies[target], weight


@dataclass(frozen=True, eq=False)
class _Known:
    """The entries of histories that have a movie below h."""

    movies: Indices  # (entries,)
    place: Indices  # (entries,) from 0, the oldest of its history
    inside: npt.NDArray[np.bool_]  # (entries,)

    @classmethod
    def of(cls, histories: Histories, h: int) -> "_Known":
        place = np.arange(len(histories.movies)) - np.repeat(histories.offsets[:-1], histories.lengths)
        return cls(histories.movies.astype(np.int64), place, histories.movies < h)

    def positions(self, lag: int) -> tuple[Indices, Indices]:
        """All such entries with another `lag` steps before them in the same history, and those others."""
        n = len(self.movies)
        both = self.inside[lag:] & self.inside[: max(n - lag, 0)]
        older = np.flatnonzero(both & (self.place[lag:] >= lag))
        return older + lag, older


def terms(row_past: DecayWindow, column_past: DecayWindow, lag: int) -> int:
    """How many ages of the newer movie leave both movies inside their windows."""
    return min(row_past.window - max(lag, 0), column_past.window + min(lag, 0))


def series(row_past: DecayWindow, column_past: DecayWindow, lag: int) -> Scores:
    """Entry m: the sum over the first m ages of the newer movie of the product of both weights."""
    older_rate = row_past.rate if lag >= 0 else column_past.rate
    ratio = row_past.rate * column_past.rate
    constant = row_past.scale * column_past.scale * older_rate ** abs(lag)
    sums = np.cumsum(constant * ratio ** np.arange(terms(row_past, column_past, lag)))
    return np.concatenate([[0], sums]).astype(np.float32)
