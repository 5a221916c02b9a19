"""The weights of a blend, learned from movies that users rated next."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from matinee.arrays import Floats, Indices, MovieRows, Scores
from matinee.data.histories import Histories

_BLOCK_BYTES = 16 << 20  # of one part's scores worked on at a time


def learn_weights(
    scores: list[Scores], histories: Histories, targets: MovieRows, logs: list[bool], steps: int = 60
) -> tuple[Floats, Floats]:
    """Return weights and floors (parts,) that maximise the softmax likelihood of `targets` (n,) among unseen movies.

    `scores` holds each part's scores (n, movies). `logs` marks those that are logarithms already: they have no floor.
    The other parts' scores are cut at zero and divided by their mean, so that all floors are on one scale. The
    gradient is that of a log-linear model: the feature of the target less its expectation. Beside `scores`, only a
    block of users is held in memory.
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
            users = _UserBlock([part[block] for part in scores], (past.owner, past.movies), targets[block])
            block_value, block_slope = users.loss(weights, floors, means, logs)
            value, slope = value + block_value, slope + block_slope
        return value / n, slope / n

    start = np.array([1.0 / k] * k + [0.0] * k)
    bounds = [(0.0, 10.0)] * k + [(np.log(1e-4), np.log(1e4))] * k
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": steps, "ftol": 1e-6})
    return result.x[:k], np.exp(result.x[k:]) * means


@dataclass(frozen=True, eq=False)
class _UserBlock:
    """A block of users: the scores of each part, the movies they have seen, and their targets."""

    scores: list[Scores]  # per part: (n, movies)
    seen: tuple[Indices, MovieRows]  # user and movie of each entry of their histories
    targets: MovieRows  # (n,)

    def loss(self, weights: Floats, floors: Floats, means: Floats, logs: list[bool]) -> tuple[float, Floats]:
        """Return the summed negative log-likelihood, and its gradient by weights and log floors: (2 parts,)."""
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
        probability = np.exp(total)
        normaliser = probability.sum(axis=1, keepdims=True)
        probability /= normaliser

        def gradient(feature: Scores) -> float:
            return float((np.einsum("ij,ij->i", probability, feature) - feature[rows, self.targets]).sum())

        by_weight = [gradient(feature) for feature in features]
        by_floor = [
            0.0 if is_log else gradient(weight * floor / (part + floor))
            for part, (_, weight, floor, _, is_log) in zip(scaled, settings, strict=True)
        ]
        value = float((np.log(normaliser[:, 0]) - total[rows, self.targets]).sum())
        return value, np.array(by_weight + by_floor)
