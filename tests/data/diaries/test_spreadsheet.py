from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.diaries.spreadsheet import (
    Spreadsheet,
    normalise_column,
    normalise_columns,
    read_columns,
    read_spreadsheet,
)
from matinee.errors import DataError

PATH = Path("films.csv")


def sheet(data: bytes | str) -> Spreadsheet:
    return read_spreadsheet(data.encode() if isinstance(data, str) else data, PATH, "films.csv")


def test_column_names_without_case_spaces_and_underscores() -> None:
    assert [normalise_column(name) for name in ("Letterboxd URI", "imdb_id", "Runtime (mins)")] == [
        "letterboxduri",
        "imdbid",
        "runtimemins",
    ]


def test_blank_rows_are_left_out() -> None:
    read = sheet("Title,Year\r\n Heat , 1995\r\n\r\n,\r\nRonin,1998")
    assert read.rows == ((2, {"title": "Heat", "year": "1995"}), (5, {"title": "Ronin", "year": "1998"}))


def test_quotes_commas_and_line_breaks_in_cells() -> None:
    read = sheet('Title,Review\n"Crouching Tiger, Hidden Dragon","They fly.\nI ""cried""."\nHeat,fine\n')
    assert read.rows == (
        (2, {"title": "Crouching Tiger, Hidden Dragon", "review": 'They fly.\nI "cried".'}),
        (4, {"title": "Heat", "review": "fine"}),
    )


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_noted(separator: str, name: str) -> None:
    read = sheet(f'Title{separator}"Year, or so"\n"Heat{separator} or not"{separator}1995\n')
    assert read.rows[0][1] == {"title": f"Heat{separator} or not", "yearorso": "1995"}
    assert [issue.message for issue in read.issues] == [f"the columns are separated by {name}, not by commas"]


def test_a_byte_order_mark_is_skipped_and_noted() -> None:
    read = sheet(b"\xef\xbb\xbfTitle\nAm\xc3\xa9lie\n")
    assert read.columns == ("Title",)
    assert read.rows[0][1]["title"] == "Amélie"
    assert [issue.kind for issue in read.issues] == ["byte-order mark"]


def test_windows_1252_is_read_with_an_issue() -> None:
    read = sheet("Title\nAmélie – encore\n".encode("cp1252"))
    assert read.rows[0][1]["title"] == "Amélie – encore"
    assert [issue.kind for issue in read.issues] == ["another encoding"]


def test_excels_unicode_text_is_read() -> None:
    assert sheet("Title\tYear\r\nAmélie\t2001\r\n".encode("utf-16")).rows[0][1] == {"title": "Amélie", "year": "2001"}


def test_short_rows_and_trailing_empty_cells_are_accepted() -> None:
    assert sheet("Title,Year\nHeat\nRonin,1998,,\n").rows == (
        (2, {"title": "Heat"}),
        (3, {"title": "Ronin", "year": "1998"}),
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "films.csv, row 1: the file is empty or its first line is blank. The first line must hold column names."),
        (b"\n\nTitle\n", "row 1: the file is empty or its first line is blank"),
        (b"Title,Year,title\n", "films.csv, row 1: the column 'Title' occurs twice. Rename one of them."),
        (b"Title,Year\nHeat,1995\nLock, Stock,1998\n", "row 3: 3 columns instead of 2. A title with a comma"),
        (b'Title\nHeat\n"Ronin\n', "films.csv, row 3: an unclosed quote, or a quote inside a cell"),
        (b"Title\nHeat\n\x81\xe9\n", "films.csv, row 3: byte 0x81 is neither UTF-8 nor Windows-1252. Save the file"),
    ],
)
def test_unreadable_files_are_refused_with_the_line(data: bytes, message: str) -> None:
    with pytest.raises(DataError) as refused:
        sheet(data)
    assert message in str(refused.value)


def test_columns_can_be_read_alone() -> None:
    columns = read_columns(b'Const;"Your Rating";\nbroken "row";;;;;', PATH)
    assert columns == ("Const", "Your Rating", "")
    assert normalise_columns(columns) == {"const", "yourrating"}
    with pytest.raises(DataError, match="the file is empty"):
        read_columns(b"", PATH)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    refusal = ""
    try:
        read = sheet(data)
    except DataError as refused:
        refusal = str(refused)
    else:
        assert all(set(row) <= read.column_names for _, row in read.rows)
    assert "\n" not in refusal


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


@given(st.lists(st.tuples(cells, cells), max_size=5), st.sampled_from(",;\t"))
def test_files_written_by_python_are_read_back(records: list[tuple[str, str]], separator: str) -> None:
    import csv
    import io

    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows([("title", "note"), *records])
    read = [(row["title"], row["note"]) for _, row in sheet(file.getvalue()).rows]
    assert read == [(first.strip(), second.strip()) for first, second in records if first.strip() or second.strip()]
