"""Films to ask somebody about, of whom little is known, and what one can say of them without counting stars."""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from matinee.service.state.served_run import ServedRun

Said = Literal["loved", "liked", "not_for_me"]

# "Not for me" is said of a film that was seen, beside "not seen": so it is a rating, which teaches taste and predicted
# stars, and not the mark "not interested", which would leave whoever only dislikes films without any rating. It is 1½
# and not 2 stars, since on a scale that begins at half a star 2 would still count as interest (pipeline/dislikes.py).
STARS: dict[Said, float] = {"loved": 5.0, "liked": 4.0, "not_for_me": 1.5}
_MOST = 200  # films that anybody is asked about


def films_to_ask(run: ServedRun, known: Iterable[int], asked: Sequence[str], n: int) -> list[int]:
    """The next n rows to ask about: the questionnaire of the run, then what most people have rated.

    Films of `known` rows and those of the ids in `asked`, which may be made up, are left out with all their listings.
    """
    gone = [*known, *(run.rows[one] for one in asked if one in run.rows)]
    names = set(run.engine.title_groups[np.array(gone, dtype=np.int64)].tolist())
    found: list[int] = []
    for row in [*run.engine.questions.tolist(), *run.by_popularity[:_MOST].tolist()]:
        name = int(run.engine.title_groups[row])
        if name not in names:
            names.add(name)
            found.append(row)
        if len(found) == n:
            break
    return found
