from pathlib import Path

import pytest

from matinee.data.readers.column_map import ColumnMap, read_column_map
from matinee.errors import ConfigError


def test_a_folder_without_a_map_has_an_empty_map(tmp_path: Path):
    assert read_column_map(tmp_path) == ColumnMap({}, None)


def test_scale_and_names_are_read(tmp_path: Path):
    (tmp_path / "matinee.toml").write_text('scale = [1, 10]\n[ratings]\nuser_id = "member"\n[users]\nage = "years"\n')

    assert read_column_map(tmp_path) == ColumnMap(
        {"ratings": {"user_id": "member"}, "users": {"age": "years"}}, (1.0, 10.0)
    )


def test_a_column_whose_name_is_taken_is_renamed():
    columns = ColumnMap({"ratings": {"rating": "stars"}})

    assert columns.names("ratings", ["rating", "stars"]) == {"stars": "rating", "rating": "rating (not used)"}
    assert columns.names("movies", ["rating", "stars"]) == {}


def test_two_names_may_be_swapped():
    columns = ColumnMap({"ratings": {"user_id": "movie_id", "movie_id": "user_id"}})

    assert columns.names("ratings", ["user_id", "movie_id"]) == {"user_id": "movie_id", "movie_id": "user_id"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scale = 5", "scale is 5; expected"),
        ("scale = [1, 2, 3]", "expected .lowest, highest."),
        ("scale = [false, true]", "expected .lowest, highest."),
        ("ratings = 1", r"\[ratings\]: expected lines such as"),
        ("[ratings]\nuser_id = 1", r"\[ratings\]: expected lines such as"),
        ("[movies]\nname = 'x'", "unknown name 'name'; valid are movie_id, title"),
        ("[ratings]\nuser_id = 'x'\nmovie_id = 'x'", "'x' has two names"),
        ("\x00", "not a TOML file"),
    ],
)
def test_mistakes_are_errors(tmp_path: Path, text: str, message: str):
    (tmp_path / "matinee.toml").write_text(text)

    with pytest.raises(ConfigError, match=message) as raised:
        read_column_map(tmp_path)

    assert str(raised.value).startswith(str(tmp_path / "matinee.toml"))
