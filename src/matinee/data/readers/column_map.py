"""`matinee.toml`: what a folder's columns are called and which ratings can be given, in a few lines.

scale = [1, 10]

[ratings]
user_id = "member"
movie_id = "film"
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matinee.data.readers.columns import MOVIE_TYPES, RATING_COLUMNS
from matinee.errors import ConfigError

FILE_NAME = "matinee.toml"
SCALE_HINT = f" (another scale can be set in {FILE_NAME} beside the file: scale = [lowest, highest])"
_VALID = {
    "ratings": RATING_COLUMNS,
    "movies": tuple(MOVIE_TYPES),
    "users": ("user_id", "gender", "age", "occupation", "zip_code"),
}


@dataclass(frozen=True)
class ColumnMap:
    """For each table, Matinee's column name -> the file's own; and the scale, None where it is not set."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    scale: tuple[float, float] | None = None

    def names(self, table: str, found: Sequence[str]) -> dict[str, str]:
        """Name in the file -> Matinee's name, for the columns of a table that the map mentions.

        A column that already has a name given to another by the map is put out of the way.
        """
        mapped = self.columns.get(table, {})
        renaming = {given: name for name, given in mapped.items()}
        hidden = {name: f"{name} (not used)" for name in mapped if name in found and name not in renaming}
        return renaming | hidden


def read_column_map(folder: Path) -> ColumnMap:
    """The map of a folder, empty if it has none. Raises `ConfigError` saying what it may hold."""
    path = folder / FILE_NAME
    if not path.exists():
        return ColumnMap()
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file ({error})") from error
    _refuse_unknown(settings, ("scale", *_VALID), str(path))
    tables = {name: _table(settings[name], name, path) for name in _VALID if name in settings}
    return ColumnMap(tables, _scale(settings["scale"], path) if "scale" in settings else None)


def _table(given: Any, name: str, path: Path) -> dict[str, str]:
    place = f"{path}, [{name}]"
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise ConfigError(f'{place}: expected lines such as movie_id = "film", each a column name in quotes')
    _refuse_unknown(given, _VALID[name], place)
    files = list(given.values())
    twice = next((one for one in files if files.count(one) > 1), None)
    if twice is not None:
        raise ConfigError(f"{place}: the column {twice!r} is given for two names; expected one name for a column")
    return given


def _refuse_unknown(given: Mapping[str, Any], valid: Sequence[str], place: str) -> None:
    unknown = [name for name in given if name not in valid]
    if unknown:
        raise ConfigError(f"{place}: unknown name {unknown[0]!r}; valid are {', '.join(valid)}")


def _scale(given: Any, path: Path) -> tuple[float, float]:
    numbers = isinstance(given, list) and len(given) == 2 and all(type(one) in (int, float) for one in given)
    if not numbers or not given[0] < given[1]:
        raise ConfigError(f"{path}: scale is {given!r}; expected [lowest, highest], for example [1, 10]")
    return float(given[0]), float(given[1])
