"""The issues that a diary may have, each with one rule for its treatment."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from matinee.data.readers.tables import DataIssue

# Kind -> severity and sentence. docs/diaries.md has a row for each.
SENTENCES: dict[str, tuple[Literal["note", "warning"], str]] = {
    "byte-order mark": ("note", "the file starts with a byte-order mark, which was skipped"),
    "another encoding": ("warning", "the file is not UTF-8; it was read as Windows-1252, as Excel writes it"),
    "another separator": ("note", "the columns are separated by {first}, not by commas"),
    "scale inferred": ("note", "the highest rating is {first:g}, so the scale is taken to end at {scale:g}"),
    "unreadable ratings": ("warning", "{count} ratings cannot be read, first {first!r}; these movies have no rating"),
    "zero ratings": ("note", "{count} ratings are 0, which means no rating; these movies have no rating"),
    "unreadable dates": ("warning", "{count} dates cannot be read, first {first!r}; these movies have no date"),
    "impossible dates": (
        "warning",
        "{count} dates are in the future or before 1970, first {first!r}; these movies have no date",
    ),
    "unreadable years": ("warning", "{count} years cannot be read, first {first!r}; these movies have no year"),
    "unreadable ids": ("warning", "{count} ids cannot be read, first {first!r}; they were ignored"),
    "which list": ("warning", "the kind of list is not clear; its {count} movies count as {first}"),
    "repeated movies": ("note", "{count} rows repeat a movie; the last viewing and the last rating count"),
    "lost titles": (
        "warning",
        "{count} rows have no title because the site deleted the movie; they were set aside",
    ),
    "not movies": ("note", "{count} rows are not movies ({first}); they were set aside"),
    "files left out": ("note", "{count} files do not list movies seen, rated, liked or on a watchlist: {first}"),
}


def create_issue(kind: str, path: Path, count: int = 1, row: int | None = None, **facts: object) -> DataIssue:
    """The issue of that kind, its sentence filled with `count` and `facts`."""
    severity, sentence = SENTENCES[kind]
    return DataIssue(kind, sentence.format(count=count, **facts), path, count, row, severity=severity)


def count_kinds(kinds: Iterable[str]) -> str:
    """`["episode", "series", "episode"]` -> `"2 episodes, 1 series"`, the most frequent first."""
    counts = Counter(kinds).most_common()
    return ", ".join(f"{n:,} {kind}{'s' if n > 1 and kind != 'series' else ''}" for kind, n in counts)
