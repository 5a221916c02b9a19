"""What all models trained by gradient descent share: a module, the loop, and its way into a run."""

from abc import abstractmethod
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from torch import nn

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.index.ranks import ranks_against_ties
from matinee.models.recommender import Recommender, State
from matinee.training.config import TrainingConfig
from matinee.training.loop import Batches, Curve, Training

_BLOCK = 1024  # users scored at a time while validating


class TrainedRecommender(Recommender):
    """A recommender around an `nn.Module`. `curve` tells, after `fit`, how each epoch went."""

    module: nn.Module
    curve: Curve
    workspace: Path | None = None  # folder for checkpoints; a fit takes up what it finds there

    @abstractmethod
    def build(self, n_movies: int) -> nn.Module:
        """A module with fresh weights for a catalogue of this size."""

    @abstractmethod
    def learn(self, train: Dataset, validation: Dataset | None) -> Curve:
        """Train `self.module`."""

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train from fresh weights, choosing the epoch on `validation`, which is not learned from."""
        with torch.random.fork_rng():
            torch.manual_seed(self.training.seed)
            self.module = self.build(train.n_movies)
        self.n_movies = train.n_movies
        self.curve = self.learn(train, validation)
        self.module.to("cpu").eval()
        return self

    @property
    def training(self) -> TrainingConfig:
        """The settings of the loop, which every config of a trained model holds as `training`."""
        return self.config.training  # pyright: ignore[reportAttributeAccessIssue]

    def state(self) -> State:
        """The module's weights."""
        return {name: tensor.numpy() for name, tensor in self.module.state_dict().items()}

    def restore(self, state: State) -> None:
        """Put the weights into a fresh module."""
        self.module = self.build(self.n_movies)
        self.module.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
        self.module.eval()

    def run_training(self, batches: Batches, train: Dataset, validation: Dataset | None) -> Curve:
        """Run the loop, validating by NDCG@10 over the full catalogue."""
        settings = f"{self.name} {self.config.model_dump_json()} {train.fingerprint}"
        users = np.array([], dtype=np.int32) if validation is None else np.unique(validation.ratings.user)
        users = users[train.histories.lengths[users] > 0]
        validate = None
        if validation is not None and len(users):
            settings += f" {validation.fingerprint}"
            validate = partial(self.ndcg, train.histories_of(users), validation.histories_of(users))
        return Training(self.module, batches, self.training, validate, self.workspace, settings).run()

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
