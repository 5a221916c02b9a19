"""Which movies to ask somebody about of whom nothing is known, and in which order.

A question is worth much if many people can answer it, and if its answer tells much of what else they have seen. With
G = X'X / users, the shares of people who have seen movies i and j both, what answers to some questions tell of all
movies is taken off G (the posterior of a Gaussian with second moments G, each answer read with variance `noise`):

    next question:   the j with the greatest  sum_i G_ij^2 / (G_jj + noise)
    then:            G <- G - G_j G_j' / (G_jj + noise)

Without noise this is column subset selection by a pivoted Cholesky factorisation (Liu, Meng, Liu & Yang, "Wisdom of
the better few: cold start recommendation via representative based rating elicitation", RecSys 2011, choose
representatives in this spirit). G is not centred: a model learns nothing from "I have not seen it", so a movie that
few have seen is a bad question, as Rashid et al., "Getting to know you", IUI 2002, found.

The noise says how little one answer settles, compared with a regression from the answers. The more of it, the more
the order becomes that of plain popularity: it is the share of people who have seen a movie, G_jj, weighed against
variety. `benchmarks/onboarding.py` chose it, and says how the order compares with others.
"""

import numpy as np
import numpy.typing as npt

from matinee.arrays import Floats, MovieRows
from matinee.data.histories import Histories, offsets_of
from matinee.models.linear.sparse import cooccurrence_blocks

NOISE = 10.0  # in the units of G, whose diagonal is at most 1

_NOTHING = 1e-9  # a variance: without noise, that of a movie of which earlier answers tell all
_POOL = 2000  # most-rated movies that may be asked about: G is never larger


def elicitation_order(histories: Histories, n_movies: int, n: int = 40, noise: float = NOISE) -> MovieRows:
    """The rows of `n` movies in the order to ask, or of all in the pool that anybody has seen: (n,).

    `histories` are those of people of whom much is known; `n_movies` is the size of the catalogue. Ties go to the
    movie that more people have seen, then to the lower row.
    """
    known = histories.without_gaps()
    counts = np.bincount(known.movies, minlength=n_movies)
    pool = np.argsort(-counts, kind="stable")[:_POOL]
    pool = pool[counts[pool] > 0]
    left = _seen_together(known, pool, n_movies)
    asked: list[int] = []
    for _ in range(min(n, len(pool))):
        variance = np.maximum(np.diag(left), _NOTHING)
        gain = (left**2).sum(axis=0) / (variance + noise)
        gain[asked] = -1
        best = int(np.argmax(gain))
        asked.append(best)
        left -= np.outer(left[best], left[best] / (variance[best] + noise))
    return pool[asked].astype(np.int32)


def _seen_together(histories: Histories, pool: npt.NDArray[np.int64], n_movies: int) -> Floats:
    """G of the movies in `pool`: the share of people, of those with a history, who have both: (pool, pool)."""
    place = np.full(n_movies, -1, dtype=np.int32)
    place[pool] = np.arange(len(pool))
    within = place[histories.movies] >= 0
    lengths = np.bincount(histories.owner[within], minlength=len(histories))
    some = Histories(offsets_of(lengths), place[histories.movies[within]])
    together = np.empty((len(pool), len(pool)))
    if len(pool):
        for start, block in cooccurrence_blocks(some, len(pool)):
            together[start : start + len(block)] = block
    return together / max(np.count_nonzero(histories.lengths), 1)
