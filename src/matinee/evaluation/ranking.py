"""Full-catalogue ranking in blocks of users: the ranks of the test movies, and the top of each list.

Nothing is sampled: each test movie is ranked among all movies its user had not rated before. Ties count against the
model: a movie with the same score as a hundred others ranks after all of them, so a constant score earns nothing.
"""

from dataclasses import dataclass

import numpy as np

from matinee.arrays import Floats32, Indices, Mask, MovieRows, Ranks
from matinee.data.histories import Histories
from matinee.errors import MatineeError
from matinee.index.ranks import ranks_against_ties
from matinee.index.top import top_rows
from matinee.models.recommender import Recommender
from matinee.progress import track

_BLOCK_BYTES = 16 << 20  # of scores held at a time; ranking them takes several times that


@dataclass(frozen=True, eq=False)
class Ranking:
    """The ranks and top lists of each tested user, in the order of the histories."""

    offsets: Indices  # (users + 1,) into the next two
    ranks: Ranks  # (targets,) 1 is best, ascending within each user
    target_movies: MovieRows  # (targets,) the movie that has this rank
    target_scores: Floats32  # (targets,) in the order of the targets
    top: MovieRows  # (users, k) movie rows, best first, -1 where there are fewer candidates


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
        scores = np.array(model.score(past))  # a copy, because it is written to
        if not np.isfinite(scores).all():
            raise MatineeError(f"{model.name} returned a score that is not finite for users {start} to {start + block}")
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
