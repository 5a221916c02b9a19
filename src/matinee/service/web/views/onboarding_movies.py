"""The movies that a user with few ratings is asked about, and the ratings that reactions to them become."""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from matinee.service.state.served_run import ServedRun

Reaction = Literal["loved", "liked", "disliked"]

# "Didn't like it" is about a movie that the user has seen, so it becomes a rating, which informs taste and predictions,
# and not the mark "not interested", which would leave a user who only dislikes movies without any rating. It is 1½ and
# not 2 stars, since on a scale that begins at half a star 2 would still count as interest (pipeline/dislikes.py).
STARS: dict[Reaction, float] = {"loved": 5.0, "liked": 4.0, "disliked": 1.5}
_MAX_POPULAR = 200  # popular movies after the questionnaire


def next_questions(run: ServedRun, excluded_rows: Iterable[int], excluded_ids: Sequence[str], n: int) -> list[int]:
    """The rows of the next n movies to ask about: first the run's questionnaire, then the most rated movies.

    Excluded movies are left out with all listings of the same title. Unknown ids are ignored.
    """
    excluded = [*excluded_rows, *(run.rows[movie_id] for movie_id in excluded_ids if movie_id in run.rows)]
    groups = set(run.engine.title_groups[np.array(excluded, dtype=np.int64)].tolist())
    rows: list[int] = []
    for row in [*run.engine.questions.tolist(), *run.engine.by_popularity[:_MAX_POPULAR].tolist()]:
        group = int(run.engine.title_groups[row])
        if group not in groups:
            groups.add(group)
            rows.append(row)
        if len(rows) == n:
            break
    return rows
