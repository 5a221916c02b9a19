"""What all models trained by gradient descent share: a module, the loop, and its way into a run."""

from abc import abstractmethod
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.index.ranks import ranks_against_ties
from matinee.models.recommender import Recommender, State
from matinee.training.config import TrainingConfig
from matinee.training.curves import EventWriter
from matinee.training.loop import Batches, Training, Validation

_BLOCK = 1024  # users scored at a time while validating


class NeuralRecommender(Recommender):
    """A recommender around an `nn.Module`. `curve` tells, after `fit`, how each epoch went.

    With a `workspace`, checkpoints are written there, and a fit takes up what it finds there.
    """

    uses_validation = True
    needs = "it needs ratings"  # said of data that holds nothing for a model to learn from
    module: nn.Module

    @abstractmethod
    def build(self, train: Dataset) -> nn.Module:
        """A module with fresh weights for this catalogue and, where it knows them, these users."""

    @abstractmethod
    def rebuild(self, state: State) -> nn.Module:
        """A module of the shapes in `state`, which will be loaded into it; its weights do not matter."""

    @abstractmethod
    def batches(self, train: Dataset) -> Batches:
        """What to learn from, cut up for the loop. Raises `ProtocolError` for what the model cannot learn from."""

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train from fresh weights, choosing the epoch on `validation`, which is not learned from.

        Raises `ProtocolError` if there is nothing to learn from, and what the loop raises.
        """
        batches = self.batches(train)
        if not len(batches):
            raise ProtocolError(f"{self.name} has nothing to learn from: {self.needs}, and {train.name} has none")
        with torch.random.fork_rng():
            torch.manual_seed(self.training.seed)
            self.module = self.build(train)
        self.n_movies = train.n_movies
        chosen_by = self.validation(train, validation)
        settings = f"{self.name} {self.config.model_dump_json()} {train.fingerprint} {train.facts_fingerprint}"
        if chosen_by is not None and validation is not None:
            settings += f" {validation.fingerprint}"
        events = None if self.events is None else EventWriter(self.events)
        loop = Training(self.module, batches, self.training, chosen_by, self.workspace, settings, events)
        self.curve = loop.run()
        self.best_epoch = loop.standing.best_epoch if loop.standing.best is not None else None
        self.module.to("cpu").eval()
        return self

    @property
    def training(self) -> TrainingConfig:
        """The settings of the loop, which every config of a trained model holds as `training`."""
        return self.config.training  # pyright: ignore[reportAttributeAccessIssue]

    def unfitted_copy_for_all_data(self) -> Self:
        """An unfitted model that will train, without validation, for as many epochs as this one found best."""
        if self.best_epoch is None:
            return type(self)(self.config)
        training = self.training.model_copy(update={"epochs": self.best_epoch + 1})
        return type(self)(self.config.model_copy(update={"training": training}))

    def state(self) -> State:
        """The module's weights."""
        return {name: tensor.numpy() for name, tensor in self.module.state_dict().items()}

    def restore(self, state: State) -> None:
        """Put the weights into a fresh module."""
        self.module = self.rebuild(state)
        self.module.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
        self.module.eval()

    def validation(self, train: Dataset, validation: Dataset | None) -> Validation | None:
        """How epochs are compared: RMSE for models that predict ratings, else NDCG@10 over the full catalogue."""
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
        """Root mean squared error of the scores of each history's targets, which must have ratings."""
        predicted: list[npt.NDArray[np.float32]] = []
        for start in range(0, len(histories), _BLOCK):
            past, wanted = histories.block(start, start + _BLOCK), targets.block(start, start + _BLOCK)
            predicted.append(self.score(past)[wanted.owner, wanted.movies])
        return float(np.sqrt(np.mean((np.concatenate(predicted) - np.asarray(targets.ratings)) ** 2)))

    def ndcg(self, histories: Histories, targets: Histories, k: int = 10) -> float:
        """Mean NDCG@k of each history's targets among all movies it does not hold, ties against the model."""
        gains: list[float] = []
        for start in range(0, len(histories), _BLOCK):
            past, wanted = histories.block(start, start + _BLOCK), targets.block(start, start + _BLOCK)
            scores = self.score(past)
            scores[past.owner, past.movies] = -np.inf
            ranks, _ = ranks_against_ties(scores, wanted.offsets, wanted.movies)
            gains += _ndcg(ranks, wanted, k)
        return float(np.mean(gains))


def _ndcg(ranks: np.ndarray[Any, Any], targets: Histories, k: int) -> list[float]:
    gain = np.bincount(targets.owner, np.where(ranks <= k, 1 / np.log2(ranks + 1), 0), minlength=len(targets))
    ideal = np.cumsum(1 / np.log2(np.arange(2, k + 2)))
    return (gain / ideal[np.minimum(targets.lengths, k) - 1]).tolist()
