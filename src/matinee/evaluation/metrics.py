"""The functions that compute the metrics of `reports/metrics.py`, one number per user wherever a metric has one.

`R` is the number of a user's test movies, `hits` how many of them are in the top k. Sources: Manning et al.,
"Introduction to Information Retrieval", ch. 8; Järvelin and Kekäläinen 2002 (NDCG); Zhou et al. 2010
(novelty); Ziegler et al. 2005 (intra-list diversity); Castells et al., "Novelty and diversity in
recommender systems" (coverage, Gini).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from matinee.arrays import AnyRows, Embeddings, Floats, Floats32, Indices, Mask, MovieRows
from matinee.evaluation.ranking import Ranking


@dataclass(frozen=True, eq=False)
class PerUser:
    """A metric as a mean (or, pooled, a ratio of sums) over users: value = sum(above) / sum(below)."""

    above: Floats  # (users,)
    below: Floats  # (users,) all ones for a mean


@dataclass(frozen=True, eq=False)
class TopHits:
    """The hits of a ranking in the top `k`, per test movie and per user."""

    k: int
    ranks: Floats  # (targets,)
    owner: Indices  # (targets,) the user of each test movie
    hit: Mask  # (targets,)
    order: Indices  # (targets,) 1 for a user's best-ranked test movie, 2, ...
    R: Floats  # (users,) test movies
    hits: Floats  # (users,)

    @classmethod
    def of(cls, ranking: Ranking, k: int) -> Self:
        """Find the hits of a ranking."""
        owner = np.repeat(np.arange(len(ranking.offsets) - 1), np.diff(ranking.offsets))
        R = np.diff(ranking.offsets).astype(float)
        ranks = ranking.ranks.astype(float)
        hit = ranks <= k
        order = np.arange(len(ranks)) - ranking.offsets[owner] + 1
        hits = np.bincount(owner, weights=hit.astype(float), minlength=len(R)).astype(float)
        return cls(k, ranks, owner, hit, order, R, hits)

    def per_user(self, values: Floats) -> Floats:
        """Sum values of test movies for each user: (targets,) -> (users,)."""
        return np.bincount(self.owner, weights=values, minlength=len(self.R)).astype(float)


AccuracyMetric = Callable[[TopHits], Floats | PerUser]
ACCURACY: dict[str, AccuracyMetric] = {}


def accuracy_metric(name: str) -> Callable[[AccuracyMetric], AccuracyMetric]:
    """Register a function of `TopHits` as the metric of that name in `reports/metrics.py`."""

    def register(function: AccuracyMetric) -> AccuracyMetric:
        ACCURACY[name] = function
        return function

    return register


def accuracy(ranking: Ranking, k: int) -> dict[str, PerUser]:
    """Compute every registered accuracy metric at `k` from the ranks of the test movies: "ndcg@10" -> values."""
    top = TopHits.of(ranking, k)
    ones = np.ones(len(top.R))
    values = {f"{name}@{k}": function(top) for name, function in ACCURACY.items()}
    return {key: value if isinstance(value, PerUser) else PerUser(value, ones) for key, value in values.items()}


@accuracy_metric("hr")
def hit_rate(top: TopHits) -> Floats:
    """1 if hits > 0."""
    return (top.hits > 0).astype(float)


@accuracy_metric("recall")
def recall(top: TopHits) -> Floats:
    """Hits / R."""
    return top.hits / top.R


@accuracy_metric("recall_capped")
def recall_capped(top: TopHits) -> Floats:
    """Hits / min(R, k), which can reach 1; some libraries call this recall."""
    return top.hits / np.minimum(top.R, top.k)


@accuracy_metric("precision")
def precision(top: TopHits) -> Floats:
    """Hits / k."""
    return top.hits / top.k


@accuracy_metric("map")
def average_precision(top: TopHits) -> Floats:
    """Mean over min(R, k) of the precision at each hit."""
    return top.per_user(np.where(top.hit, top.order / top.ranks, 0)) / np.minimum(top.R, top.k)


@accuracy_metric("mrr")
def reciprocal_rank(top: TopHits) -> Floats:
    """1 / rank of the first hit, 0 without one."""
    return top.per_user(np.where(top.hit & (top.order == 1), 1 / top.ranks, 0))


@accuracy_metric("ndcg")
def ndcg(top: TopHits) -> Floats:
    """Sum over hits of 1 / log2(rank + 1), divided by its largest possible value."""
    ideal = np.concatenate([[0], np.cumsum(1 / np.log2(np.arange(1, top.k + 1) + 1))])
    gains = top.per_user(np.where(top.hit, 1 / np.log2(top.ranks + 1), 0))
    return gains / ideal[np.minimum(top.R, top.k).astype(int)]


@accuracy_metric("recall_pooled")
def recall_pooled(top: TopHits) -> PerUser:
    """All users' hits / all users' test movies."""
    return PerUser(top.hits, top.R)


def novelty(top: MovieRows, counts: Indices, n_users: int) -> PerUser:
    """Mean self-information of the movies shown, in bits: -log2 of the share of users who rated each movie.

    One imaginary user who rated everything is added, so that a movie without ratings has a finite value.
    """
    bits = -np.log2((counts + 1) / (n_users + 1))
    return PerUser(_mean_over_list(bits[top], top), np.ones(len(top)))


def diversity(top: MovieRows, genres: Embeddings) -> PerUser:
    """1 - the mean cosine between the genres of any two movies of a list; (movies, genres) multi-hot."""
    norms = np.linalg.norm(genres, axis=1, keepdims=True)
    unit = np.append(genres / np.maximum(norms, 1e-12), np.zeros((1, genres.shape[1]), np.float32), axis=0)
    vectors = unit[top]  # (users, k, genres); -1 finds the row of zeros
    length = (top >= 0).sum(axis=1)
    co_occurrence = (vectors.sum(axis=1) ** 2).sum(axis=1) - (vectors**2).sum(axis=(1, 2))
    pairs = length * (length - 1)
    return PerUser(np.where(pairs > 0, 1 - co_occurrence / np.maximum(pairs, 1), 0), np.ones(len(top)))


def squared_error(predicted: Floats32, actual: Floats32, owner: AnyRows) -> PerUser:
    """Sum of squared errors and number of ratings of each user; RMSE is the root of the pooled ratio."""
    return PerUser(np.bincount(owner, (predicted - actual) ** 2.0).astype(float), np.bincount(owner).astype(float))


def absolute_error(predicted: Floats32, actual: Floats32, owner: AnyRows) -> PerUser:
    """Sum of absolute errors and number of ratings of each user; MAE is the pooled ratio."""
    return PerUser(np.bincount(owner, np.abs(predicted - actual)).astype(float), np.bincount(owner).astype(float))


def coverage(exposure: Floats) -> Floats:
    """Share of the catalogue shown to at least one user: times shown (..., movies) -> (...)."""
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
