"""`blend`: several models joined as a product of experts.

Each part k gives a score s_k; the blend is sum_k w_k log(max(s_k, 0) + floor_k): experts multiplied, so that a
movie has to please all of them, where a sum of scores lets one shout the others down (Hinton, "Training
products of experts by minimizing contrastive divergence", 2002). Scores that are logarithms already, as those
of a network under a softmax are, enter as they are. Weights and floors maximise the likelihood of the
validation movies under a softmax over the movies a user had not seen. They are learned with the parts fitted on
the training part alone; then the closed forms are fitted once more, on training and validation together.
Networks are not: they chose their epoch on validation, and what they learned is the same either way.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy.optimize import minimize

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import leave_last, random_ratings
from matinee.errors import ProtocolError
from matinee.models.recommender import Config, Recommender, Scores, State, learn_from
from matinee.models.registry import make
from matinee.progress import track

Floats = npt.NDArray[np.float64]

_SAMPLE_BYTES = 512 << 20  # scores of all parts for the sampled validation movies


class PartConfig(Config):
    """One expert: a model's name and those of its settings that differ from the defaults."""

    model: str
    settings: dict[str, Any] = Field(default_factory=dict[str, Any])


class BlendConfig(Config):
    """Settings of `blend`."""

    parts: tuple[PartConfig, ...] = (
        PartConfig(model="slist"),
        PartConfig(model="ease", settings={"half_life": 4.0}),
        PartConfig(model="ease"),
    )
    sample: int = Field(default=2000, ge=1)  # validation movies that the weights are learned from
    seed: int = Field(default=0, ge=0)  # of that sample


