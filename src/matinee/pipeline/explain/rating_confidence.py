"""The confidence of a predicted rating: the chance that the user's own rating is within one star of it.

A model that predicts its own error (`PredictsUncertainty`) gives the chance, with normal errors. For other models the
chance is unknown, and the confidence follows from the number of ratings by the user and of the movie.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import erf

from matinee.arrays import AnyFloats
from matinee.data.histories import GAP, Histories
from matinee.models.capabilities import PredictsUncertainty
from matinee.pipeline.engine import FEW_RATINGS, Engine

ConfidenceWord = Literal["sure", "fairly", "hardly", "guess"]

# The lowest chance for each word. On held-out ratings, 87% of the "sure" ones were within a star, and 64% of the least
# certain fifth: benchmarks/rating_confidence.py.
_WORDS: tuple[tuple[float, ConfidenceWord], ...] = ((0.78, "sure"), (0.74, "fairly"), (0.68, "hardly"))
_FAIRLY_BY_USER, _FAIRLY_OF_MOVIE = 20, 50  # ratings from which a prediction is fairly sure


@dataclass(frozen=True)
class RatingConfidence:
    """The confidence of a predicted rating, and the number of ratings behind it."""

    word: ConfidenceWord
    chance: float | None  # of an error within one star, 0-1; None if the model does not predict it
    ratings_by_user: int
    ratings_of_movie: int


def rating_confidence(engine: Engine, history: Histories, movie: int) -> RatingConfidence:
    """The confidence of the rating that the engine predicts for the movie in row `movie` from exactly one history."""
    by_user = int(np.count_nonzero(history.movies != GAP))
    of_movie = int(engine.rating_counts[movie])
    model = engine.rating_model if engine.rating_model is not None else engine.ranker
    if not isinstance(model, PredictsUncertainty):
        return RatingConfidence(_word_by_counts(by_user, of_movie), None, by_user, of_movie)
    chance = float(chance_within_a_star(model.predictive_std(history, np.array([movie], dtype=np.int32)))[0, 0])
    return RatingConfidence(_word_by_chance(chance), round(chance, 3), by_user, of_movie)


def chance_within_a_star(std: AnyFloats) -> AnyFloats:
    """The chance that a normal error is at most one star, for standard deviations in stars."""
    return erf(1 / (np.sqrt(2) * np.maximum(std, 1e-12)))


def _word_by_chance(chance: float) -> ConfidenceWord:
    for lowest, word in _WORDS:
        if chance >= lowest:
            return word
    return "guess"


def _word_by_counts(by_user: int, of_movie: int) -> ConfidenceWord:
    if by_user < FEW_RATINGS or of_movie < FEW_RATINGS:
        return "guess"
    return "fairly" if by_user >= _FAIRLY_BY_USER and of_movie >= _FAIRLY_OF_MOVIE else "hardly"
