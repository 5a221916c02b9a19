"""The order in which to ask a new user about movies.

A good question is one that many users can answer, and whose answer predicts which other movies they have seen. G =
X'X / users holds the shares of users who have seen both movies i and j. Each question takes off G what its answer
explains (the posterior of a Gaussian with second moments G, each answer read with variance `noise`):

    next question:   the j with the greatest  sum_i G_ij^2 / (G_jj + noise)
    then:            G <- G - G_j G_j' / (G_jj + noise)

Without noise this is column subset selection by a pivoted Cholesky factorisation (Liu, Meng, Liu & Yang, "Wisdom of
the better few: cold start recommendation via representative based rating elicitation", RecSys 2011, choose
representatives in this way). G is not centred: a model learns nothing from "I have not seen it", so a movie that few
users have seen is a bad question, as Rashid et al., "Getting to know you", IUI 2002, found.

The noise weighs popularity, G_jj, against variety: the larger it is, the closer the order comes to popularity.
`benchmarks/onboarding.py` chose it, and compares the order with others.
"""

import numpy as np

from matinee.arrays import Floats, Indices, MovieRows
from matinee.data.histories import Histories, offsets_of
from matinee.models.linear.sparse import cooccurrence_blocks

NOISE = 10.0  # in the units of G, whose diagonal is at most 1

_MIN_VARIANCE = 1e-9  # without noise, earlier answers can explain a movie completely
_POOL = 2000  # most-rated movies that may be asked about; bounds the size of G


def elicitation_order(histories: Histories, n_movies: int, n: int = 40, noise: float = NOISE) -> MovieRows:
    """Return the rows of `n` movies in the order to ask: (n,), fewer if the pool has fewer movies with ratings.

    `n_movies` is the size of the catalogue. Ties go to the movie that more users have seen, then to the lower row.
    """
    without_gaps = histories.without_gaps()
    counts = np.bincount(without_gaps.movies, minlength=n_movies)
    pool = np.argsort(-counts, kind="stable")[:_POOL]
    pool = pool[counts[pool] > 0]
    rest = _seen_together(without_gaps, pool, n_movies)
    chosen: list[int] = []
    for _ in range(min(n, len(pool))):
        variance = np.maximum(np.diag(rest), _MIN_VARIANCE)
        gain = (rest**2).sum(axis=0) / (variance + noise)
        gain[chosen] = -1
        best = int(np.argmax(gain))
        chosen.append(best)
        rest -= np.outer(rest[best], rest[best] / (variance[best] + noise))
    return pool[chosen].astype(np.int32)


def _seen_together(histories: Histories, pool: Indices, n_movies: int) -> Floats:
    """Compute G of the movies in `pool`: the share of users with a history who have seen both: (pool, pool)."""
    position = np.full(n_movies, -1, dtype=np.int32)
    position[pool] = np.arange(len(pool))
    within = position[histories.movies] >= 0
    lengths = np.bincount(histories.owner[within], minlength=len(histories))
    pool_histories = Histories(offsets_of(lengths), position[histories.movies[within]])
    counts_of_pairs = np.empty((len(pool), len(pool)))
    if len(pool):
        for start, block in cooccurrence_blocks(pool_histories, len(pool)):
            counts_of_pairs[start : start + len(block)] = block
    return counts_of_pairs / max(np.count_nonzero(histories.lengths), 1)
