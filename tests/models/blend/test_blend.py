from pathlib import Path
from typing import Self

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import make_split
from matinee.errors import ConfigError, NotFoundError
from matinee.models.blend import blend, blend_weights
from matinee.models.blend.blend import Blend, learn_weights
from matinee.models.linear.ease import Ease
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.neural.sasrec import SASRec
from matinee.models.registry import make
from tests.datasets import checkerboard, small_ratings


def test_score_is_the_weighted_sum_of_log_scores() -> None:
    data = small_ratings(seed=1)
    model = Blend().fit(data)
    expected = sum(
        weight * np.log(np.maximum(part.score(data.histories), 0) + floor)
        for part, weight, floor in zip(model.parts, model.weights, model.floors, strict=True)
    )
    np.testing.assert_allclose(model.score(data.histories), expected, rtol=1e-4, atol=1e-5)


def test_parts_end_up_fitted_on_training_and_validation() -> None:
    split = make_split(small_ratings(seed=2), "leave-last")
    model = Blend().fit(split.train, split.validation)
    for part in model.parts:
        fresh = type(part)(part.config).fit(split.before_test)
        np.testing.assert_array_equal(part.score(split.histories), fresh.score(split.histories))


def test_weights_come_from_validation_alone(monkeypatch) -> None:
    """While weights are learned, the parts must not have seen what they are judged by."""
    split = make_split(small_ratings(seed=2), "leave-last")
    seen: list[list[np.ndarray]] = []

    def spy(scores, histories, targets, logs):
        seen.append(scores)
        return learn_weights(scores, histories, targets, logs)

    monkeypatch.setattr(blend, "learn_weights", spy)
    model = Blend().fit(split.train, split.validation)
    histories, _ = model._sample(split.train, split.validation)
    for part, scores in zip(model.parts, seen[0], strict=True):
        fresh = type(part)(part.config).fit(split.train)
        np.testing.assert_array_equal(fresh.score(histories), scores)


def test_the_better_expert_gets_the_weight() -> None:
    rng = np.random.default_rng(0)
    n, movies = 300, 40
    targets = rng.integers(0, movies, n).astype(np.int32)
    knows = rng.random((n, movies)).astype(np.float32)
    knows[np.arange(n), targets] += 1.5
    noise = rng.random((n, movies)).astype(np.float32)
    histories = Histories.of([[] for _ in range(n)])
    weights, floors = learn_weights([knows, noise], histories, targets, [False, False])
    assert weights[0] > 10 * weights[1]
    assert (floors > 0).all()


@pytest.mark.parametrize("logs", [[False, False], [False, True]])
def test_the_gradient_is_the_slope(monkeypatch, logs: list[bool]) -> None:
    rng = np.random.default_rng(1)
    scores = [rng.random((20, 9)).astype(np.float32) - 0.5 * is_log for is_log in logs]
    targets = np.full(20, 8, dtype=np.int32)
    histories = Histories.of([[number % 8] for number in range(20)])
    captured = {}

    class Found:
        x = np.zeros(4)

    monkeypatch.setattr(blend_weights, "minimize", lambda loss, start, **_: captured.update(loss=loss) or Found)
    learn_weights(scores, histories, targets, logs)
    point = np.array([0.7, 0.2, -0.5, 0.3])
    numeric = approx_fprime(point, lambda at: captured["loss"](at)[0], 1e-2)
    np.testing.assert_allclose(captured["loss"](point)[1], numeric, rtol=0.05, atol=2e-3)


class Network(Ease):
    """Stands in for a network: its scores are logarithms of either sign, and it chooses by validation."""

    log_scores = True
    uses_validation = True

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        self.fit_arguments = train, validation
        return super().fit(train)

    def score(self, histories: Histories) -> np.ndarray:
        return super().score(histories) - 0.2


def test_log_scores_are_used_unchanged_and_fitted_once(monkeypatch) -> None:
    monkeypatch.setattr(blend, "make", lambda name, **_: Network() if name == "network" else make(name))
    split = make_split(small_ratings(seed=5), "leave-last")
    model = Blend(parts=[{"model": "network"}, {"model": "item_cf"}]).fit(split.train, split.validation)
    network, item_cf = model.parts
    assert isinstance(network, Network)
    assert network.fit_arguments == (split.train, split.validation)
    expected = model.weights[0] * network.score(split.histories)
    expected += model.weights[1] * np.log(item_cf.score(split.histories) + model.floors[1])
    np.testing.assert_allclose(model.score(split.histories), expected, rtol=1e-4, atol=1e-5)


def test_without_validation_it_holds_out_its_own() -> None:
    assert len(Blend().fit(checkerboard()).weights) == 3
    unordered = small_ratings(seed=3, ordered=False)
    only_ease = Blend(parts=[{"model": "ease"}, {"model": "item_cf"}]).fit(unordered)
    assert len(only_ease.weights) == 2


def test_parts_are_checked_when_the_blend_is_made() -> None:
    with pytest.raises(NotFoundError, match="slisst"):
        Blend(parts=[{"model": "slisst"}])
    with pytest.raises(ConfigError, match="nonsense"):
        Blend(parts=[{"model": "ease", "settings": {"nonsense": 1}}])


def test_similarity_comes_from_a_part_that_ignores_order() -> None:
    data = small_ratings(seed=4)
    model = Blend().fit(data)
    movies = np.arange(5, dtype=np.int32)
    np.testing.assert_array_equal(model.similar(movies), model.parts[1].similar(movies))
    only_slist = Blend(parts=[{"model": "slist"}]).fit(data)
    histories = Histories.of([[movie] for movie in range(5)])
    np.testing.assert_array_equal(only_slist.similar(movies), only_slist.score(histories))


def test_parts_have_checkpoints_by_their_settings(tmp_path: Path) -> None:
    wide = {"embedding_dim": 128}
    model = Blend(parts=[{"model": "sasrec"}, {"model": "sasrec", "settings": wide}, {"model": "sasrec"}])
    model.keep_checkpoints(tmp_path)
    first, other, same = (part.workspace for part in model.parts if isinstance(part, NeuralRecommender))
    assert first == same != other
    alone = SASRec(**wide)
    alone.keep_checkpoints(tmp_path)
    assert alone.workspace == other  # a network that was trained alone is not trained again in a blend
