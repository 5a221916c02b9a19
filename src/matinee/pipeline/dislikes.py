"""The effect of disliked movies on a list.

Models of who rates what count every rating as interest, low ratings too. So disliked movies are removed from the
history before it is scored, the other entries keep their positions, and movies similar to them rank lower.
"""

import numpy as np

from matinee.arrays import Floats32, MovieRows
from matinee.models.recommender import Recommender

_DISLIKED = 1.0  # the penalty of the movie most similar to a disliked one, in logarithms of its rank
_NOT_INTERESTED = 0.5  # the same for a movie that was only marked as not interesting
_BLOCK = 16  # movies compared with the whole catalogue at a time: few enough for the processor's cache


def dislike_penalty(model: Recommender, disliked: MovieRows, not_interested: MovieRows) -> Floats32:
    """The penalty of each movie, in logarithms of its rank: (movies,), between 0 and `_DISLIKED`.

    The similarity p_d of a movie to each disliked movie d is taken as the chance of being disliked for the same reason;
    the chance of at least one reason is 1 - prod(1 - p_d).
    """
    not_disliked = np.ones(model.n_movies, dtype=np.float32)
    for rows, strength in ((disliked, _DISLIKED), (not_interested, _NOT_INTERESTED)):
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            similarity = np.maximum(model.similar(block), 0)
            similarity[np.arange(len(block)), block] = 0
            similarity *= strength / np.maximum(similarity.max(axis=1, keepdims=True), 1e-12)
            not_disliked *= np.prod(np.subtract(1, similarity, out=similarity), axis=0)
    return _DISLIKED * (1 - not_disliked)
