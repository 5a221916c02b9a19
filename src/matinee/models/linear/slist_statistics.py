"""X'X and X'Y of `slist`, summed up without building X.

X has a row per rating and some 60 entries per row. But two positions of a history that are d steps apart add a
geometric series, over all later targets whose windows hold both. It has a closed form, so each (older, newer) pair adds
one number, and X'X costs ratings x window instead of ratings x window^2. Sums are over users, so the histories of some
users can be added and subtracted again.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from matinee.arrays import Indices, Mask, Scores
from matinee.data.histories import Histories
from matinee.progress import track

_BLOCK_ENTRIES = 1 << 20  # ratings in a block


MatrixEntries = tuple[Indices, Indices, Scores]  # rows, columns, values


@dataclass(frozen=True)
class DecayWindow:
    """A decaying window of a history: the movie `age` steps back has weight scale * rate^age, up to `window` movies."""

    rate: float
    window: int
    scale: float


def add_sums(
    gram: Scores, cross: Scores, histories: Histories, windows: tuple[DecayWindow, DecayWindow], sign: int = 1
) -> None:
    """Add these histories, whose movies are positions, to the sums of the first h; with -1 subtract them.

    The sums are the lower triangle of `gram`, X'X (2h, 2h), with the short window first, and `cross`, X'Y transposed
    (h, 2h).
    """
    h = len(cross)

    def add_to(sums: Scores, entries: Iterator[MatrixEntries]) -> None:
        for rows, columns, values in entries:
            np.add.at(sums.ravel(), rows * (2 * h) + columns, sign * values)

    with ThreadPoolExecutor(3) as threads:  # each sum is written by one thread only, so the result is deterministic
        for part in history_blocks(histories):
            transposed_entries = ((columns, rows, values) for rows, columns, values in cross_entries(part, windows, h))
            jobs = [
                threads.submit(add_to, gram, gram_entries(part, windows, h, between=False)),
                threads.submit(add_to, gram, gram_entries(part, windows, h, between=True)),
                threads.submit(add_to, cross, transposed_entries),
            ]
            for job in jobs:
                job.result()


def history_blocks(histories: Histories) -> Iterator[Histories]:
    """Yield the histories in blocks of about `_BLOCK_ENTRIES` ratings, with progress."""
    for start, stop in track(histories.spans(_BLOCK_ENTRIES), "accumulating pairs"):
        yield histories.block(start, stop)


def gram_entries(
    histories: Histories, windows: tuple[DecayWindow, DecayWindow], h: int, between: bool | None = None
) -> Iterator[MatrixEntries]:
    """Yield entries (row, column, value) whose sum is the lower triangle of X'X (2h, 2h), the short window first.

    If `between` is true, only those of the long window with the short one; if false, only those of each with itself.

    A pair of positions `lag` apart is in the window of each target after the newer one, until the older one leaves its
    window or the history ends. At age a of the newer one the pair adds (rate rate')^a times the constant of the lag: a
    geometric series in a. Movies from h on take up positions in time and add nothing.
    """
    short, long = windows
    later_targets = histories.age  # targets after each position
    entries = _HeadEntries.of(histories, h)
    for row_window, column_window, row_base, column_base in (
        (short, short, 0, 0),
        (long, long, h, h),
        (long, short, h, 0),
    ):
        same = row_window is column_window
        if between is same:
            continue
        for lag in range(0 if same else 1 - column_window.window, row_window.window):
            # lag > 0: the movie of the row window is the older one; lag < 0: that of the column window.
            newer, older = entries.positions(abs(lag))
            in_row, in_column = (older, newer) if lag >= 0 else (newer, older)
            values = geometric_sums(row_window, column_window, lag)[
                np.minimum(later_targets[newer], count_terms(row_window, column_window, lag))
            ]
            rows, columns = row_base + entries.movies[in_row], column_base + entries.movies[in_column]
            if same and lag > 0:  # the mirrored pair belongs to this block too; only the lower triangle is kept
                rows, columns = np.maximum(rows, columns), np.minimum(rows, columns)
                values = np.where(rows == columns, 2 * values, values)
            yield rows, columns, values


def cross_entries(histories: Histories, windows: tuple[DecayWindow, DecayWindow], h: int) -> Iterator[MatrixEntries]:
    """Yield entries (row, column, value) whose sum is X'Y (2h, h): each movie `lag` steps before a target."""
    entries = _HeadEntries.of(histories, h)
    for base, window in ((0, windows[0]), (h, windows[1])):
        for lag in range(1, window.window + 1):
            target, source = entries.positions(lag)
            weight = np.full(len(target), window.scale * window.rate ** (lag - 1), dtype=np.float32)
            yield base + entries.movies[source], entries.movies[target], weight


@dataclass(frozen=True, eq=False)
class _HeadEntries:
    """All entries of histories, and which of them are movies of the head."""

    movies: Indices  # (entries,) positions in the popularity order
    position: Indices  # (entries,) position in the history, from 0 for the oldest
    inside: Mask  # (entries,) in the head

    @classmethod
    def of(cls, histories: Histories, h: int) -> "_HeadEntries":
        position = np.arange(len(histories.movies)) - np.repeat(histories.offsets[:-1], histories.lengths)
        return cls(histories.movies.astype(np.int64), position, histories.movies < h)

    def positions(self, lag: int) -> tuple[Indices, Indices]:
        """Return head entries with another one `lag` steps before them in the same history, and those others."""
        n = len(self.movies)
        both = self.inside[lag:] & self.inside[: max(n - lag, 0)]
        older = np.flatnonzero(both & (self.position[lag:] >= lag))
        return older + lag, older


def count_terms(row_window: DecayWindow, column_window: DecayWindow, lag: int) -> int:
    """Count the ages of the newer movie at which both movies are inside their windows."""
    return min(row_window.window - max(lag, 0), column_window.window + min(lag, 0))


def geometric_sums(row_window: DecayWindow, column_window: DecayWindow, lag: int) -> Scores:
    """Return sums whose entry m is the product of both weights over the first m ages of the newer movie."""
    older_rate = row_window.rate if lag >= 0 else column_window.rate
    ratio = row_window.rate * column_window.rate
    constant = row_window.scale * column_window.scale * older_rate ** abs(lag)
    sums = np.cumsum(constant * ratio ** np.arange(count_terms(row_window, column_window, lag)))
    return np.concatenate([[0], sums]).astype(np.float32)
