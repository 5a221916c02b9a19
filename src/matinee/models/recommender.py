"""The contract every model keeps: fit, score, similar, save, load.

A model turns histories into scores and knows nothing else: what a user has seen, how long a list is, why
a movie is on it and how varied it is are decided outside. Adding a model is one file with a `Recommender`
in it, one line in `registry.py`, one small test, and one row in `docs/models.md`.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file

from matinee.arrays import Scores
from matinee.data.dataset import Dataset
from matinee.data.files import write_json, write_safetensors
from matinee.data.histories import Histories
from matinee.errors import ConfigError, NotFittedError, RunError
from matinee.training.curves import Curve

State = dict[str, np.ndarray[Any, Any]]

SETTINGS_FILE, WEIGHTS_FILE = "settings.json", "weights.safetensors"


class Config(BaseModel):
    """Settings of a model: written once as fields with defaults, immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Recommender(ABC):
    """A model that scores every movie of its catalogue for a batch of histories."""

    name: ClassVar[str]
    description: ClassVar[str]  # one line, shown in tables and cards
    config_class: ClassVar[type[Config]] = Config

    scores_new_users: ClassVar[bool] = True  # a history is enough; nobody has to have been in training
    scores_new_movies: ClassVar[bool] = False  # can place a movie nobody has rated
    predicts_ratings: ClassVar[bool] = False  # `score` is in the dataset's rating scale
    uses_validation: ClassVar[bool] = False  # `fit` chooses by validation and does not learn from it
    log_scores: ClassVar[bool] = False  # scores are logarithms of chances, up to a constant per history
    uses_timestamps: bool = False  # needs to know the order of each history (a blend: if one of its parts does)

    # Of models that train for long, epoch by epoch:
    workspace: Path | None = None  # folder for checkpoints
    events: Path | None = None  # folder for TensorBoard
    curve: Curve = ()  # how each epoch went
    best_epoch: int | None = None  # from 0: whose weights were kept; None without validation

    def __init__(self, config: Config | None = None, **settings: Any):
        """Take a whole config, or single settings by name. Raises `ConfigError`."""
        self.config = config if config is not None else parse_config(self.name, self.config_class, settings)
        self.n_movies = 0  # 0 until fitted or loaded

    @abstractmethod
    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Learn from `train`, forgetting any earlier fit. Returns itself.

        `validation` is for choosing (weights, epochs). A model that chooses nothing learns from it as well.
        """

    def keep_checkpoints(self, folder: Path) -> None:
        """Let a fit that takes long leave checkpoints in `folder`, and take up what is there of the same settings."""
        digest = hashlib.blake2b(self.config.model_dump_json().encode(), digest_size=4).hexdigest()
        self.workspace = folder / f"{self.name}-{digest}"

    def unfitted_copy_for_all_data(self) -> Self:
        """An unfitted model with these settings, for a fit on all ratings, where nothing is left to choose by."""
        return type(self)(self.config)

    @abstractmethod
    def score(self, histories: Histories) -> Scores:
        """Score the whole catalogue: n histories -> (n, movies) float32, finite, higher is better.

        Movies already in a history are scored like any other. A score depends on its own history alone, not
        on the rest of the batch.
        """

    @abstractmethod
    def state(self) -> State:
        """What was learned, as named arrays: everything `score` needs besides the config."""

    @abstractmethod
    def restore(self, state: State) -> None:
        """Take back what `state` gave; `n_movies` is set already."""

    def similar(self, movies: npt.NDArray[np.int32]) -> Scores:
        """Likeness of every movie to each of these movie rows: (n,) -> (n, movies).

        Unless a model knows better, movies are alike when one is what it would recommend to somebody who
        had rated only the other.
        """
        return self.score(Histories(np.arange(len(movies) + 1, dtype=np.int64), np.asarray(movies, dtype=np.int32)))

    def score_without(
        self, history: Histories, entries: npt.NDArray[np.int64], movies: npt.NDArray[np.int32] | None = None
    ) -> Scores:
        """One history's scores with each of its `entries` (n,) taken out by itself: (n, movies), or those of `movies`.

        The other entries keep their places in time. Unless a model can tell at once, it is asked again.
        """
        scores = self.score(history.each_with_gap(entries))
        return scores if movies is None else scores[:, movies]

    def save(self, folder: Path, about: dict[str, Any] | None = None) -> None:
        """Write settings (with whatever else `about` says of this fit) and weights into `folder`, atomically."""
        self.require_fitted()
        settings = {
            "model": self.name,
            "config": self.config.model_dump(mode="json"),
            "movies": self.n_movies,
        }
        settings |= about or {}
        write_safetensors(folder / WEIGHTS_FILE, self.state())
        write_json(folder / SETTINGS_FILE, settings)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a model back from the folder `save` wrote. Runs no code from the files. Raises `RunError`."""
        try:
            settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
            state = load_file(folder / WEIGHTS_FILE)
            model = cls(**settings["config"])
            model.n_movies = int(settings["movies"])
            model.restore(state)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise RunError(f"{folder}: not a complete saved {cls.name} model ({error})") from error
        return model

    def require_fitted(self) -> None:
        """Raise `NotFittedError` before `fit` or `load`."""
        if not self.n_movies:
            raise NotFittedError(f"{self.name} was asked for scores before fit() or load()")


def parse_config(model: str, config: type[Config], settings: dict[str, Any]) -> Config:
    """Check settings against a config class. Raises `ConfigError` with one line that lists the valid keys."""
    try:
        return config(**settings)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        valid = ", ".join(config.model_fields) or "none: it takes no settings"
        if first["type"] == "extra_forbidden":
            raise ConfigError(f"{model} has no setting '{key}'; its settings are {valid}") from error
        raise ConfigError(f"{model}: setting {key}={first['input']!r} is wrong: {first['msg']}") from error


def with_validation(train: Dataset, validation: Dataset | None) -> Dataset:
    """Train and validation together: for models that have nothing left to choose."""
    return train if validation is None or not len(validation.ratings) else train.concat(validation)
