"""Reading delimited text such as CSV into tables, with the exact line of any error.

Polars reads fast but its errors have few details. So a file is read fast first; if that fails it is read again as text,
and if that fails too it is read line by line to find the error.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from matinee.data.readers.tables import DataIssue
from matinee.errors import DataError

LINE = "line in the file"  # an extra column: the first line of each row, counted from 1
UNNAMED = "unnamed column"  # and its index, for each column with a blank name
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHUNK = 1 << 24


def read_header(path: Path, separator: str = ",") -> list[str]:
    """The column names in the first line, stripped. Raises `DataError` for a blank line."""
    if separator == ",":
        first = _first_record(path)
    else:
        with path.open("rb") as file:
            first = _decoded(file.readline(), path).rstrip("\r\n").split(separator)
    names = [name.strip() for name in first]
    if not any(names):
        raise DataError("the file is empty or its first line is blank. The first line must hold column names.", path, 1)
    duplicate = next((name for name in names if name and names.count(name) > 1), None)
    if duplicate is not None:
        raise DataError(f"the column {duplicate!r} occurs twice. Rename one of them.", path, 1)
    return names


def read_typed(
    path: Path, types: Mapping[str, pl.DataType], separator: str = ",", header: Sequence[str] | None = None
) -> pl.DataFrame:
    """The columns of `types` that the file has, in those types if every cell can be parsed, else as text.

    `header` names the columns of a file without a header. If rows may span several lines of the file, the result has
    the extra column `LINE`. Rows in which all these columns are empty are left out.
    """
    names, header_rows = _names(path, separator, header)
    selected = [name for name in names if name in types]
    schema = {name: types.get(name, pl.String()) for name in names}
    try:
        frame = _scan(path, schema, separator, header_rows, [names.index(name) for name in selected])
    except pl.exceptions.PolarsError:
        return _without_blank(read_text(path, separator, header).select(*selected, LINE))
    if count_lines(path) != len(frame) + header_rows:  # a quoted cell runs over several lines
        return _without_blank(read_text(path, separator, header).select(*selected, LINE))
    if selected and frame[selected[0]].null_count():
        return _without_blank(frame.with_row_index(LINE, offset=header_rows + 1))
    return frame


def read_text(path: Path, separator: str = ",", header: Sequence[str] | None = None) -> pl.DataFrame:
    """Every column as text, plus `LINE`; empty cells are null. Raises `DataError` with the line at fault."""
    names, header_rows = _names(path, separator, header)
    try:
        frame = _scan(path, dict.fromkeys(names, pl.String()), separator, header_rows)
    except pl.exceptions.PolarsError as error:
        raise _structural_error(path, separator, len(names), str(error)) from error
    breaks = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True))
    starts = (breaks + 1).cum_sum().shift(1, fill_value=0) + header_rows + 1
    stripped = pl.all().str.strip_chars().replace("", None)
    return _without_blank(frame.select(stripped, starts.cast(pl.UInt32).alias(LINE)))


def line_of(frame: pl.DataFrame, index: int, header_rows: int) -> int:
    """The line on which row `index` of a table starts in its file."""
    return int(frame[LINE][index]) if LINE in frame.columns else index + 1 + header_rows


def require_columns(header: Sequence[str], required: Sequence[str], path: Path) -> None:
    """Raise `DataError` unless the header has every required column."""
    missing = [name for name in required if name not in header]
    if missing:
        present = ", ".join(repr(name) for name in header if name != LINE)
        raise DataError(f"no column {', '.join(repr(name) for name in missing)}; the columns are {present}", path)


def byte_order_mark(path: Path) -> list[DataIssue]:
    """A note if the file starts with a byte-order mark, which is skipped."""
    with path.open("rb") as file:
        if file.read(3) != _BYTE_ORDER_MARK:
            return []
    message = "the file starts with a byte-order mark, which was skipped"
    return [DataIssue("byte-order mark", message, path, row=1, severity="note")]


def count_lines(path: Path) -> int:
    """The number of lines in a file, with or without a final line end."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last != b"\n")


def _names(path: Path, separator: str, header: Sequence[str] | None) -> tuple[list[str], int]:
    if header is not None:
        return list(header), 0
    # Spreadsheets leave unnamed columns, and polars refuses duplicate names.
    names = read_header(path, separator)
    return [name or f"{UNNAMED} {index}" for index, name in enumerate(names)], 1


def _scan(
    path: Path,
    schema: Mapping[str, pl.DataType],
    separator: str,
    header_rows: int,
    columns: Sequence[int] | None = None,
) -> pl.DataFrame:
    return pl.read_csv(
        path,
        columns=columns,
        schema=dict(schema),
        separator=separator,
        has_header=False,
        skip_rows=header_rows,
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
        position = error.start + len(data) - len(error.object)  # the mark at the start is not in error.object
        row = data.count(b"\n", 0, position) + 1
        byte = f"byte 0x{data[position]:02x} at position {position}"
        raise DataError(f"{byte} is not UTF-8. Save the file as UTF-8.", path, row) from error


def _structural_error(path: Path, separator: str, width: int, fallback: str) -> DataError:
    """The error that makes a file unreadable: its encoding, its quotes, or a row that is too long."""
    text = io.StringIO(_decoded(path.read_bytes(), path), newline="")
    quoting = csv.QUOTE_MINIMAL if separator == "," else csv.QUOTE_NONE
    reader = csv.reader(text, delimiter=separator, quoting=quoting, strict=True)
    start = 1
    try:
        for record in reader:
            if len(record) > width:
                return DataError(f"{len(record)} columns instead of {width}", path, start)
            start = reader.line_num + 1
    except csv.Error as error:
        return DataError(f"an unclosed quote, or a quote inside a cell ({error})", path, start)
    return DataError(f"cannot be read as a table ({fallback.splitlines()[0]})", path)
