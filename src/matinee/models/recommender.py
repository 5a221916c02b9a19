"""The contract of every model: fit, score, similar, save, load.

A model turns histories into scores and knows nothing else. Which movies a user has seen, how long a list is, why a
movie is on it and how varied it is are decided elsewhere. To add a model, write one file with a `Recommender`, one
line in `registry.py`, one small test, and a section in `docs/models.md`.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from safetensors import SafetensorError
from safetensors.numpy import load_file

from matinee.arrays import Entries, MovieRows, Scores
from matinee.data.dataset import Dataset
from matinee.data.files import write_json, write_safetensors
from matinee.data.histories import Histories
from matinee.errors import ConfigError, NotFittedError, RunError

State = dict[str, np.ndarray[Any, Any]]

SETTINGS_FILE, WEIGHTS_FILE = "settings.json", "weights.safetensors"


class Config(BaseModel):
    """Settings of a model: fields with a default and a description. Immutable; unknown settings are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Recommender(ABC):
    """A model that scores every movie of its catalogue for a batch of histories."""

    name: ClassVar[str]
    description: ClassVar[str]  # one line for tables and cards
    config_class: ClassVar[type[Config]] = Config
    small_settings: ClassVar[Mapping[str, Any]] = MappingProxyType({})  # that suit a dozen movies, for tests

    scores_new_movies: ClassVar[bool] = False  # it can score movies without ratings
    predicts_ratings: ClassVar[bool] = False  # `score` is in the dataset's rating scale
    uses_validation: ClassVar[bool] = False  # `fit` chooses by validation and does not learn from it
    log_scores: ClassVar[bool] = False  # scores are log-probabilities, up to a constant per history
    uses_timestamps: bool = False  # it needs the order of each history (a blend: if one of its parts does)

    def __init__(self, config: Config | None = None, **settings: Any):
        """Take a whole config, or single settings by name. Raises `ConfigError`."""
        self.config = config if config is not None else parse_config(self.name, self.config_class, settings)
        self.n_movies = 0  # 0 until fitted or loaded

    @abstractmethod
    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Learn from `train`, forgetting any earlier fit. Returns itself.

        `validation` is for choosing weights and epochs. A model that chooses nothing learns from it as well.
        """

    def keep_checkpoints(self, folder: Path) -> None:
        """Write checkpoints of long fits to `folder` and resume from them. Models without epochs ignore this."""
        del folder

    def write_events(self, folder: Path) -> None:
        """Write the figures of each epoch to `folder` for TensorBoard. Models without epochs ignore this."""
        del folder

    def unfitted_copy_for_all_data(self) -> Self:
        """Make an unfitted model with these settings, for a fit on all ratings without a validation part."""
        return type(self)(self.config)

    @abstractmethod
    def score(self, histories: Histories) -> Scores:
        """Score the whole catalogue: n histories -> (n, movies) float32, finite, higher is better.

        Movies already in a history are scored like any other. A score depends on its own history alone, not
        on the rest of the batch.
        """

    @abstractmethod
    def state(self) -> State:
        """Return everything that `score` needs besides the config, as named arrays."""

    @abstractmethod
    def restore(self, state: State) -> None:
        """Take over a state that `state` returned. `n_movies` is set already."""

    def similar(self, movies: MovieRows) -> Scores:
        """Return the similarity of every movie to each of these: (n,) -> (n, movies).

        By default, movies are similar to those that the model would recommend to a user who had rated only them.
        """
        return self.score(Histories(np.arange(len(movies) + 1, dtype=np.int64), np.asarray(movies, dtype=np.int32)))

    def score_without(self, history: Histories, entries: Entries, movies: MovieRows | None = None) -> Scores:
        """Score one history with each of its `entries` (n,) left out in turn: (n, movies), or those of `movies`.

        The other entries keep their age. By default, the model scores n histories with a gap each.
        """
        scores = self.score(history.each_with_gap(entries))
        return scores if movies is None else scores[:, movies]

    def save(self, folder: Path, fit_info: Mapping[str, Any] | None = None) -> None:
        """Write settings and weights to `folder`, atomically. `fit_info` is added to the settings file."""
        self.require_fitted()
        settings = {
            "model": self.name,
            "config": self.config.model_dump(mode="json"),
            "movies": self.n_movies,
        }
        settings |= fit_info or {}
        write_safetensors(folder / WEIGHTS_FILE, self.state())
        write_json(folder / SETTINGS_FILE, settings)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a saved model back from its folder. Runs no code from the files. Raises `RunError`."""
        try:
            settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
            state = load_file(folder / WEIGHTS_FILE)
            model = cls(**settings["config"])
            model.n_movies = int(settings["movies"])
            model.restore(state)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise RunError(f"{folder} is not a complete saved {cls.name} model ({error}). Train it again.") from error
        return model

    def require_fitted(self) -> None:
        """Raise `NotFittedError` before `fit` or `load`."""
        if not self.n_movies:
            raise NotFittedError(f"{self.name} is not fitted. Call fit() or load() first.")


def parse_config(model: str, config: type[Config], settings: dict[str, Any]) -> Config:
    """Check settings against a config class. Raises `ConfigError` with one line that lists the valid settings."""
    try:
        return config(**settings)
    except ValidationError as error:
        first = error.errors()[0]
        setting = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            valid = ", ".join(fields_of(config)) or "none"
            raise ConfigError(f"{model} has no setting '{setting}'. Its settings: {valid}.") from error
        raise ConfigError(f"{model}: invalid {setting}={first['input']!r}. {first['msg']}.") from error


def fields_of(config: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a config class by name, its own before inherited ones."""
    own = config.__annotations__
    return dict(sorted(config.model_fields.items(), key=lambda item: item[0] not in own))


def with_validation(train: Dataset, validation: Dataset | None) -> Dataset:
    """Join train and validation, for models that choose nothing by validation."""
    return train if validation is None or not len(validation.ratings) else train.concat(validation)