class Blend(Recommender):
    """A weighted product of other models' scores."""

    name = "blend"
    about = "several models multiplied together, weights learned on validation"
    config_class = BlendConfig
    config: BlendConfig
    weights: Floats  # (parts,)
    floors: Floats  # (parts,): what a score of zero counts as

    def __init__(self, config: Config | None = None, **settings: Any):
        """Make the parts. Raises `ConfigError` and, for an unknown part, `NotFoundError`."""
        super().__init__(config, **settings)
        self.parts = [make(part.model, **part.settings) for part in self.config.parts]
        self.uses_timestamps = any(part.uses_timestamps for part in self.parts)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Learn the weights on `validation` (held out from `train` if there is none), then refit the parts."""
        if validation is None or not len(validation.ratings):
            train, validation = _hold_out(train, self.config.seed)
        for part in track(self.parts, "fitting parts to learn their weights"):
            part.fit(train, validation if part.chooses else None)
        histories, targets = self._sample(train, validation)
        scores = [part.score(histories) for part in self.parts]
        logs = [part.log_scores for part in self.parts]
        self.weights, self.floors = learn_weights(scores, histories, targets, logs)
        known = learn_from(train, validation)
        del scores  # some hundred megabytes
        for part in track([part for part in self.parts if not part.chooses], "fitting parts on everything"):
            part.fit(known)
        self.n_movies = known.n_movies
        return self

    def keep_checkpoints(self, folder: Path) -> None:
        """Let each part do so."""
        for part in self.parts:
            part.keep_checkpoints(folder)

    def score(self, histories: Histories) -> Scores:
        """The weighted sum of the logarithms of the parts' scores."""
        self.require_fitted()
        return self.join([part.score(histories) for part in self.parts])

    def score_without(
        self, history: Histories, entries: npt.NDArray[np.int64], movies: npt.NDArray[np.int32] | None = None
    ) -> Scores:
        """The parts' scores without each entry, joined like any."""
        self.require_fitted()
        return self.join([part.score_without(history, entries, movies) for part in self.parts])

    def join(self, scores_of_parts: Iterable[Scores]) -> Scores:
        """What the parts' scores, (n, movies) each, come to together: (n, movies)."""
        experts: list[Scores] = []
        weights, floors = self.weights.tolist(), self.floors.tolist()
        for part, scores, weight, floor in zip(self.parts, scores_of_parts, weights, floors, strict=True):
            linked = scores if part.log_scores else np.maximum(scores, 0)
            if not part.log_scores:
                linked += floor
                np.log(linked, out=linked)
            experts.append(weight * linked)
        return sum(experts[1:], start=experts[0])

    def similar(self, movies: npt.NDArray[np.int32]) -> Scores:
        """Likeness as the first part has it that ignores order: what is rated next need not be alike."""
        timeless = [part for part in self.parts if not part.uses_timestamps]
        return timeless[0].similar(movies) if timeless else super().similar(movies)

    def state(self) -> State:
        """The weights, the floors, and each part's arrays under its number."""
        state: State = {"weights": self.weights, "floors": self.floors}
        for number, part in enumerate(self.parts):
            state |= {f"{number}.{name}": array for name, array in part.state().items()}
        return state

    def restore(self, state: State) -> None:
        """Take weights, floors and parts back."""
        self.weights, self.floors = state["weights"], state["floors"]
        for number, part in enumerate(self.parts):
            prefix = f"{number}."
            part.n_movies = self.n_movies
            part.restore({name.removeprefix(prefix): array for name, array in state.items() if name.startswith(prefix)})

    def _sample(self, train: Dataset, validation: Dataset) -> tuple[Histories, npt.NDArray[np.int32]]:
        """Some validation movies of users with a past, and the history that went before each."""
        has_past = train.histories.lengths[validation.ratings.user] > 0
        usable = np.flatnonzero(has_past)
        if not len(usable):
            raise ProtocolError("blend cannot learn its weights: no user has ratings in both training and validation")
        affordable = max(1, _SAMPLE_BYTES // (4 * train.n_movies * len(self.parts)))
        size = min(self.config.sample, affordable, len(usable))
        chosen = np.random.default_rng(self.config.seed).choice(usable, size, replace=False)
        return train.histories_of(validation.ratings.user[chosen]), validation.ratings.movie[chosen]


def learn_weights(
    scores: list[Scores], histories: Histories, targets: npt.NDArray[np.int32], logs: list[bool], steps: int = 60
) -> tuple[Floats, Floats]:
    """Weights and floors (parts,) that maximise the softmax likelihood of `targets` (n,) among unseen movies.

    `scores` holds each part's scores (n, movies), and `logs` says which of them are logarithms already: those
    have no floor. The gradient is the usual one of a log-linear model: what the target has of a feature less what
    the model expects of it. The other parts' scores are cut at zero and divided by their mean, so that floors of
    all parts live on one scale.
    """
    n, k = len(targets), len(scores)
    positive = [part if is_log else np.maximum(part, 0) for part, is_log in zip(scores, logs, strict=True)]
    means = [1.0 if is_log else max(float(part.mean()), 1e-12) for part, is_log in zip(positive, logs, strict=True)]
    scaled = [part / mean for part, mean in zip(positive, means, strict=True)]
    rows = np.arange(n)
    seen = (histories.owner, histories.movies)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, floors = parameters[:k].tolist(), np.exp(parameters[k:]).tolist()
        features = [
            part if is_log else np.log(part + floor) for part, floor, is_log in zip(scaled, floors, logs, strict=True)
        ]
        total = np.zeros_like(scaled[0])  # (n, movies)
        for weight, feature in zip(weights, features, strict=True):
            total += weight * feature
        total[seen] = -np.inf
        total -= total.max(axis=1, keepdims=True)
        chance = np.exp(total)
        normaliser = chance.sum(axis=1, keepdims=True)
        chance /= normaliser
        negative_log_likelihood = float((np.log(normaliser[:, 0]) - total[rows, targets]).mean())

        def gradient(feature: Scores) -> float:
            return float((np.einsum("ij,ij->i", chance, feature) - feature[rows, targets]).mean())

        by_weight = [gradient(feature) for feature in features]
        by_floor = [
            0.0 if is_log else gradient(weight * floor / (part + floor))
            for part, weight, floor, is_log in zip(scaled, weights, floors, logs, strict=True)
        ]
        return negative_log_likelihood, np.array(by_weight + by_floor)

    start = np.array([1.0 / k] * k + [0.0] * k)
    bounds = [(0.0, 10.0)] * k + [(np.log(1e-4), np.log(1e4))] * k
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": steps, "ftol": 1e-6})
    return found.x[:k], np.exp(found.x[k:]) * np.array(means)


def _hold_out(train: Dataset, seed: int) -> tuple[Dataset, Dataset]:
    """Train and validation parts of a training set that came without validation: everybody's last, if known."""
    split = leave_last(train) if train.has_order else None
    if split is None or not len(split.test.ratings):
        split = random_ratings(train, 0.1, seed)
    return split.known, split.test
