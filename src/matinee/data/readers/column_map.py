"""`matinee.toml`: the column names of a folder and the scale of its ratings.

scale = [1, 10]

[ratings]
user_id = "member"
movie_id = "title_no"
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matinee.data.readers.columns import MOVIE_TYPES, RATING_COLUMNS
from matinee.errors import ConfigError

FILE_NAME = "matinee.toml"
SCALE_HINT = f" (set another scale in {FILE_NAME} beside the file: scale = [lowest, highest])"
_VALID = {
    "ratings": RATING_COLUMNS,
    "movies": tuple(MOVIE_TYPES),
    "users": ("user_id", "gender", "age", "occupation", "zip_code"),
}


@dataclass(frozen=True)
class ColumnMap:
    """For each table, Matinee's column name -> the file's own; and the scale, None by default."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    scale: tuple[float, float] | None = None

    def names(self, table: str, header: Sequence[str]) -> dict[str, str]:
        """Name in the file -> Matinee's name, for the columns of a table that the map mentions.

        A column whose name the map gives to another column is renamed out of the way.
        """
        mapped = self.columns.get(table, {})
        renaming = {file_name: name for name, file_name in mapped.items()}
        hidden = {name: f"{name} (not used)" for name in mapped if name in header and name not in renaming}
        return renaming | hidden


def read_column_map(folder: Path) -> ColumnMap:
    """The map of a folder, empty if it has none. Raises `ConfigError` with the valid names."""
    path = folder / FILE_NAME
    if not path.exists():
        return ColumnMap()
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file ({error})") from error
    _raise_for_unknown(settings, ("scale", *_VALID), str(path))
    tables = {name: _table(settings[name], name, path) for name in _VALID if name in settings}
    return ColumnMap(tables, _scale(settings["scale"], path) if "scale" in settings else None)


def _table(content: Any, name: str, path: Path) -> dict[str, str]:
    location = f"{path}, [{name}]"
    if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
        raise ConfigError(
            f'{location}: expected lines such as movie_id = "title_no", each with a column name in quotes'
        )
    _raise_for_unknown(content, _VALID[name], location)
    columns = list(content.values())
    duplicate = next((column for column in columns if columns.count(column) > 1), None)
    if duplicate is not None:
        raise ConfigError(f"{location}: the column {duplicate!r} has two names. Give each column one name.")
    return content


def _raise_for_unknown(content: Mapping[str, Any], valid: Sequence[str], location: str) -> None:
    unknown = [name for name in content if name not in valid]
    if unknown:
        raise ConfigError(f"{location}: unknown name {unknown[0]!r}; valid are {', '.join(valid)}")


def _scale(content: Any, path: Path) -> tuple[float, float]:
    numbers = isinstance(content, list) and len(content) == 2 and all(type(value) in (int, float) for value in content)
    if not numbers or not content[0] < content[1]:
        raise ConfigError(f"{path}: scale is {content!r}; expected [lowest, highest], for example [1, 10]")
    return float(content[0]), float(content[1])
