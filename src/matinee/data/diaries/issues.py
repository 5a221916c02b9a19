"""What may be odd in a diary, and what is done about it: one rule for each, told the same way everywhere."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from matinee.data.readers.tables import DataIssue

# Kind -> how loud it is, and the sentence. docs/diaries.md has a row for each.
SENTENCES: dict[str, tuple[Literal["note", "warning"], str]] = {
    "byte-order mark": ("note", "the file starts with a byte-order mark, which was skipped"),
    "another encoding": ("warning", "the file is not UTF-8; it was read as Windows-1252, as Excel writes it"),
    "another separator": ("note", "the columns are separated by {first}, not by commas"),
    "scale read off": ("note", "the highest rating is {first:g}, so {most:g} was taken for the highest there can be"),
    "unreadable ratings": ("warning", "{count} ratings cannot be read, first {first!r}; those films have no rating"),
    "zero ratings": ("note", "{count} ratings are 0, which stands for none; those films have no rating"),
    "unreadable dates": ("warning", "{count} dates cannot be read, first {first!r}; those films have no date"),
    "impossible dates": (
        "warning",
        "{count} dates are in the future or before 1970, first {first!r}; those films have no date",
    ),
    "unreadable years": ("warning", "{count} years cannot be read, first {first!r}; those films have no year"),
    "unreadable ids": ("warning", "{count} ids cannot be read, first {first!r}; they were left out"),
    "which list": ("warning", "the file does not say what it is a list of; its {count} films count as {first}"),
    "repeated films": ("note", "{count} rows are of films listed before; the last viewing and the last rating count"),
    "lost titles": (
        "warning",
        "{count} rows have no title, as films have none that the site deleted; they were set aside",
    ),
    "not films": ("note", "{count} rows are not of films ({first}); they were set aside"),
    "files left out": ("note", "{count} files are not of films seen, rated, liked or wanted: {first}"),
}


def create_issue(kind: str, path: Path, count: int = 1, row: int | None = None, **facts: object) -> DataIssue:
    """The finding of that kind, its sentence filled with `count` and the facts it names."""
    severity, sentence = SENTENCES[kind]
    return DataIssue(kind, sentence.format(count=count, **facts), path, count, row, severity=severity)


def count_kinds(kinds: Iterable[str]) -> str:
    """`["episode", "series", "episode"]` -> `"2 episodes, 1 series"`, the most frequent first."""
    counts = Counter(kinds).most_common()
    return ", ".join(f"{n:,} {kind}{'s' if n > 1 and kind != 'series' else ''}" for kind, n in counts)
