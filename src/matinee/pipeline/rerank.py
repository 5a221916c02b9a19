"""From standings to a list: chance where it is wanted, and variety."""

import numpy as np
import numpy.typing as npt

from matinee.arrays import AnyFloats

_POOL = 100  # best candidates that a varied list is chosen from


def add_exploration(standing: AnyFloats, rows: npt.NDArray[np.int32], exploration: float, seed: int) -> AnyFloats:
    """Standings (n,) with chance added: each movie's own Gumbel number, times `exploration`.

    At 1, sorting by the sum draws movies without replacement with chances proportional to exp(standing), which is 1 /
    place (Kool, van Hoof & Welling, "Stochastic beams and where to find them", ICML 2019). The same seed gives a
    movie the same number whatever else is on the list.
    """
    if not exploration:
        return standing
    noise = np.random.default_rng(seed).gumbel(size=int(rows.max(initial=0)) + 1)
    return standing + exploration * noise[rows]


def mmr(vectors: AnyFloats, k: int, diversity: float) -> npt.NDArray[np.int64]:
    """Positions of the k movies to show, from `vectors` (n, d) of length 1 or 0, the best movie first.

    Maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998): one after the other the movie with the highest
    (1 - diversity) relevance - diversity (greatest cosine to those chosen), relevance being 1 for the first place and
    falling with the logarithm of the place to 0 at the last of the pool. Without `diversity` these are the first k.
    """
    n = min(len(vectors), max(_POOL, k))
    k = min(k, n)
    if not diversity:
        return np.arange(k)
    relevance = 1 - np.log(np.arange(1, n + 1)) / np.log(max(n, 2))  # (n,)
    likeness = np.full(n, -np.inf)  # the greatest cosine to a movie chosen already
    value = (1 - diversity) * relevance
    chosen: list[int] = []
    for _ in range(k):
        gain = value - diversity * likeness if chosen else value.copy()
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        likeness = np.maximum(likeness, vectors[:n] @ vectors[best])
    return np.array(chosen, dtype=np.int64)
