from pathlib import Path

import polars as pl
import pytest

from matinee.data.readers.delimited import (
    LINE,
    byte_order_mark,
    count_lines,
    line_of,
    read_header,
    read_text,
    read_typed,
)
from matinee.errors import DataError

TYPES = {"user_id": pl.Int64(), "rating": pl.Float32()}


def write_files(folder: Path, data: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(data)
    return path


def test_selected_columns_are_read_in_any_order(tmp_path: Path):
    path = write_files(tmp_path, b"rating,note,user_id\n3.5,fine,7\n")

    table = read_typed(path, TYPES)

    assert table.schema == {"rating": pl.Float32, "user_id": pl.Int64}
    assert table.rows() == [(3.5, 7)]


@pytest.mark.parametrize(
    "data",
    [
        b"user_id,rating\n1,2\n3,4\n",
        b"user_id,rating\r\n1,2\r\n3,4\r\n",
        b"user_id,rating\n1,2\n3,4",
        b"\xef\xbb\xbfuser_id,rating\n1,2\n3,4\n",
        b' user_id , rating\n"1","2"\n3,4\n',
    ],
    ids=["newlines", "carriage returns", "no last newline", "byte-order mark", "quotes and spaces"],
)
def test_line_ends_and_byte_order_marks_do_not_matter(tmp_path: Path, data: bytes):
    assert read_typed(write_files(tmp_path, data), TYPES).rows() == [(1, 2.0), (3, 4.0)]


def test_blank_lines_are_left_out_and_counted(tmp_path: Path):
    table = read_typed(write_files(tmp_path, b"user_id,rating\n\n1,2\n\n3,4\n\n"), TYPES)

    assert table["user_id"].to_list() == [1, 3]
    assert [line_of(table, index, 1) for index in range(2)] == [3, 5]


def test_an_invalid_number_leaves_columns_as_text(tmp_path: Path):
    table = read_typed(write_files(tmp_path, b"user_id,rating\n1,2\n1, x \n"), TYPES)

    assert table.rows() == [("1", "2", 2), ("1", "x", 3)]


def test_cells_of_several_lines_do_not_shift_line_numbers(tmp_path: Path):
    path = write_files(tmp_path, b'user_id,rating,note\n1,2,"a\r\nb\r\nc"\n3,4,d\n')

    assert read_typed(path, TYPES)[LINE].to_list() == [2, 5]
    assert read_text(path)[LINE].to_list() == [2, 5]
    assert read_text(path)["note"].to_list() == ["a\r\nb\r\nc", "d"]


def test_text_is_stripped_and_empty_cells_are_null(tmp_path: Path):
    table = read_text(write_files(tmp_path, b'a,b,c\n x ,,""\n'))

    assert table.drop(LINE).rows() == [("x", None, None)]


def test_unnamed_columns_may_be_several(tmp_path: Path):
    assert read_text(write_files(tmp_path, b",a,\n0,1,2\n"))["a"].to_list() == ["1"]


def test_a_header_name_may_hold_a_line_break(tmp_path: Path):
    path = write_files(tmp_path, b'"a\nb",c\n1,2\n')

    assert read_header(path) == ["a\nb", "c"]
    assert read_text(path)["c"].to_list() == ["2"]


def test_a_row_that_is_too_long_is_named_by_its_line(tmp_path: Path):
    with pytest.raises(DataError, match=r"row 4: 3 columns instead of 2"):
        read_text(write_files(tmp_path, b'a,b\n"x\ny",1\n1,2,3\n'))


def test_a_file_without_a_header_starts_with_its_first_row(tmp_path: Path):
    path = write_files(tmp_path, b"1\t2\n3\t4\n")

    assert read_text(path, "\t", ["a", "b"]).rows() == [("1", "2", 1), ("3", "4", 2)]
    with pytest.raises(DataError, match=r"row 1: 2 columns instead of 1"):
        read_text(path, "\t", ["a"])


def test_the_position_of_a_byte_counts_the_byte_order_mark(tmp_path: Path):
    with pytest.raises(DataError, match=r"row 2: byte 0xe9 at position 7 "):
        read_text(write_files(tmp_path, b"\xef\xbb\xbfa,b\n\xe9,1\n"))


def test_a_byte_order_mark_is_noted(tmp_path: Path):
    assert [issue.severity for issue in byte_order_mark(write_files(tmp_path, b"\xef\xbb\xbfa\n"))] == ["note"]
    assert byte_order_mark(write_files(tmp_path, b"a\n")) == []


@pytest.mark.parametrize(("data", "lines"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\nb", 2), (b"\n\n", 2)])
def test_lines_are_counted_as_an_editor_does(tmp_path: Path, data: bytes, lines: int):
    assert count_lines(write_files(tmp_path, data)) == lines
