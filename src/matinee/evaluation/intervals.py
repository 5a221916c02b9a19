"""Bootstrap intervals of figures, and paired tests between models.

Users are resampled, because their test movies are not independent of one another. All models of a report share the
same resamples, so their differences are paired.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from scipy import sparse

from matinee.arrays import AnyFloats, Floats, Floats32, MovieRows
from matinee.evaluation.metrics import PerUser, coverage, gini
from matinee.reports.schema import Figure

RESAMPLES = 1000
_LIST_RESAMPLES = 200  # for coverage and Gini, which need every list in every resample
_LIST_BLOCK = 25  # resamples for which the exposure of the whole catalogue is held in memory
_CACHE_BYTES = 64 << 20  # of resamples that are not drawn again
_BLOCK_BYTES = 32 << 20
_FLIPS = 10_000
_MAX_SIGNS = 20_000_000  # drawn at a time


class Bootstrap:
    """The same resamples of n users for every metric and model: how often each user is drawn.

    They are drawn again, a block at a time, unless all of them are small: for 200,000 users they would be 800 MB.
    """

    def __init__(self, n_users: int, seed: int):
        self.n_users, self.seed = n_users, seed
        self._cached: list[Floats32] | None = None
        if 4 * RESAMPLES * n_users <= _CACHE_BYTES:
            self._cached = list(self._draw())

    def resamples(self) -> Iterator[Floats32]:
        """Count how often each user is drawn, in blocks of resamples: (block, users), `RESAMPLES` rows in all."""
        return iter(self._cached) if self._cached is not None else self._draw()

    def figure(self, metric: PerUser, root: bool = False) -> Figure:
        """Compute the percentile interval of sum(above) / sum(below), or of its square root."""
        return self.figures({"": metric}, roots=("",) if root else ())[""]

    def figures(self, metrics: Mapping[str, PerUser], roots: Sequence[str] = ()) -> dict[str, Figure]:
        """Compute the figure of each metric in one pass over the resamples; for those in `roots`, the square root."""
        if not metrics:
            return {}
        columns = np.stack([side for metric in metrics.values() for side in (metric.above, metric.below)], axis=1)
        columns = columns.astype(np.float32)  # (users, 2 metrics)
        sums = np.concatenate([times @ columns for times in self.resamples()]).astype(float)
        figures: dict[str, Figure] = {}
        for column, (name, metric) in enumerate(metrics.items()):
            values = sums[:, 2 * column] / np.maximum(sums[:, 2 * column + 1], 1e-12)
            value = metric.above.sum() / max(metric.below.sum(), 1e-12)
            if name in roots:
                values, value = np.sqrt(values), np.sqrt(value)
            low, high = np.percentile(values, [2.5, 97.5])
            low, high = min(low, value), max(high, value)  # the resamples are summed in single precision
            figures[name] = Figure(float(value), float(low), float(high))
        return figures

    def difference(self, better: PerUser, worse: PerUser) -> Figure:
        """Compute the percentile interval of the paired difference of two means."""
        return self.figure(PerUser(better.above - worse.above, better.below))

    def of_lists(self, top: MovieRows, n_movies: int) -> tuple[Figure, Figure]:
        """Compute coverage and Gini of all users' lists together.

        A resample holds only 63% of the users, so its coverage is too low: the interval is the value with
        1.96 bootstrap standard errors on either side, not the percentiles.
        """
        shown = top >= 0
        rows = np.repeat(np.arange(len(top)), shown.sum(axis=1))
        lists = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, top[shown])), (len(top), n_movies))
        exposure = np.asarray(lists.sum(axis=0), dtype=float).ravel()
        coverages, ginis = [np.zeros(0)], [np.zeros(0)]
        left = _LIST_RESAMPLES
        for times in self.resamples():
            for start in range(0, min(left, len(times)), _LIST_BLOCK):
                block = times[start : min(left, start + _LIST_BLOCK)]
                resampled = (sparse.csr_matrix(block) @ lists).toarray().astype(float)
                coverages.append(coverage(resampled))
                ginis.append(gini(resampled))
            left -= len(times)
            if left <= 0:
                break
        return (
            _with_standard_error(float(coverage(exposure)), np.concatenate(coverages)),
            _with_standard_error(float(gini(exposure)), np.concatenate(ginis)),
        )

    def _draw(self) -> Iterator[Floats32]:
        rng = np.random.default_rng(self.seed)
        rows = max(1, min(RESAMPLES, _BLOCK_BYTES // (4 * max(self.n_users, 1))))
        for start in range(0, RESAMPLES, rows):
            block = np.empty((min(rows, RESAMPLES - start), self.n_users), dtype=np.float32)
            for times in block:
                times[:] = np.bincount(rng.integers(0, self.n_users, self.n_users), minlength=self.n_users)
            yield block


def sign_flip_p_values(differences: Floats, seed: int) -> Floats:
    """Two-sided paired randomisation test: per-user differences (pairs, users) -> p-values (pairs,).

    If two models were equally good, each user's difference could just as well have the other sign. The p-value
    is the share of random sign flips whose mean is at least as far from zero as the real one (Smucker et al.,
    "A comparison of statistical significance tests for information retrieval evaluation", CIKM 2007).
    """
    rng = np.random.default_rng(seed)
    n_pairs, n_users = differences.shape
    actual = np.abs(differences.sum(axis=1))
    as_far = np.zeros(n_pairs)
    block = max(d for d in (500, 100, 20, 4, 1) if d == 1 or d * n_users <= _MAX_SIGNS)
    for _ in range(_FLIPS // block):
        signs = rng.integers(0, 2, (n_users, block), dtype=np.int8).astype(np.float32)
        signs *= 2
        signs -= 1
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


def _with_standard_error(value: float, resampled: AnyFloats) -> Figure:
    margin = 1.96 * float(np.std(resampled, ddof=1))
    return Figure(value, max(0.0, value - margin), min(1.0, value + margin))
