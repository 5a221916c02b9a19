"""Gibbs sampling of a matrix factorisation: each block of unknowns is drawn in turn, given all others.

For a user, a rating is noise + w_u . (1, q_m) + b_m, with the user's row w_u = (b_u, p_u). For a movie, whose row is
z_m = (b_m, q_m), it is the same with the roles exchanged. So each row, given the other side, is an ordinary Bayesian
linear regression. Rows of one side have the prior Normal(mean + X weights, precision^-1), X being the side's
features: Salakhutdinov & Mnih, "Bayesian probabilistic matrix factorization using MCMC", ICML 2008, with the features
of Simm et al., "Macau: scalable Bayesian factorization with high-dimensional side information", MLSP 2017.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import linalg

from matinee.arrays import AnyFloats, AnyRows, Floats32
from matinee.models.linear.sparse import Matrix

_STRETCH = 1.15  # rows of one bucket differ in length by no more than this
_SPREAD = 0.1  # of the factors before the first sweep
_MEAN_WEIGHT = 2.0  # how many rows the prior of a side's mean, zero, counts for


@dataclass(frozen=True, eq=False)
class Bucket:
    """Rows with similar numbers of ratings, padded to the same number, so that one product serves all of them."""

    rows: AnyRows  # (b,)
    others: AnyRows  # (b, length) rows of the other side; where padded, one past its last
    ratings: Floats32  # (b, length) less the mean rating; 0 where padded


def make_buckets(
    row: AnyRows, other: AnyRows, ratings: AnyFloats, n_rows: int, n_others: int, most_entries: int = 1 << 17
) -> Iterator[Bucket]:
    """Yield every row once, also those without ratings, from `row`, `other` and `ratings` (entries,) in any order.

    No bucket has more than `most_entries` entries, unless it is a single row.
    """
    order = np.argsort(row, kind="stable")
    other, ratings = other[order], ratings[order]
    lengths = np.bincount(row, minlength=n_rows)
    start = np.cumsum(lengths) - lengths
    size_classes = np.ceil(np.log(np.maximum(lengths, 0.5)) / np.log(_STRETCH)).astype(np.int64)
    for size_class in np.unique(size_classes):
        class_rows = np.flatnonzero(size_classes == size_class)
        longest = int(lengths[class_rows].max())
        step = max(1, most_entries // max(longest, 1))
        for first in range(0, len(class_rows), step):
            rows = class_rows[first : first + step]
            position = np.arange(longest)
            real = position < lengths[rows][:, None]  # (b, longest)
            entry = np.where(real, start[rows][:, None] + position, 0)
            padded = np.where(real, ratings[entry], 0).astype(np.float32)
            yield Bucket(rows, np.where(real, other[entry], n_others), padded)


@dataclass(frozen=True, eq=False)
class Design:
    """One side's rows as inputs of the other side's regressions, for S samples at once. The last row is padding."""

    factors: Floats32  # (n + 1, S, width) with ones in place of the biases
    biases: Floats32  # (n + 1, S)

    @classmethod
    def of(cls, rows: AnyFloats) -> Self:
        """Build the design from rows (n, S, width) whose first column is the bias."""
        n, samples, width = rows.shape
        factors = np.zeros((n + 1, samples, width), dtype=np.float32)
        factors[:n] = rows
        biases = factors[..., 0].copy()
        factors[:n, :, 0] = 1
        return cls(factors, biases)

    def equations(self, bucket: Bucket) -> tuple[AnyFloats, AnyFloats, AnyFloats]:
        """Return A'A (b, S, width, width), A't (b, S, width) and t't (b, S) of the bucket's regressions, float64."""
        A = self.factors[bucket.others].transpose(0, 2, 1, 3)  # (b, S, length, width)
        t = bucket.ratings[:, None] - self.biases[bucket.others].transpose(0, 2, 1)  # (b, S, length)
        transposed = A.transpose(0, 1, 3, 2)  # (b, S, width, length)
        gram = (transposed @ A).astype(np.float64)
        cross = (transposed @ t[..., None])[..., 0].astype(np.float64)
        return gram, cross, np.square(t, dtype=np.float64).sum(axis=-1)


class Prior:
    """The prior Normal(mean + X weights, precision^-1) of the rows of one side.

    The mean and the precision have a Normal-Wishart prior (BPMF, with W0 = I), the weights Normal(0, (strength
    precision)^-1) and the strength a vague Gamma (Macau). X'X is decomposed once, so that every strength is cheap.
    """

    def __init__(self, features: Matrix, width: int):
        self.features = features  # (n, features), at least one
        gram = (features.T @ features).toarray().astype(np.float32)
        values, vectors = linalg.eigh(gram, overwrite_a=True, check_finite=False, driver="evd")
        self._values: AnyFloats = np.maximum(values, 0).astype(np.float64)  # (features,)
        self._vectors: AnyFloats = vectors  # (features, features)
        self.strength = 1.0
        self.mean = np.zeros(width)
        self.weights = np.zeros((features.shape[1], width), dtype=np.float32)
        self.precision = np.eye(width)

    def row_means(self) -> AnyFloats:
        """Return the prior mean of every row: (n, width) float32."""
        return self.mean.astype(np.float32) + self.features @ self.weights

    def sample(self, rows: AnyFloats, rng: np.random.Generator) -> None:
        """Draw mean, precision, weights and strength, given the side's rows (n, width)."""
        n, width = rows.shape
        rest = (rows - self.features @ self.weights).astype(np.float64)
        centre = rest.mean(axis=0)
        scatter = np.eye(width) + (rest - centre).T @ (rest - centre)
        scatter += self.strength * (self.weights.T @ self.weights)
        scatter += _MEAN_WEIGHT * n / (_MEAN_WEIGHT + n) * np.outer(centre, centre)
        self.precision = draw_wishart(np.linalg.inv(scatter), width + n + len(self.weights), rng)
        factor = np.linalg.cholesky(self.precision)
        deviation = np.linalg.solve(factor.T, rng.standard_normal(width)) / np.sqrt(_MEAN_WEIGHT + n)
        self.mean = n / (_MEAN_WEIGHT + n) * centre + deviation
        self._sample_weights(rows, factor, rng)

    def _sample_weights(self, rows: AnyFloats, factor: AnyFloats, rng: np.random.Generator) -> None:
        """Draw weights ~ Normal((X'X + strength I)^-1 X'(rows - mean), ...) in the eigenbasis of X'X."""
        n_features, width = self.weights.shape
        target = self._vectors.T @ (self.features.T @ (rows - self.mean.astype(np.float32)))  # (features, width)
        scale = (self._values + self.strength)[:, None]
        noise = np.linalg.solve(factor.T, rng.standard_normal((width, n_features))).T
        self.weights = self._vectors @ (target / scale + noise / np.sqrt(scale)).astype(np.float32)
        size = float(np.sum((self.weights @ self.precision) * self.weights))
        self.strength = rng.gamma(1 + n_features * width / 2) / (1 + size / 2)


