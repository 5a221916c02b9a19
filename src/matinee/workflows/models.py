"""Select the models of an evaluation: by name, from a recipe, or from the folder of a run."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matinee.data.splits import Split
from matinee.errors import ConfigError
from matinee.message import N_
from matinee.models.memory_budget import default_budget, fit_to_memory
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.models.runs import is_run, load_run

BASELINES = ("random", "popularity")  # part of every report

_FITTED_NOTE = N_("judged as saved: it was trained on exactly this split's training and validation part")


@dataclass(frozen=True)
class Recipe:
    """The content of a recipe: settings and, in most recipes, the model they are for."""

    model: str | None
    settings: dict[str, Any]


@dataclass(frozen=True)
class SelectedModels:
    """Models to evaluate, by their names in the report."""

    models: dict[str, Recommender]
    fitted: dict[str, str]  # name -> note, for runs that need no new fit


@dataclass(frozen=True)
class LimitedModel:
    """An unfitted model that fits into memory."""

    model: Recommender
    default_limit: int | None = None  # bytes, if the default budget changed the model


def load_recipe(path: Path) -> Recipe:
    """Read a recipe, a TOML file. Raises `ConfigError`."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not a readable TOML file ({error}).") from error
    unknown = content.keys() - {"model", "settings"}
    if unknown:
        raise ConfigError(
            f'{path} has unknown keys: {", ".join(sorted(unknown))}. Use model = "NAME" and a [settings] table.'
        )
    if not isinstance(content.get("settings", {}), dict):
        raise ConfigError(f"{path}: 'settings' is not a table. Write [settings] above the settings.")
    return Recipe(content.get("model"), content.get("settings", {}))


def select_models(names: Sequence[str], split: Split) -> SelectedModels:
    """Make the models to evaluate on `split`, the baselines first.

    A name is a registered model, a recipe (.toml) or the folder of a run. A run is used as saved if it was trained on
    exactly the training and validation part. Any other run has seen test ratings, so its model is fitted again.
    """
    models: dict[str, Recommender] = {name: make(name) for name in BASELINES}
    fitted: dict[str, str] = {}
    for name in names:
        path = Path(name)
        if path.suffix == ".toml":
            recipe = load_recipe(path)
            models[path.stem] = make(str(recipe.model), **recipe.settings)
        elif path.is_dir() and (is_run(path) or "/" in name):
            run = load_run(path)
            if run.info.data.fingerprint == split.before_test.fingerprint:
                models[name], fitted[name] = run.model, _FITTED_NOTE
            else:
                models[name] = type(run.model)(run.model.config)
        else:
            models[name] = make(name)
    return SelectedModels(models, fitted)


def limit_memory(model: Recommender, n_movies: int, budget: int | None = None) -> LimitedModel:
    """Limit the dense solutions of a model to `budget` bytes; by default, to a share of the free memory."""
    if budget is not None:
        return LimitedModel(fit_to_memory(model, n_movies, budget))
    limit = default_budget()
    limited = fit_to_memory(model, n_movies, limit)
    return LimitedModel(limited, None if limited is model else limit)
