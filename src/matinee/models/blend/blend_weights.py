"""How much each expert of a blend is to be believed, learned from movies that people went on to rate."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from matinee.arrays import Floats, Scores
from matinee.data.histories import Histories

_BLOCK_BYTES = 16 << 20  # of one part's scores worked on at a time


def learn_weights(
    scores: list[Scores], histories: Histories, targets: npt.NDArray[np.int32], logs: list[bool], steps: int = 60
) -> tuple[Floats, Floats]:
    """Weights and floors (parts,) that maximise the softmax likelihood of `targets` (n,) among unseen movies.

    `scores` holds each part's scores (n, movies), and `logs` says which of them are logarithms already: those
    have no floor. The gradient is the usual one of a log-linear model: what the target has of a feature less what
    the model expects of it. The other parts' scores are cut at zero and divided by their mean, so that floors of
    all parts live on one scale. Beside `scores`, no more than a block of people is held.
    """
    n, k = len(targets), len(scores)
    rows = max(1, _BLOCK_BYTES // (4 * scores[0].shape[1]))
    blocks = [slice(start, min(start + rows, n)) for start in range(0, n, rows)]
    means = np.ones(k)
    for part, is_log in enumerate(logs):
        if not is_log:
            total = sum(float(np.maximum(scores[part][block], 0).sum(dtype=np.float64)) for block in blocks)
            means[part] = max(total / scores[part].size, 1e-12)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, floors = parameters[:k], np.exp(parameters[k:])
        value, slope = 0.0, np.zeros(2 * k)
        for block in blocks:
            past = histories.block(block.start, block.stop)
            people = _People([part[block] for part in scores], (past.owner, past.movies), targets[block])
            more, steeper = people.loss(weights, floors, means, logs)
            value, slope = value + more, slope + steeper
        return value / n, slope / n

    start = np.array([1.0 / k] * k + [0.0] * k)
    bounds = [(0.0, 10.0)] * k + [(np.log(1e-4), np.log(1e4))] * k
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": steps, "ftol": 1e-6})
    return found.x[:k], np.exp(found.x[k:]) * means


@dataclass(frozen=True, eq=False)
class _People:
    """Some people, what each part made of them, and what they went on to rate."""

    scores: list[Scores]  # of each part: (n, movies)
    seen: tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]  # whose entries, and which movies
    targets: npt.NDArray[np.int32]  # (n,)

    def loss(self, weights: Floats, floors: Floats, means: Floats, logs: list[bool]) -> tuple[float, Floats]:
        """Negative log-likelihood, summed, and its gradient by weights and by the logarithms of floors: (2 parts,)."""
        rows = np.arange(len(self.targets))
        settings = list(zip(self.scores, weights.tolist(), floors.tolist(), means.tolist(), logs, strict=True))
        scaled = [part if is_log else np.maximum(part, 0) / mean for part, _, _, mean, is_log in settings]
        features = [
            part if is_log else np.log(part + floor)
            for part, (_, _, floor, _, is_log) in zip(scaled, settings, strict=True)
        ]
        total = np.zeros_like(scaled[0])  # (n, movies)
        for feature, (_, weight, _, _, _) in zip(features, settings, strict=True):
            total += weight * feature
        total[self.seen] = -np.inf
        total -= total.max(axis=1, keepdims=True)
        chance = np.exp(total)
        normaliser = chance.sum(axis=1, keepdims=True)
        chance /= normaliser

        def gradient(feature: Scores) -> float:
            return float((np.einsum("ij,ij->i", chance, feature) - feature[rows, self.targets]).sum())

        by_weight = [gradient(feature) for feature in features]
        by_floor = [
            0.0 if is_log else gradient(weight * floor / (part + floor))
            for part, (_, weight, floor, _, is_log) in zip(scaled, settings, strict=True)
        ]
        value = float((np.log(normaliser[:, 0]) - total[rows, self.targets]).sum())
        return value, np.array(by_weight + by_floor)
