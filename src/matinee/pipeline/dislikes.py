"""What somebody did not like, as far as it says what else they will not like.

Models of who rates what take every rating for interest, the bad ones too. So what was disliked is taken out of the
history before it is scored (the rest keeps its place in time), and movies like it are pushed down.
"""

import numpy as np
import numpy.typing as npt

from matinee.arrays import MovieRows
from matinee.data.histories import GAP, Histories
from matinee.models.recommender import Recommender

_LOW = 0.3  # a rating in the lowest three tenths of the scale: 2 stars of 1 to 5, 1.5 of 0.5 to 5
_DISLIKED = 1.0  # how far the movie most like a disliked one goes down, in logarithms of its place
_NOT_INTERESTED = 0.5  # the same for a movie that was only waved away
_AT_A_TIME = 16  # movies whose likeness to a whole catalogue is held: few enough to stay in a processor's cache


def disliked_entries(history: Histories, scale: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Entries rated low on the scale, and lower than this person usually rates, or as low as can be: (entries,)."""
    real = history.movies != GAP
    if history.ratings is None or not real.any():
        return np.zeros(len(history.movies), dtype=np.bool_)
    low = scale[0] + _LOW * (scale[1] - scale[0])
    lower_than_usual = history.ratings < np.median(history.ratings[real])
    return real & (history.ratings <= low) & (lower_than_usual | (history.ratings <= scale[0]))


def dislike_penalty(model: Recommender, disliked: MovieRows, not_interested: MovieRows) -> npt.NDArray[np.float32]:
    """How far each movie's place is pushed down, in logarithms: (movies,), between 0 and `_DISLIKED`.

    Likeness p_d of a movie to each disliked movie d is taken for the chance of being disliked for the same reason;
    the chance of any of it is 1 - prod(1 - p_d).
    """
    spared = np.ones(model.n_movies, dtype=np.float32)
    for rows, strength in ((disliked, _DISLIKED), (not_interested, _NOT_INTERESTED)):
        for start in range(0, len(rows), _AT_A_TIME):
            some = rows[start : start + _AT_A_TIME]
            likeness = np.maximum(model.similar(some), 0)
            likeness[np.arange(len(some)), some] = 0
            likeness *= strength / np.maximum(likeness.max(axis=1, keepdims=True), 1e-12)
            spared *= np.prod(np.subtract(1, likeness, out=likeness), axis=0)
    return _DISLIKED * (1 - spared)
