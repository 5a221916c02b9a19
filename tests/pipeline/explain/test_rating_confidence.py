import numpy as np
import numpy.typing as npt
import pytest

from matinee.data.histories import GAP, Histories
from matinee.pipeline.explain.rating_confidence import chance_within_a_star, rating_confidence
from tests.engines import engine_of
from tests.toy_models import Constant, Linear

N = 12
RANKER = Linear(np.eye(N))


class WithError(Constant):
    """A model that predicts the same standard error for every rating."""

    def __init__(self, spread: float):
        super().__init__(4.0, N)
        self.spread = spread

    def predictive_std(self, histories: Histories, movies: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        return np.full((len(histories), len(movies)), self.spread, dtype=np.float32)


def test_the_chance_assumes_a_normal_error() -> None:
    assert chance_within_a_star(np.array([1.0, 0.5, 2.0])) == pytest.approx([0.6827, 0.9545, 0.3829], abs=1e-4)
    assert chance_within_a_star(np.array([0.0])) == pytest.approx([1.0])


@pytest.mark.parametrize(("spread", "word"), [(0.5, "sure"), (0.85, "fairly"), (0.95, "hardly"), (1.2, "guess")])
def test_a_model_with_predicted_errors_gives_a_chance(spread: float, word: str) -> None:
    confidence = rating_confidence(
        engine_of(RANKER, rating_model=WithError(spread)), Histories.of([[1, GAP, 2]], [[4, 0, 5]]), 8
    )
    assert confidence.word == word
    assert confidence.chance == pytest.approx(float(chance_within_a_star(np.array([spread]))[0]), abs=1e-3)
    assert (confidence.ratings_by_user, confidence.ratings_of_movie) == (2, 100)


@pytest.mark.parametrize(
    ("by_user", "of_movie", "word"), [(20, 50, "fairly"), (19, 50, "hardly"), (20, 49, "hardly"), (4, 900, "guess")]
)
def test_other_models_depend_on_the_rating_counts(by_user: int, of_movie: int, word: str) -> None:
    n = 30
    engine = engine_of(Linear(np.eye(n)), rating_counts=of_movie, rating_model=Constant(4.0, n))
    history = Histories.of([list(range(by_user))], [[4.0] * by_user])
    confidence = rating_confidence(engine, history, 29)
    assert (confidence.word, confidence.chance) == (word, None)
