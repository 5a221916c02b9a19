"""Options that several commands share, and how their texts become values."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from matinee.errors import ConfigError

DataOption = Annotated[
    Path,
    typer.Option(
        "--data",
        help="Folder or file with ratings: MovieLens (100K, 1M, 10M, 20M, 25M, 32M, latest), RecBole atomic files, "
        "a TMDB catalogue, or a plain folder with ratings.csv and movies.csv. The format is recognised.",
        show_default=False,
    ),
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Also write the result to this file as JSON.")]
KOption = Annotated[int, typer.Option("-k", min=1, help="How many movies.")]
SplitOption = Annotated[
    str | None,
    typer.Option(
        "--split",
        help="leave-last, random:0.1, time:0.9, time:2003-01-01, cold-movies:0.1, or files (the folder brings "
        "ratings_train and ratings_test). Default: leave-last, or random:0.1 where there are no timestamps.",
        show_default=False,
    ),
]
MemoryOption = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        help="What ease, slist and blend may take for their dense solutions, such as 4GB or 500MB: the most-rated "
        "movies that fit are solved densely, all others reached through neighbours. Default: a quarter of what is "
        "free, at most 1GB.",
        show_default=False,
    ),
]
UsersOption = Annotated[
    str | None,
    typer.Option(
        "--users",
        metavar="N|all",
        help="How many of the tested users to judge on, drawn by the seed. Default: all, or 10000 where there are more "
        "than 20000.",
        show_default=False,
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Decides everything that is drawn at random.")]


def whole_numbers(text: str, option: str) -> list[int]:
    """`"10,20,50"` -> `[10, 20, 50]`. Raises `ConfigError`."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise ConfigError(f"{option} {text}: expected whole numbers separated by commas, such as 10,20,50") from error


def bytes_of(size: str | None) -> int | None:
    """`"4GB"` -> 4,000,000,000. Raises `ConfigError`."""
    if size is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(KB|MB|GB|TB)", size.strip(), re.IGNORECASE | re.ASCII)
    if found is None or not float(found[1]):
        raise ConfigError(f"--memory {size}: expected a size such as 4GB or 500MB")
    return int(float(found[1]) * 1000 ** ("KB", "MB", "GB", "TB").index(found[2].upper()) * 1000)


def people_of(users: str | None) -> int | Literal["all"] | None:
    """`"5000"` -> 5000, `"all"` -> "all". Raises `ConfigError`."""
    if users in (None, "all"):
        return users
    if not re.fullmatch(r"[1-9]\d*", users, re.ASCII):
        raise ConfigError(f"--users {users}: expected a whole number from 1, or all")
    return int(users)


def settings_from(model: str, recipe: Path | None, assignments: list[str]) -> dict[str, Any]:
    """Settings of a model: those of a recipe, then `key=value` pairs that override them. Raises `ConfigError`."""
    settings: dict[str, Any] = {}
    if recipe is not None:
        named, settings = read_recipe(recipe)
        if named not in (None, model):
            raise ConfigError(f"{recipe}: is a recipe for {named}, and {model} is to be trained")
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals or not key:
            raise ConfigError(f"--set {assignment}: expected key=value, such as ridge=200")
        settings[key] = _value(text)
    return settings


def read_recipe(path: Path) -> tuple[str | None, dict[str, Any]]:
    """The model a recipe names, if it does, and its settings. Raises `ConfigError`."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: not a readable TOML file ({error})") from error
    unknown = content.keys() - {"model", "settings"}
    if unknown or not isinstance(content.get("settings", {}), dict):
        given = f"{', '.join(sorted(unknown))} at the top" if unknown else "settings that are no table"
        raise ConfigError(f'{path}: has {given}; expected model = "NAME" and a table [settings]')
    return content.get("model"), content.get("settings", {})


def _value(text: str) -> Any:
    # A value is written as in TOML (200, 0.5, true, [1, 2]); anything else is a string, and "none" is nothing.
    if text.lower() == "none":
        return None
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
