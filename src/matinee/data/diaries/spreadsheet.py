"""The tables of diaries: small files in the encodings and with the separators that spreadsheet programs write.

`readers/delimited.py` reads large files of ratings in UTF-8 with commas, and refuses all others. Diaries often pass
through Excel, which writes semicolons in many countries, and have a few thousand rows. So they are read here in
memory, row by row, with Python's own reader.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matinee.data.diaries.issues import create_issue
from matinee.data.readers.tables import DataIssue
from matinee.errors import DataError

Row = dict[str, str]  # column in small letters without spaces -> stripped cell

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, Excel's "Unicode text"
_NOT_A_NAME = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True)
class Spreadsheet:
    """One table of a diary, as text."""

    path: Path  # as shown in messages
    name: str  # inside the export, in small letters: "likes/films.csv"
    columns: tuple[str, ...]  # as the file has them
    rows: tuple[tuple[int, Row], ...]  # each with its first line; blank rows are left out
    issues: tuple[DataIssue, ...]

    @property
    def column_names(self) -> frozenset[str]:
        """The column names as `Row` has them."""
        return normalise_columns(self.columns)


def normalise_column(column: str) -> str:
    """`"Letterboxd URI"` -> `"letterboxduri"`, `"imdb_id"` -> `"imdbid"`."""
    return _NOT_A_NAME.sub("", column.casefold())


def normalise_columns(columns: Iterable[str]) -> frozenset[str]:
    """The names as `Row` has them, without blank ones."""
    return frozenset(map(normalise_column, columns)) - {""}


def read_spreadsheet(data: bytes, path: Path, name: str) -> Spreadsheet:
    """Parse the bytes of a file. Raises `DataError` with the line that cannot be read."""
    text, issues = decode(data, path)
    separator = _separator(text)
    records = _records(text, separator, path)
    columns = _header(records, path)
    if separator != ",":
        issues.append(create_issue("another separator", path, first=_SEPARATORS[separator]))
    names = [normalise_column(column) for column in columns]
    _raise_for_duplicates(columns, names, path)
    rows = tuple((line, _row(cells, names, path, line)) for line, cells in records if any(map(str.strip, cells)))
    return Spreadsheet(path, name, columns, rows, tuple(issues))


def read_columns(data: bytes, path: Path) -> tuple[str, ...]:
    """The column names in the first line, as the file has them. Raises `DataError` for a blank line."""
    text, _ = decode(data, path)
    return _header(_records(text, _separator(text), path), path)


def decode(data: bytes, path: Path) -> tuple[str, list[DataIssue]]:
    """The text of a file: UTF-16 if its mark says so, else UTF-8, else Windows-1252. Raises `DataError`."""
    if data.startswith(_WIDE_MARKS):
        return _decode_as(data, "utf-16", path), []
    issues = [create_issue("byte-order mark", path, row=1)] if data.startswith(_BYTE_ORDER_MARK) else []
    try:
        return data.decode("utf-8-sig"), issues
    except UnicodeDecodeError:
        return _decode_as(data, "cp1252", path), [create_issue("another encoding", path)]


def _decode_as(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{data[error.start]:02x}"
        raise DataError(f"{byte} is neither UTF-8 nor Windows-1252. Save the file as UTF-8.", path, row) from error


def _separator(text: str) -> str:
    """The separator that is most frequent outside quotes in the first line; by default a comma."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(_SEPARATORS, key=first.count)


def _header(records: Iterator[tuple[int, list[str]]], path: Path) -> tuple[str, ...]:
    _, cells = next(records, (1, []))
    columns = tuple(map(str.strip, cells))
    if not any(columns):
        raise DataError("the file is empty or its first line is blank. The first line must hold column names.", path, 1)
    return columns


def _records(text: str, separator: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"an unclosed quote, or a quote inside a cell ({error})", path, line) from error


def _row(cells: list[str], names: list[str], path: Path, line: int) -> Row:
    if any(map(str.strip, cells[len(names) :])):
        raise DataError(f"{len(cells)} columns instead of {len(names)}. A title with a comma needs quotes.", path, line)
    return {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}


def _raise_for_duplicates(columns: Sequence[str], names: list[str], path: Path) -> None:
    duplicate = next(
        (column for column, name in zip(columns, names, strict=True) if name and names.count(name) > 1), None
    )
    if duplicate is not None:
        raise DataError(f"the column {duplicate!r} occurs twice. Rename one of them.", path, 1)
