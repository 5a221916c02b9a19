"""How a company of people chooses movies, when it is known how much each would delight each of them."""

from typing import Literal, get_args

import numpy as np

from matinee.arrays import Floats
from matinee.errors import ConfigError

Strategy = Literal["fair", "average", "least-misery"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


def aggregate(delight: Floats, k: int, strategy: Strategy) -> list[int]:
    """At most k columns of `delight` (people, movies), all above 0, in the order to propose them.

    `average`: by mean delight, of equals the one with the greater smallest delight. `least-misery`: by the smallest
    delight, of equals the one with the greater mean (both in Masthoff, "Group modeling: selecting a sequence of
    television items to suit a group of viewers", UMUAI 2004). `fair`: one after the other the movie m with the greatest

        sum over people p of log(D[p] + delight[p, m])

    D[p] being what p has had from the movies chosen before. So the first movie has the greatest product of delights,
    and afterwards a little more for somebody counts 1 / D[p]: most for whoever has been served worst. Products
    of what people have had so far are the greedy rule of Freeman, Zahedi & Conitzer, "Fair and efficient social
    choice in dynamic settings", IJCAI 2017. What is still equal goes to the earlier column.

    A movie that everybody likes best is first under each of them, and the order of people does not matter. Raises
    `ConfigError` for an unknown strategy.
    """
    if strategy == "fair":
        return _in_fair_turns(delight, k)
    if strategy not in STRATEGIES:
        raise ConfigError(f"no strategy is called '{strategy}'; there are {', '.join(STRATEGIES)}")
    ordered = np.sort(delight, axis=0)  # sums of floats depend on their order, and people have none
    keys = ordered.mean(axis=0), ordered[0]
    first, second = keys if strategy == "average" else keys[::-1]
    return np.lexsort((-second, -first))[:k].tolist()


def _in_fair_turns(delight: Floats, k: int) -> list[int]:
    had = np.zeros((len(delight), 1))
    taken = np.zeros(delight.shape[1], dtype=np.bool_)
    order: list[int] = []
    for _ in range(min(k, delight.shape[1])):
        welfare = np.sort(np.log(had + delight), axis=0).sum(axis=0)  # (movies,)
        welfare[taken] = -np.inf
        best = int(np.argmax(welfare))
        order.append(best)
        taken[best] = True
        had = had + delight[:, [best]]
    return order
