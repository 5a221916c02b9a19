import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.vocabulary import Vocabulary

# numpy drops zero characters from the end of a text, and surrogates are no text.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
numbers = st.integers(0, 2**62)


@given(st.lists(numbers, unique=True), st.lists(numbers))
def test_row_of_integers_is_their_position(ids: list[int], others: list[int]) -> None:
    _check_rows(Vocabulary(np.array(ids, dtype=np.int64)), ids, others)


@given(st.lists(texts, unique=True), st.lists(texts))
def test_row_of_texts_is_their_position(ids: list[str], others: list[str]) -> None:
    _check_rows(Vocabulary(np.array(ids, dtype=np.str_)), ids, others)


def _check_rows(vocabulary: Vocabulary, ids: list, others: list) -> None:
    row_of = {text: row for row, text in enumerate(ids)}
    assert vocabulary.rows(ids).tolist() == list(range(len(ids)))
    assert vocabulary.rows(others).tolist() == [row_of.get(text, -1) for text in others]
    assert vocabulary.rows(ids).dtype == np.int32
    assert all(vocabulary.row(text) == row for text, row in row_of.items())


@given(st.lists(numbers, min_size=1))
def test_of_sorts_and_keeps_each_id_once(ids: list[int]) -> None:
    vocabulary = Vocabulary.of(ids)
    assert vocabulary.ids.tolist() == sorted(set(ids))
    assert len(vocabulary) == len(set(ids))


def test_integers_are_matched_as_text() -> None:
    vocabulary = Vocabulary.of([7, 12, 300])
    assert vocabulary.rows(["12", "300", "13", "twelve", "", "12.5", "1e2"]).tolist() == [
        1,
        2,
        -1,
        -1,
        -1,
        -1,
        -1,
    ]
    assert vocabulary.row("7") == 0


def test_texts_are_matched_as_numbers() -> None:
    vocabulary = Vocabulary.of(["12", "007", "tt0113277"])
    assert vocabulary.rows([12, 7]).tolist() == [vocabulary.row("12"), -1]
    assert vocabulary.row("007") >= 0


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, np.uint64])
def test_every_integer_type_is_accepted(dtype: npt.DTypeLike) -> None:
    assert Vocabulary.of([7, 12]).rows(np.array([12, 8], dtype=dtype)).tolist() == [1, -1]


def test_texts_longer_than_any_id_are_not_cut_to_fit() -> None:
    assert Vocabulary.of(["ab", "c"]).rows(["abc", "ab", "cc"]).tolist() == [-1, 0, -1]


def test_text_ids_from_a_table_are_matched() -> None:
    ids = pl.Series(["b", "a", None]).to_numpy()  # an array of Python objects
    assert Vocabulary.of(["a", "b"]).rows(ids).tolist() == [1, 0, -1]


@pytest.mark.parametrize("ids", [np.array([], dtype=np.int64), np.array([], dtype=np.str_)])
def test_an_empty_vocabulary_finds_nothing(ids: npt.NDArray) -> None:
    vocabulary = Vocabulary(ids)
    assert len(vocabulary) == 0
    assert vocabulary.rows([1, 2]).tolist() == [-1, -1]
    assert vocabulary.rows(["a"]).tolist() == [-1]
    assert vocabulary.rows([]).tolist() == []


def test_no_ids_give_no_rows() -> None:
    assert Vocabulary.of([1, 2]).rows([]).tolist() == []
    assert Vocabulary.of(["a"]).rows([]).tolist() == []


def test_a_number_too_large_to_be_an_id_is_not_found() -> None:
    assert Vocabulary.of([7, 12]).row("99999999999999999999") == -1


@pytest.mark.parametrize("number", [12.5, np.float32(7.1)])
def test_a_fraction_is_not_an_id(number: float) -> None:
    assert Vocabulary.of([7, 12]).rows(np.array([number])).tolist() == [-1]


def test_infinity_is_not_an_id() -> None:
    assert Vocabulary.of([7, 12]).rows(np.array([np.inf])).tolist() == [-1]


@pytest.mark.parametrize("text", ["1_2", "١٢", "012"])
def test_only_the_normal_form_of_a_number_matches(text: str) -> None:
    assert Vocabulary.of([7, 12]).row(text) == -1  # as reading files has it: "007" there is a text


def test_a_vocabulary_from_a_text_column_matches() -> None:
    ids = pl.Series(["tt1", "tt2"]).to_numpy()  # as runs.load_run makes its vocabulary
    assert Vocabulary(ids).rows(["tt2", "tt1"]).tolist() == [1, 0]
