"""The base of models trained by gradient descent: a module, the training loop, and saving."""

import hashlib
from abc import abstractmethod
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from torch import nn

from matinee.arrays import Floats32
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.index.ranks import ranks_against_ties
from matinee.models.recommender import Recommender, State
from matinee.training.curves import Curve, EventWriter
from matinee.training.loop import Batches, Training, TrainingConfig, Validation

_BLOCK = 1024  # users scored at a time while validating


class NeuralRecommender(Recommender):
    """A recommender around an `nn.Module`. After `fit`, `curve` has the figures of each epoch.

    With a `workspace`, a fit writes checkpoints there, and resumes from those it finds.
    """

    uses_validation = True
    data_needs = "it needs ratings"  # part of the error for data with nothing to learn from
    module: nn.Module

    workspace: Path | None = None  # folder of checkpoints
    events: Path | None = None  # folder for TensorBoard
    curve: Curve = ()  # one entry per epoch of the last fit
    best_epoch: int | None = None  # from 0: the epoch whose weights were kept; None without validation

    @abstractmethod
    def build_module(self, train: Dataset) -> nn.Module:
        """Build a module with initial weights for this catalogue and, if it uses ids, these users."""

    @abstractmethod
    def rebuild_module(self, state: State) -> nn.Module:
        """Build a module with the shapes of `state`, which is then loaded into it."""

    @abstractmethod
    def make_batches(self, train: Dataset) -> Batches:
        """Make the batches for the training loop. Raises `ProtocolError` if the model cannot learn from this data."""

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train from initial weights. The epoch is chosen on `validation`, which is not used for training.

        Raises `ProtocolError` if there is nothing to learn from, and the errors of `Training.run`.
        """
        batches = self.make_batches(train)
        if not len(batches):
            raise ProtocolError(f"{self.name} has nothing to learn from: {self.data_needs}, and {train.name} has none.")
        with torch.random.fork_rng():
            torch.manual_seed(self.training.seed)
            self.module = self.build_module(train)
        self.n_movies = train.n_movies
        validation_figure = self.make_validation(train, validation)
        settings = f"{self.name} {self.config.model_dump_json()} {train.fingerprint} {train.facts_fingerprint}"
        if validation_figure is not None and validation is not None:
            settings += f" {validation.fingerprint}"
        events = None if self.events is None else EventWriter(self.events)
        loop = Training(self.module, batches, self.training, validation_figure, self.workspace, settings, events)
        self.curve = loop.run()
        self.best_epoch = loop.state.best_epoch if loop.state.best is not None else None
        self.module.to("cpu").eval()
        return self

    def keep_checkpoints(self, folder: Path) -> None:
        """Write checkpoints to `folder`, under a name that only the same settings share, and resume from them."""
        digest = hashlib.blake2b(self.config.model_dump_json().encode(), digest_size=4).hexdigest()
        self.workspace = folder / f"{self.name}-{digest}"

    def write_events(self, folder: Path) -> None:
        """Write the figures of each epoch to `folder` for TensorBoard."""
        self.events = folder

    @property
    def training(self) -> TrainingConfig:
        """The settings of the loop: the field `training` of every config."""
        return self.config.training  # pyright: ignore[reportAttributeAccessIssue]

    def unfitted_copy_for_all_data(self) -> Self:
        """Make an unfitted model that trains, without validation, for as many epochs as this one found best."""
        if self.best_epoch is None:
            return type(self)(self.config)
        training = self.training.model_copy(update={"epochs": self.best_epoch + 1})
        return type(self)(self.config.model_copy(update={"training": training}))

    def state(self) -> State:
        """Return the weights of the module."""
        return {name: tensor.numpy() for name, tensor in self.module.state_dict().items()}

    def restore(self, state: State) -> None:
        """Load the weights into a new module."""
        self.module = self.rebuild_module(state)
        self.module.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
        self.module.eval()

    def make_validation(self, train: Dataset, validation: Dataset | None) -> Validation | None:
        """Choose the validation figure: RMSE for models that predict ratings, else NDCG@10 over the full catalogue."""
        if validation is None:
            return None
        users = np.unique(validation.ratings.user)
        users = users[train.histories.lengths[users] > 0]
        if not len(users):
            return None
        histories, targets = train.histories_of(users), validation.histories_of(users)
        if self.predicts_ratings:
            return Validation("RMSE", lambda: self.rmse(histories, targets), lower_is_better=True)
        return Validation("NDCG@10", lambda: self.ndcg(histories, targets))

    def rmse(self, histories: Histories, targets: Histories) -> float:
        """Return the root mean squared error at the targets of each history, which must have ratings."""
        predicted: list[Floats32] = []
        for start in range(0, len(histories), _BLOCK):
            past, block_targets = histories.block(start, start + _BLOCK), targets.block(start, start + _BLOCK)
            predicted.append(self.score(past)[block_targets.owner, block_targets.movies])
        return float(np.sqrt(np.mean((np.concatenate(predicted) - np.asarray(targets.ratings)) ** 2)))

    def ndcg(self, histories: Histories, targets: Histories, k: int = 10) -> float:
        """Return the mean NDCG@k of the targets among all unseen movies; ties count against the model."""
        gains: list[float] = []
        for start in range(0, len(histories), _BLOCK):
            past, block_targets = histories.block(start, start + _BLOCK), targets.block(start, start + _BLOCK)
            scores = self.score(past)
            scores[past.owner, past.movies] = -np.inf
            ranks, _ = ranks_against_ties(scores, block_targets.offsets, block_targets.movies)
            gains += _ndcg(ranks, block_targets, k)
        return float(np.mean(gains))


def _ndcg(ranks: np.ndarray[Any, Any], targets: Histories, k: int) -> list[float]:
    gain = np.bincount(targets.owner, np.where(ranks <= k, 1 / np.log2(ranks + 1), 0), minlength=len(targets))
    ideal = np.cumsum(1 / np.log2(np.arange(2, k + 2)))
    return (gain / ideal[np.minimum(targets.lengths, k) - 1]).tolist()
