"""Options that several commands share, and the parsing of their values."""

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
        "a TMDB catalogue, or a folder with ratings.csv and movies.csv. The format is detected.",
        show_default=False,
    ),
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Also write the result to this file as JSON.")]
KOption = Annotated[int, typer.Option("-k", min=1, help="Number of movies.")]
SplitOption = Annotated[
    str | None,
    typer.Option(
        "--split",
        help="leave-last, random:0.1, time:0.9, time:2003-01-01, cold-movies:0.1, or files (the folder contains "
        "ratings_train and ratings_test). Default: leave-last, or random:0.1 without timestamps.",
        show_default=False,
    ),
]
MemoryOption = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        help="Memory for the dense solutions of ease, slist and blend, such as 4GB or 500MB. The most-rated movies "
        "that fit are solved densely, the others through neighbours. Default: a quarter of the free memory, at most "
        "1GB.",
        show_default=False,
    ),
]
UsersOption = Annotated[
    str | None,
    typer.Option(
        "--users",
        metavar="N|all",
        help="Number of test users to sample, or all. Default: all, or 10000 if there are more than 20000.",
        show_default=False,
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of everything random.")]


def whole_numbers(text: str, option: str) -> list[int]:
    """Parse `"10,20,50"`. Raises `ConfigError`."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise ConfigError(f"{option} {text}: not a list of numbers. Separate them by commas: 10,20,50.") from error


def parse_size(size: str | None) -> int | None:
    """Parse a size in bytes: `"4GB"` -> 4,000,000,000. Raises `ConfigError`."""
    if size is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(KB|MB|GB|TB)", size.strip(), re.IGNORECASE | re.ASCII)
    if match is None or not float(match[1]):
        raise ConfigError(f"--memory {size}: not a size. Use a number with a unit, such as 4GB or 500MB.")
    return int(float(match[1]) * 1000 ** ("KB", "MB", "GB", "TB").index(match[2].upper()) * 1000)


def parse_user_count(users: str | None) -> int | Literal["all"] | None:
    """Parse `"5000"` or `"all"`. Raises `ConfigError`."""
    if users in (None, "all"):
        return users
    if not re.fullmatch(r"[1-9]\d*", users, re.ASCII):
        raise ConfigError(f"--users {users}: not a number of users. Use a whole number from 1, or all.")
    return int(users)


def settings_from(model: str, recipe: Path | None, assignments: list[str]) -> dict[str, Any]:
    """Read the settings of a model: those of a recipe, then `key=value` pairs, which win. Raises `ConfigError`.

    A key may lead into nested settings: `training.epochs`, or `parts.0.model` for the first item of a list.
    """
    from matinee.workflows.models import load_recipe

    settings: dict[str, Any] = {}
    if recipe is not None:
        content = load_recipe(recipe)
        if content.model not in (None, model):
            raise ConfigError(f"{recipe} is a recipe for {content.model}, not for {model}.")
        settings = content.settings
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals or not all(key.split(".")):
            raise ConfigError(f"--set {assignment}: not a setting. Use key=value, such as reg=200.")
        _set(settings, model, key, _parse_value(text))
    return settings


def _set(settings: dict[str, Any], model: str, key: str, value: Any) -> None:
    """Set one possibly nested key. Nested settings that `settings` lacks start from the model's defaults."""
    *parents, last = key.split(".")
    if parents and parents[0] not in settings:
        from matinee.models.registry import model_class

        defaults = model_class(model).config_class().model_dump()
        if parents[0] in defaults:
            settings[parents[0]] = defaults[parents[0]]
    inner: Any = settings
    for name in parents:
        inner = _item(inner, name, key)
    if isinstance(inner, dict):
        inner[last] = value
    else:
        raise ConfigError(f"--set {key}={value}: '{parents[-1]}' has no settings of its own.")


def _item(settings: Any, name: str, key: str) -> Any:
    """Return the nested settings called `name`, or number `name` of a list."""
    if isinstance(settings, list | tuple) and name.isdecimal() and int(name) < len(settings):
        return settings[int(name)]
    if isinstance(settings, dict) and isinstance(settings.get(name, {}), dict | list | tuple):
        return settings.setdefault(name, {})
    raise ConfigError(f"--set {key}: '{name}' has no settings of its own.")


def _parse_value(text: str) -> Any:
    """Parse a value as in TOML (200, 0.5, true, [1, 2]). "none" gives None. Anything else is text."""
    if text.lower() == "none":
        return None
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
