import json

import numpy as np
import polars as pl
import pytest

from matinee.features.users import UserVocabulary

USERS = pl.DataFrame(
    {
        "row": [0, 1, 2, 3],
        "gender": ["M", "F", None, "M"],
        "age": [25, 1, 56, None],
        "occupation": [10, 2, 20, 2],
    }
)


def column(name: str, values: pl.Series | list[object]) -> pl.DataFrame:
    return pl.DataFrame({name: values})


def test_values_are_numbered_from_one_in_ascending_order() -> None:
    vocabulary = UserVocabulary.of(USERS)
    assert vocabulary.values == (("F", "M"), ("1", "25", "56"), ("2", "10", "20"))
    assert vocabulary.sizes == (3, 4, 4)
    codes = vocabulary.encode(USERS, 4)
    assert codes.tolist() == [[2, 2, 2], [1, 1, 1], [0, 3, 3], [2, 0, 1]]
    assert codes.dtype == np.int64


def test_numbers_come_before_words() -> None:
    vocabulary = UserVocabulary.of(column("occupation", ["writer", "10", "9", "artist"]))
    assert vocabulary.values[2] == ("9", "10", "artist", "writer")


@pytest.mark.parametrize(
    "strange",
    [
        None,
        pl.DataFrame({"row": [None, None]}),
        pl.DataFrame({"gender": ["X", None], "age": ["a hundred", ""], "occupation": [-7, 21]}),
        pl.DataFrame({"gender": [["M"], ["F"]], "age": [float("nan"), 30.5], "occupation": [{"a": 1}, None]}),
        pl.DataFrame({"gender": [1, 2], "age": [True, False], "occupation": pl.Series([object(), 2], dtype=pl.Object)}),
        pl.DataFrame({"gender": [None, None], "age": [0, -25]}),
    ],
)
def test_unknown_values_are_zero(strange: pl.DataFrame | None) -> None:
    assert UserVocabulary.of(USERS).encode(strange, 2).tolist() == [[0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("none", [None, pl.DataFrame({"row": [0, 1]}), column("age", [None, None])])
def test_without_demographics_all_codes_are_unknown(none: pl.DataFrame | None) -> None:
    vocabulary = UserVocabulary.of(none)
    assert vocabulary.sizes == (1, 1, 1)
    assert vocabulary.encode(USERS, 4).tolist() == [[0, 0, 0]] * 4


@pytest.mark.parametrize(
    "ages",
    [
        pl.Series(["25", " 56 "]),
        pl.Series([25, 56], dtype=pl.UInt8),
        pl.Series([25.0, 56.0]),
        pl.Series(["25", "56"], dtype=pl.Categorical),
        pl.Series(["25.0", "56.00"]),
    ],
)
def test_the_type_of_a_column_does_not_matter(ages: pl.Series) -> None:
    assert UserVocabulary.of(USERS).encode(column("age", ages), 2)[:, 1].tolist() == [2, 3]
    assert UserVocabulary.of(column("age", ages)).values[1] == ("25", "56")


def test_true_ages_go_into_bands() -> None:
    vocabulary = UserVocabulary.of(column("age", list(range(10, 31))))
    assert vocabulary.values[1] == ("1", "18", "25")
    codes = vocabulary.encode(column("age", [1, 17, 18, 24, 25, 34, 35, 99, None]), 9)
    assert codes[:, 1].tolist() == [1, 1, 2, 2, 3, 3, 0, 0, 0]


def test_a_new_user_may_have_an_age_between_bands() -> None:
    assert UserVocabulary.of(USERS).encode(column("age", [25, 30, 17, 80]), 4)[:, 1].tolist() == [2, 2, 1, 3]


def test_a_few_other_ages_stay_as_they_are() -> None:
    vocabulary = UserVocabulary.of(column("age", list(range(10, 30))))
    assert vocabulary.sizes[1] == 21
    assert vocabulary.encode(column("age", [29, 30]), 2)[:, 1].tolist() == [20, 0]


def test_ages_may_be_words() -> None:
    vocabulary = UserVocabulary.of(column("age", ["adult", "child", "25"]))
    assert vocabulary.values[1] == ("25", "adult", "child")


@pytest.mark.parametrize("users", [USERS, None, column("occupation", ["técnico", "家"]), column("age", [*range(40)])])
def test_goes_into_an_array_and_back(users: pl.DataFrame | None) -> None:
    vocabulary = UserVocabulary.of(users)
    array = vocabulary.to_array()
    assert array.dtype == np.uint8
    assert UserVocabulary.from_array(array) == vocabulary


@pytest.mark.parametrize("content", ["", "{", json.dumps({"gender": []})])
def test_another_array_is_refused(content: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        UserVocabulary.from_array(np.frombuffer(content.encode(), dtype=np.uint8))
