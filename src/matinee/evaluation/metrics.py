"""Metrics of a ranking, one number per user wherever the metric has one.

`R` is the number of a user's test movies, `hits` how many of them are in the top k. Sources: Manning et al.,
"Introduction to Information Retrieval", ch. 8; Järvelin and Kekäläinen 2002 (NDCG); Zhou et al. 2010
(novelty); Ziegler et al. 2005 (intra-list diversity); Castells et al., "Novelty and diversity in
recommender systems" (coverage, Gini).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matinee.arrays import Floats, MovieRows
from matinee.evaluation.ranking import Ranking


@dataclass(frozen=True, eq=False)
class PerUser:
    """A metric as a mean (or, pooled, a ratio of sums) over users: value = sum(above) / sum(below)."""

    above: Floats  # (users,)
    below: Floats  # (users,) all ones for a mean


def accuracy(ranking: Ranking, k: int) -> dict[str, PerUser]:
    """Accuracy at `k` from the ranks of the test movies.

    - `hr`: 1 if hits > 0.
    - `recall`: hits / R.
    - `recall_capped`: hits / min(R, k), so that 1 can be reached; some libraries call this recall.
    - `recall_pooled`: all users' hits / all users' test movies.
    - `precision`: hits / k.
    - `map`: mean over min(R, k) of the precision at each hit.
    - `mrr`: 1 / rank of the first hit.
    - `ndcg`: sum over hits of 1 / log2(rank + 1), divided by its largest possible value.
    """
    owner = np.repeat(np.arange(len(ranking.offsets) - 1), np.diff(ranking.offsets))
    n = len(ranking.offsets) - 1
    R = np.diff(ranking.offsets).astype(float)
    ranks = ranking.ranks.astype(float)
    hit = ranks <= k
    place = np.arange(len(ranks)) - ranking.offsets[owner] + 1  # 1 for a user's best-ranked test movie, 2, ...

    def summed(values: Floats) -> Floats:
        return np.bincount(owner, weights=values, minlength=n).astype(float)

    hits = summed(hit.astype(float))
    ideal = np.concatenate([[0], np.cumsum(1 / np.log2(np.arange(1, k + 1) + 1))])
    ones = np.ones(n)
    means = {
        "hr": (hits > 0).astype(float),
        "recall": hits / R,
        "recall_capped": hits / np.minimum(R, k),
        "precision": hits / k,
        "map": summed(np.where(hit, place / ranks, 0)) / np.minimum(R, k),
        "mrr": summed(np.where(hit & (place == 1), 1 / ranks, 0)),
        "ndcg": summed(np.where(hit, 1 / np.log2(ranks + 1), 0)) / ideal[np.minimum(R, k).astype(int)],
    }
    return {f"{name}@{k}": PerUser(values, ones) for name, values in means.items()} | {
        f"recall_pooled@{k}": PerUser(hits, R)
    }


def novelty(top: MovieRows, counts: npt.NDArray[np.int64], n_users: int) -> PerUser:
    """Mean self-information of the movies shown, in bits: -log2 of the share of users who rated the movie.

    One imaginary user is added who rated everything, so that a movie nobody rated has a finite value.
    """
    bits = -np.log2((counts + 1) / (n_users + 1))
    return PerUser(_mean_over_list(bits[top], top), np.ones(len(top)))


def diversity(top: MovieRows, genres: npt.NDArray[np.float32]) -> PerUser:
    """1 - the mean cosine between the genres of each two movies of a list; (movies, genres) multi-hot."""
    norms = np.linalg.norm(genres, axis=1, keepdims=True)
    unit = np.append(genres / np.maximum(norms, 1e-12), np.zeros((1, genres.shape[1]), np.float32), axis=0)
    vectors = unit[top]  # (users, k, genres); -1 finds the row of zeros
    length = (top >= 0).sum(axis=1)
    together = (vectors.sum(axis=1) ** 2).sum(axis=1) - (vectors**2).sum(axis=(1, 2))
    pairs = length * (length - 1)
    return PerUser(np.where(pairs > 0, 1 - together / np.maximum(pairs, 1), 0), np.ones(len(top)))


def squared_error(predicted: npt.NDArray[np.float32], actual: npt.NDArray[np.float32], owner: npt.NDArray) -> PerUser:
    """Sum of squared errors and number of ratings of each user; RMSE is the root of the pooled ratio."""
    return PerUser(np.bincount(owner, (predicted - actual) ** 2.0).astype(float), np.bincount(owner).astype(float))


def absolute_error(predicted: npt.NDArray[np.float32], actual: npt.NDArray[np.float32], owner: npt.NDArray) -> PerUser:
    """Sum of absolute errors and number of ratings of each user; MAE is the pooled ratio."""
    return PerUser(np.bincount(owner, np.abs(predicted - actual)).astype(float), np.bincount(owner).astype(float))


def coverage(exposure: Floats) -> Floats:
    """Share of the catalogue shown to anybody: times shown (..., movies) -> (...)."""
    return (exposure > 0).mean(axis=-1)


def gini(exposure: Floats) -> Floats:
    """Inequality of how often movies are shown, 0 all alike, 1 all on one: times shown (..., movies) -> (...)."""
    ordered = np.sort(exposure, axis=-1)
    n = exposure.shape[-1]
    rank = 2 * np.arange(1, n + 1) - n - 1
    return (ordered @ rank) / (n * np.maximum(ordered.sum(axis=-1), 1e-12))


def _mean_over_list(values: Floats, top: MovieRows) -> Floats:
    shown = top >= 0
    return np.where(shown, values, 0).sum(axis=1) / np.maximum(shown.sum(axis=1), 1)
