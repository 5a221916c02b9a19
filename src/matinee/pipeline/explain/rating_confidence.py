"""How sure predicted stars are.

That is a chance: that the stars somebody gives will be within one star of those predicted. A model that knows its own
spread (`TellsSpread`) says so by it, taking errors to be normal. With others the chance is not known, and all that can
be said is whether there was much to tell from: of few ratings, by the person or of the movie, it is a guess.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from matinee.data.histories import GAP, Histories
from matinee.models.capabilities import PredictsUncertainty
from matinee.pipeline.engine import FEW_RATINGS, Engine

ConfidenceWord = Literal["sure", "fairly", "hardly", "guess"]

# Chances from which each word holds. Held out, 87% of those called sure were within a star, and 64% of the least sure
# fifth: benchmarks/star_sureness.py.
_WORDS: tuple[tuple[float, ConfidenceWord], ...] = ((0.78, "sure"), (0.74, "fairly"), (0.68, "hardly"))
_MANY_BY_ONE, _MANY_OF_ONE = 20, 50  # ratings by a person and of a movie from which stars are fairly sure


@dataclass(frozen=True)
class RatingConfidence:
    """How sure the stars of one person for one movie are, and what they were told from."""

    word: ConfidenceWord
    chance: float | None  # to be within one star, 0-1; None where the model does not say
    ratings_by_user: int  # ratings
    ratings_of_movie: int  # ratings


def rating_confidence(engine: Engine, history: Histories, movie: int) -> RatingConfidence:
    """How sure the stars are that the cinema predicts for the movie in row `movie` from exactly one history."""
    by_person = int(np.count_nonzero(history.movies != GAP))
    of_movie = int(engine.rated[movie])
    model = engine.stars if engine.stars is not None else engine.ranker
    if not isinstance(model, PredictsUncertainty):
        return RatingConfidence(_by_counts(by_person, of_movie), None, by_person, of_movie)
    chance = float(chance_within_a_star(model.predictive_std(history, np.array([movie], dtype=np.int32)))[0, 0])
    return RatingConfidence(_by_chance(chance), round(chance, 3), by_person, of_movie)


def chance_within_a_star(spread: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """The chance of a normal error to be at most one star, for standard deviations in stars."""
    return erf(1 / (np.sqrt(2) * np.maximum(spread, 1e-12)))


def _by_chance(chance: float) -> ConfidenceWord:
    for least, word in _WORDS:
        if chance >= least:
            return word
    return "guess"


def _by_counts(by_person: int, of_movie: int) -> ConfidenceWord:
    if by_person < FEW_RATINGS or of_movie < FEW_RATINGS:
        return "guess"
    return "fairly" if by_person >= _MANY_BY_ONE and of_movie >= _MANY_OF_ONE else "hardly"
