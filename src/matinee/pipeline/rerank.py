"""Reranking of candidates: exploration and diversity."""

import numpy as np

from matinee.arrays import AnyFloats, Indices, MovieRows

_POOL = 100  # best candidates from which a diverse list is chosen


def add_exploration(rank_score: AnyFloats, rows: MovieRows, exploration: float, seed: int) -> AnyFloats:
    """Rank scores (n,) with noise added: a Gumbel number for each movie, times `exploration`.

    At 1, sorting by the sum draws movies without replacement with chances proportional to exp(rank score), which is
    1 / rank (Kool, van Hoof & Welling, "Stochastic beams and where to find them", ICML 2019). The same seed gives a
    movie the same number, whichever other movies are on the list.
    """
    if not exploration:
        return rank_score
    noise = np.random.default_rng(seed).gumbel(size=int(rows.max(initial=0)) + 1)
    return rank_score + exploration * noise[rows]


def mmr(vectors: AnyFloats, k: int, diversity: float) -> Indices:
    """Positions of the k movies to show, from `vectors` (n, d) of length 1 or 0, the best movie first.

    Maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998): each step takes the movie with the highest
    (1 - diversity) relevance - diversity (greatest cosine to the chosen movies). Relevance is 1 for the first rank and
    falls with the logarithm of the rank to 0 at the end of the pool. Without `diversity` these are the first k.
    """
    n = min(len(vectors), max(_POOL, k))
    k = min(k, n)
    if not diversity:
        return np.arange(k)
    relevance = 1 - np.log(np.arange(1, n + 1)) / np.log(max(n, 2))  # (n,)
    similarity = np.full(n, -np.inf)  # the greatest cosine to a chosen movie
    value = (1 - diversity) * relevance
    chosen: list[int] = []
    for _ in range(k):
        gain = value - diversity * similarity if chosen else value.copy()
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        similarity = np.maximum(similarity, vectors[:n] @ vectors[best])
    return np.array(chosen, dtype=np.int64)
