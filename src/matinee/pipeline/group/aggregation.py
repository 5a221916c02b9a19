"""Strategies that choose movies for a group from the satisfaction of each guest."""

from typing import Literal, get_args

import numpy as np

from matinee.arrays import Floats
from matinee.errors import ConfigError

Strategy = Literal["fair", "average", "least-misery"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


def aggregate(satisfactions: Floats, k: int, strategy: Strategy) -> list[int]:
    """At most k columns of `satisfactions` (guests, movies), all values above 0, in the order to propose them.

    `average`: by mean satisfaction; ties go to the greater smallest satisfaction. `least-misery`: by the smallest
    satisfaction; ties go to the greater mean (both in Masthoff, "Group modeling: selecting a sequence of television
    items to suit a group of viewers", UMUAI 2004). `fair`: one after the other the movie m with the greatest

        sum over guests g of log(S[g] + satisfactions[g, m])

    S[g] being the sum over the movies already chosen. So the first movie has the greatest product of satisfactions, and
    after it a small gain of a guest counts 1 / S[g]: most for the guest served worst. Products of the sums so far are
    the greedy rule of Freeman, Zahedi & Conitzer, "Fair and efficient social choice in dynamic settings", IJCAI 2017.
    Remaining ties go to the earlier column.

    A movie that every guest likes best comes first under each strategy, and the order of the guests does not matter.
    Raises `ConfigError` for an unknown strategy.
    """
    if strategy == "fair":
        return _fair_order(satisfactions, k)
    if strategy not in STRATEGIES:
        raise ConfigError(f"No strategy is called '{strategy}'. Use one of {', '.join(STRATEGIES)}.")
    ordered = np.sort(satisfactions, axis=0)  # sums of floats depend on their order; guests have none
    keys = ordered.mean(axis=0), ordered[0]
    first, second = keys if strategy == "average" else keys[::-1]
    return np.lexsort((-second, -first))[:k].tolist()


def _fair_order(satisfactions: Floats, k: int) -> list[int]:
    sums = np.zeros((len(satisfactions), 1))
    chosen = np.zeros(satisfactions.shape[1], dtype=np.bool_)
    order: list[int] = []
    for _ in range(min(k, satisfactions.shape[1])):
        welfare = np.sort(np.log(sums + satisfactions), axis=0).sum(axis=0)  # (movies,)
        welfare[chosen] = -np.inf
        best = int(np.argmax(welfare))
        order.append(best)
        chosen[best] = True
        sums = sums + satisfactions[:, [best]]
    return order
