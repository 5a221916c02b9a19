"""Delimited text (CSV and its kin) into tables, with the exact line of whatever is wrong in it.

Polars reads fast but says little about what it stumbles over. So a file is read fast first; only when that
fails is it read again as text, and only when that fails too is it walked through line by line to say where.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from matinee.data.readers.tables import DataIssue
from matinee.errors import DataError

LINE = "line in the file"  # an extra column: where each row starts, counted from 1 as an editor counts
UNNAMED = "unnamed column"  # and its place, for each column whose name is blank
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHUNK = 1 << 24


def read_header(path: Path, separator: str = ",") -> list[str]:
    """The column names in the first line, without spaces around. Raises `DataError` if there are none."""
    if separator == ",":
        first = _first_record(path)
    else:
        with path.open("rb") as file:
            first = _decoded(file.readline(), path).rstrip("\r\n").split(separator)
    names = [name.strip() for name in first]
    if not any(names):
        raise DataError("the file is empty or its first line is blank; expected column names there", path, 1)
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"the column {twice!r} is there twice; expected distinct names", path, 1)
    return names


def read_typed(
    path: Path, types: Mapping[str, pl.DataType], separator: str = ",", header: Sequence[str] | None = None
) -> pl.DataFrame:
    """Those columns of `types` that the file has, in those types where every cell allows it, else as text.

    `header` names the columns of a file without a first line of names. Where a row may not be one line of the
    file, the result has the extra column `LINE`. Rows with all wanted columns empty are left out.
    """
    names, above = _names(path, separator, header)
    wanted = [name for name in names if name in types]
    schema = {name: types.get(name, pl.String()) for name in names}
    try:
        frame = _scan(path, schema, separator, above, [names.index(name) for name in wanted])
    except pl.exceptions.PolarsError:
        return _without_blank(read_text(path, separator, header).select(*wanted, LINE))
    if count_lines(path) != len(frame) + above:  # a quoted cell runs over several lines
        return _without_blank(read_text(path, separator, header).select(*wanted, LINE))
    if wanted and frame[wanted[0]].null_count():
        return _without_blank(frame.with_row_index(LINE, offset=above + 1))
    return frame


def read_text(path: Path, separator: str = ",", header: Sequence[str] | None = None) -> pl.DataFrame:
    """Every column as text, plus `LINE`; empty cells are null. Raises `DataError` with the line at fault."""
    names, above = _names(path, separator, header)
    try:
        frame = _scan(path, dict.fromkeys(names, pl.String()), separator, above)
    except pl.exceptions.PolarsError as error:
        raise _structural_fault(path, separator, len(names), str(error)) from error
    breaks = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True))
    starts = (breaks + 1).cum_sum().shift(1, fill_value=0) + above + 1
    stripped = pl.all().str.strip_chars().replace("", None)
    return _without_blank(frame.select(stripped, starts.cast(pl.UInt32).alias(LINE)))


def line_of(frame: pl.DataFrame, index: int, header_rows: int) -> int:
    """The line on which row `index` of a table starts in its file."""
    return int(frame[LINE][index]) if LINE in frame.columns else index + 1 + header_rows


def require_columns(found: Sequence[str], needed: Sequence[str], path: Path) -> None:
    """Raise `DataError` unless every needed column is among those found."""
    missing = [name for name in needed if name not in found]
    if missing:
        there = ", ".join(repr(name) for name in found if name != LINE)
        raise DataError(f"no column {', '.join(repr(name) for name in missing)}; the columns are {there}", path)


def byte_order_mark(path: Path) -> list[DataIssue]:
    """A note if the file starts with the mark some editors put there (it is skipped)."""
    with path.open("rb") as file:
        if file.read(3) != _BYTE_ORDER_MARK:
            return []
    message = "the file starts with a byte-order mark, which was skipped"
    return [DataIssue("byte-order mark", message, path, row=1, severity="note")]


def count_lines(path: Path) -> int:
    """Lines in a file, whether or not the last one is ended."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last != b"\n")


def _names(path: Path, separator: str, header: Sequence[str] | None) -> tuple[list[str], int]:
    if header is not None:
        return list(header), 0
    # Spreadsheets leave unnamed columns, which polars will not have twice.
    names = read_header(path, separator)
    return [name or f"{UNNAMED} {place}" for place, name in enumerate(names)], 1


def _scan(
    path: Path,
    schema: Mapping[str, pl.DataType],
    separator: str,
    above: int,
    places: Sequence[int] | None = None,
) -> pl.DataFrame:
    return pl.read_csv(
        path,
        columns=places,
        schema=dict(schema),
        separator=separator,
        has_header=False,
        skip_rows=above,
        quote_char='"' if separator == "," else None,
        missing_columns="insert",  # a short first row is filled with nulls, as polars does for any other
    )


def _without_blank(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(~pl.all_horizontal(pl.all().exclude(LINE).is_null()))


def _first_record(path: Path) -> list[str]:
    with path.open("rb") as file:
        start = _decoded(file.readline(), path)
    # A quoted name may hold a line break; such a header is joined to one line by reading on.
    if start.count('"') % 2:
        start = _decoded(path.read_bytes(), path)
    return next(csv.reader(io.StringIO(start, newline="")), [])


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = error.start + len(data) - len(error.object)  # the mark at the start is not in error.object
        row = data.count(b"\n", 0, place) + 1
        byte = f"byte 0x{data[place]:02x} at position {place}"
        raise DataError(f"{byte} is not UTF-8; save the file with the encoding UTF-8", path, row) from error


def _structural_fault(path: Path, separator: str, width: int, otherwise: str) -> DataError:
    """What keeps a file from being read at all: its encoding, its quotes, or a row that is too long."""
    text = io.StringIO(_decoded(path.read_bytes(), path), newline="")
    quoting = csv.QUOTE_MINIMAL if separator == "," else csv.QUOTE_NONE
    reader = csv.reader(text, delimiter=separator, quoting=quoting, strict=True)
    start = 1
    try:
        for record in reader:
            if len(record) > width:
                return DataError(f"{len(record)} columns; expected {width}", path, start)
            start = reader.line_num + 1
    except csv.Error as error:
        return DataError(f"a quote that is not closed or stands inside a cell ({error})", path, start)
    return DataError(f"cannot be read as a table ({otherwise.splitlines()[0]})", path)
