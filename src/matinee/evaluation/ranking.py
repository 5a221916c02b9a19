"""Full-catalogue ranking in blocks of users: where the test movies came, and what was on top.

Nothing is sampled: each test movie is ranked among all movies its user had not rated before. Ties are
counted against the model: a movie with the same score as a hundred others ranks after all of them, so a
model that says nothing is not rewarded for it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matinee.arrays import Mask
from matinee.data.histories import Histories
from matinee.errors import MatineeError
from matinee.index.ranks import ranks_against_ties
from matinee.index.top import top_rows
from matinee.models.recommender import Recommender
from matinee.progress import track

_BLOCK_BYTES = 16 << 20  # of scores held at a time; working on them takes several times that


@dataclass(frozen=True, eq=False)
class Ranking:
    """What a model made of each tested user; users in the order of the histories given."""

    offsets: npt.NDArray[np.int64]  # (users + 1,) into the next two
    ranks: npt.NDArray[np.int32]  # (targets,) 1 is best, ascending within each user
    target_movies: npt.NDArray[np.int32]  # (targets,) the movie that has this rank
    target_scores: npt.NDArray[np.float32]  # (targets,) aligned with the targets as they were given
    top: npt.NDArray[np.int32]  # (users, k) movie rows, best first, -1 where there are fewer candidates


def rank_targets(
    model: Recommender, histories: Histories, targets: Histories, k: int, candidates: Mask | None = None
) -> Ranking:
    """Score each history against the catalogue and rank its targets and its top `k`.

    `candidates` (movies,) limits the ranking to some movies, which must include all targets. Raises
    `MatineeError` if the model gives a score that is not finite.
    """
    block = max(1, _BLOCK_BYTES // (4 * model.n_movies))
    ranks, movies, own_scores, top = [], [], [], []
    for start in track(range(0, len(histories), block), f"scoring with {model.name}"):
        past, future = histories.block(start, start + block), targets.block(start, start + block)
        scores = np.array(model.score(past))  # a copy, since it is written to
        if not np.isfinite(scores).all():
            raise MatineeError(f"{model.name} gave a score that is not finite for users {start} to {start + block}")
        own_scores.append(scores[future.owner, future.movies])
        scores[past.owner, past.movies] = -np.inf
        if candidates is not None:
            scores[:, ~candidates] = -np.inf
        block_ranks, order = ranks_against_ties(scores, future.offsets, future.movies)
        ranks.append(block_ranks)
        movies.append(future.movies[order])
        top.append(top_rows(scores, k))
    return Ranking(
        targets.offsets,
        np.concatenate(ranks),
        np.concatenate(movies),
        np.concatenate(own_scores),
        np.concatenate(top),
    )