class FactorSide:
    """The users or the movies: their ratings, their prior and their current rows."""

    def __init__(self, ratings: list[Bucket], features: Matrix, width: int, rng: np.random.Generator):
        self.ratings = ratings
        self.prior = Prior(features, width)
        self.rows = (_SPREAD * rng.standard_normal((features.shape[0], width))).astype(np.float32)  # (n, width)

    def sample(self, other: AnyFloats, noise_precision: float, rng: np.random.Generator) -> float:
        """Draw the prior, then every row, given the other side's rows (m, width). Returns the sum of squared errors."""
        self.prior.sample(self.rows, rng)
        means, precision = self.prior.row_means(), self.prior.precision
        design = Design.of(other[:, None])
        squares = 0.0
        for bucket in self.ratings:
            gram, cross, square = (part[:, 0] for part in design.equations(bucket))  # one sample: its axis goes
            sampled = draw_normal(
                noise_precision * gram + precision,
                noise_precision * cross + means[bucket.rows] @ precision,
                rng,
            )
            self.rows[bucket.rows] = sampled
            fitted = (gram @ sampled[..., None])[..., 0] - 2 * cross  # (b, width)
            squares += float(square.sum() + np.sum(sampled * fitted))
        return squares


def draw_normal(precision: AnyFloats, target: AnyFloats, rng: np.random.Generator) -> AnyFloats:
    """Draw from Normal(precision^-1 target, precision^-1): (b, d, d), (b, d) -> (b, d).

    With precision = LL', precision^-1 (target + L z) has that mean and covariance: one solve gives both.
    """
    factor = np.linalg.cholesky(precision)
    noisy_target = target[..., None] + factor @ rng.standard_normal((*target.shape, 1))
    return np.linalg.solve(precision, noisy_target)[..., 0]


def draw_wishart(scale: AnyFloats, degrees: int, rng: np.random.Generator) -> AnyFloats:
    """Draw from the Wishart distribution by Bartlett's decomposition: (d, d), mean degrees * scale."""
    d = len(scale)
    lower = np.tril(rng.standard_normal((d, d)), -1)
    lower[np.diag_indices(d)] = np.sqrt(rng.chisquare(degrees - np.arange(d)))
    root = np.linalg.cholesky((scale + scale.T) / 2) @ lower
    return root @ root.T


def draw_noise_precision(squares: float, n_ratings: int, rng: np.random.Generator) -> float:
    """Draw the precision of ratings about their predictions, under a vague Gamma(1, 1) prior."""
    return float(rng.gamma(1 + n_ratings / 2) / (1 + squares / 2))
