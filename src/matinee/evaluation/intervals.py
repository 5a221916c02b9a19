"""How sure a figure is: bootstrap intervals, and paired tests between models.

Users are resampled, since their test movies are not independent of one another. All models of a report are
resampled alike, so their differences are paired.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matinee.evaluation.metrics import Floats, PerUser, Tops, coverage, gini

RESAMPLES = 1000
_LIST_RESAMPLES = 200  # for coverage and Gini, which need every list in every resample
_FLIPS = 10_000


@dataclass(frozen=True)
class Figure:
    """A measured value and its 95% interval."""

    value: float
    low: float
    high: float


class Bootstrap:
    """The same resamples of n users for every metric and model: how often each user is drawn."""

    def __init__(self, n_users: int, seed: int):
        rng = np.random.default_rng(seed)
        self.times = np.empty((RESAMPLES, n_users), dtype=np.float32)
        for times in self.times:
            times[:] = np.bincount(rng.integers(0, n_users, n_users), minlength=n_users)
        self.seed = seed

    def figure(self, metric: PerUser, root: bool = False) -> Figure:
        """Percentile interval of sum(above) / sum(below), or of its square root."""
        above, below = self._sums(metric.above), self._sums(metric.below)
        values = above / np.maximum(below, 1e-12)
        value = metric.above.sum() / max(metric.below.sum(), 1e-12)
        if root:
            values, value = np.sqrt(values), np.sqrt(value)
        low, high = np.percentile(values, [2.5, 97.5])
        low, high = min(low, value), max(high, value)  # the resamples are summed in single precision
        return Figure(float(value), float(low), float(high))

    def difference(self, better: PerUser, worse: PerUser) -> Figure:
        """Percentile interval of the paired difference of two means."""
        return self.figure(PerUser(better.above - worse.above, better.below))

    def of_lists(self, top: Tops, n_movies: int) -> tuple[Figure, Figure]:
        """Coverage and Gini of all users' lists together.

        A resample holds only 63% of the users, so its coverage is too low: the interval is the value with
        1.96 bootstrap standard errors on either side, not the percentiles.
        """
        shown = top >= 0
        rows = np.repeat(np.arange(len(top)), shown.sum(axis=1))
        lists = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, top[shown])), (len(top), n_movies))
        exposure = np.asarray(lists.sum(axis=0), dtype=float).ravel()
        resampled = sparse.csr_matrix(self.times[:_LIST_RESAMPLES]) @ lists
        resampled = resampled.toarray().astype(float)
        return (
            _with_standard_error(float(coverage(exposure)), coverage(resampled)),
            _with_standard_error(float(gini(exposure)), gini(resampled)),
        )

    def _sums(self, values: Floats) -> Floats:
        return (self.times @ values.astype(np.float32)).astype(float)


def sign_flip_p_values(differences: Floats, seed: int) -> Floats:
    """Two-sided paired randomisation test: per-user differences (pairs, users) -> p-values (pairs,).

    If two models were equally good, each user's difference could as well have had the other sign. The p-value
    is the share of random sign flips whose mean is at least as far from zero as the real one (Smucker et al.,
    "A comparison of statistical significance tests for information retrieval evaluation", CIKM 2007).
    """
    rng = np.random.default_rng(seed)
    n_pairs, n_users = differences.shape
    actual = np.abs(differences.sum(axis=1))
    as_far = np.zeros(n_pairs)
    block = 500
    for _ in range(_FLIPS // block):
        signs = rng.integers(0, 2, (n_users, block), dtype=np.int8).astype(np.float32) * 2 - 1
        flipped = np.abs(differences.astype(np.float32) @ signs)
        as_far += (flipped >= actual[:, None] * (1 - 1e-6)).sum(axis=1)
    return (as_far + 1) / (_FLIPS + 1)


def holm(p_values: Floats) -> Floats:
    """Holm's correction for testing several pairs at once: (pairs,) -> (pairs,), each at most 1."""
    n = len(p_values)
    order = np.argsort(p_values, kind="stable")
    stepped = np.maximum.accumulate(p_values[order] * (n - np.arange(n)))
    corrected = np.empty(n)
    corrected[order] = np.minimum(stepped, 1)
    return corrected


def _with_standard_error(value: float, resampled: npt.NDArray[np.floating]) -> Figure:
    margin = 1.96 * float(np.std(resampled, ddof=1))
    return Figure(value, max(0.0, value - margin), min(1.0, value + margin))
