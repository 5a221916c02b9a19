import json
from dataclasses import replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pytest

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import Split, make_split
from matinee.errors import MatineeError, ProtocolError
from matinee.evaluation import evaluate as evaluate_module
from matinee.evaluation import ranking as ranking_module
from matinee.evaluation.evaluate import evaluate
from matinee.message import Message
from matinee.models.baselines.popularity import Popularity
from matinee.models.registry import make
from tests.datasets import DAY, checkerboard, dataset_of, own_unrated, small_ratings
from tests.toy_models import Constant, InTurn, Linear, Toy, oracle

MEASURED = ("fit_seconds", "score_seconds", "peak_memory_mb")


@pytest.fixture
def split() -> Split:
    return make_split(small_ratings(5), "random:0.2")


def values_of(model: Toy, split: Split, ks: tuple[int, ...]) -> dict[str, float]:
    return {name: figure.value for name, figure in evaluate({"it": model}, split, ks).models[0].metrics.items()}


def comparable(report: dict[str, Any]) -> dict[str, Any]:
    """Remove the parts of a report that differ between runs."""
    models = [{key: value for key, value in model.items() if key not in MEASURED} for model in report["models"]]
    return {**report, "models": models, "protocol": {**report["protocol"], "date": ""}}


def test_an_oracle_gets_everything_right() -> None:
    split = make_split(checkerboard(), "leave-last")
    values = values_of(oracle(split), split, (1, 3))
    names = ("hr", "recall", "recall_capped", "recall_pooled", "precision", "map", "mrr", "ndcg")
    assert {name: values[f"{name}@1"] for name in names} == dict.fromkeys(names, pytest.approx(1))
    three = {name: values[f"{name}@3"] for name in names}
    assert three == {**dict.fromkeys(names, pytest.approx(1)), "precision": pytest.approx(1 / 3)}


def test_an_oracle_gets_everything_that_k_allows(split: Split) -> None:
    values = values_of(oracle(split), split, (2,))
    for name in ("hr", "recall_capped", "map", "mrr", "ndcg"):
        assert values[f"{name}@2"] == pytest.approx(1), name
    lengths = split.targets.lengths
    assert values["recall@2"] == pytest.approx((np.minimum(lengths, 2) / lengths).mean())
    assert values["recall_pooled@2"] == pytest.approx(np.minimum(lengths, 2).sum() / lengths.sum())


def test_a_constant_score_earns_nothing() -> None:
    split = make_split(checkerboard(), "leave-last")
    values = values_of(Constant(3.0), split, (1, 3))
    for name in ("hr", "recall", "precision", "map", "mrr", "ndcg"):
        assert values[f"{name}@1"] == values[f"{name}@3"] == 0


def test_the_next_movie_of_a_ring_is_found() -> None:
    dataset = checkerboard()
    split = make_split(dataset, "leave-last")
    step = np.zeros((12, 12))
    for movie in range(12):
        step[movie, (movie + 2) % 12] = 1  # after each movie the next one of its ring
    assert values_of(Linear(step), split, (1, 3))["hr@1"] == 1
    whole = Linear(step).score(dataset.histories_of(np.array([7], dtype=np.int32)))
    assert whole[0, own_unrated(dataset, 7)[0]] == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_score_that_is_not_finite_is_refused(split: Split, bad: float) -> None:
    with pytest.raises(MatineeError, match="linear returned a score that is not finite"):
        evaluate({"it": Linear(np.zeros((20, 20)), [bad] + [0.0] * 19)}, split, (2,))


def test_no_model_sees_its_test_ratings(split: Split) -> None:
    hidden = set(zip(split.test.ratings.user.tolist(), split.test.ratings.movie.tolist(), strict=True))

    class Watched(Linear):
        def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
            assert validation is not None
            for part in (train, validation):
                assert not hidden & set(zip(part.ratings.user.tolist(), part.ratings.movie.tolist(), strict=True))
            assert len(validation.ratings) > 0
            return self

        def score(self, histories: Histories) -> npt.NDArray[np.float32]:
            assert len(histories) == len(split.tested_users)
            for owner, movie in zip(histories.owner.tolist(), histories.movies.tolist(), strict=True):
                assert (int(split.tested_users[owner]), movie) not in hidden
            return super().score(histories)

    evaluate({"it": Watched(np.eye(20))}, split, (2,))


def test_the_size_of_blocks_makes_no_difference(split: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    models: list[Toy] = [Linear(np.random.default_rng(0).normal(size=(20, 20))), Constant(3.5)]
    named = {str(index): model for index, model in enumerate(models)}
    whole = evaluate(named, split, (2, 5)).to_json()
    monkeypatch.setattr(ranking_module, "_BLOCK_BYTES", 4 * 20 * 7)
    assert comparable(evaluate(named, split, (2, 5)).to_json()) == comparable(whole)


def test_rating_errors_are_pooled_over_all_ratings() -> None:
    # The test ratings are 5 and 2 of user 0 and 4 of user 1. The prediction is 3: errors 2, 1 and 1.
    users, movies, ratings = [0, 0, 0, 1, 1], [0, 1, 2, 0, 3], [3, 5, 2, 3, 4]
    dataset = dataset_of(users, movies, ratings, n_users=2, n_movies=5)
    split = make_split(dataset, "files", parts=np.array([0, 2, 2, 0, 2], dtype=np.uint8))
    values = values_of(Constant(3.0), split, (1,))
    assert values["rmse"] == pytest.approx(np.sqrt((4 + 1 + 1) / 3))
    assert values["mae"] == pytest.approx((2 + 1 + 1) / 3)
    assert "rmse" not in values_of(Linear(np.eye(5)), split, (1,))
    unrated = dataset_of(users, movies, n_users=2, n_movies=5)
    split = make_split(unrated, "files", parts=np.array([0, 2, 2, 0, 2], dtype=np.uint8))
    assert "rmse" not in values_of(Constant(3.0), split, (1,))


def test_predicted_ratings_stay_with_their_movies() -> None:
    split = make_split(small_ratings(5), "random:0.3")
    assert split.targets.ratings is not None
    scores = np.full((len(split.targets), 20), 9.0)
    scores[split.targets.owner, split.targets.movies] = split.targets.ratings

    class PerfectPredictions(InTurn):
        predicts_ratings = True

    assert values_of(PerfectPredictions(scores), split, (2,))["rmse"] == 0


def test_the_report_has_the_documented_shape_and_is_json(split: Split) -> None:
    report = evaluate({"first": Linear(np.eye(20)), "second": Constant(3.0)}, split, (5, 2, 5), seed=7).to_json()
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert [model["name"] for model in report["models"]] == ["first", "second"]
    for model in report["models"]:
        assert {"name", "metrics", "settings", *MEASURED} <= model.keys()
        assert all(set(figure) == {"value", "low", "high"} for figure in model["metrics"].values())
        assert {
            f"{name}@{k}" for name in ("hr", "ndcg", "recall", "coverage", "gini", "novelty") for k in (2, 5)
        } <= set(model["metrics"])
        assert all(model[cost] >= 0 for cost in MEASURED)
    protocol = report["protocol"]
    assert (protocol["split"], protocol["k"], protocol["seed"]) == ("random:0.2", [2, 5], 7)
    assert protocol["test_ratings"] == len(split.test.ratings)
    assert protocol["tested_users"] == len(split.tested_users)
    assert protocol["train_ratings"] + protocol["validation_ratings"] == len(split.before_test.ratings)
    assert sum(report["data"]["rating_histogram"].values()) == len(split.before_test.ratings)
    assert sum(report["data"]["popularity_deciles"]) == pytest.approx(1, abs=0.001)
    assert len(report["data"]["popularity_deciles"]) == 10


def test_every_interval_contains_its_value(split: Split) -> None:
    for model in evaluate({"a": Popularity(), "b": Constant(3.0)}, split, (1, 5)).models:
        for name, figure in model.metrics.items():
            assert figure.low <= figure.value + 1e-6, name
            assert figure.value <= figure.high + 1e-6, name


def test_data_without_genres_ratings_or_order_can_be_measured() -> None:
    dataset = small_ratings(5, ordered=False, rated=False)
    bare = replace(dataset, movies=dataset_of([], [], n_users=1, n_movies=20).movies)
    report = evaluate({"it": Popularity()}, make_split(bare, "random:0.2"), (1, 3))
    assert "diversity@3" not in report.models[0].metrics
    assert report.data.rating_histogram == {}
    json.dumps(report.to_json(), allow_nan=False)
    assert "diversity@3" in evaluate({"it": Popularity()}, make_split(dataset, "random:0.2"), (3,)).models[0].metrics


def test_the_best_model_is_compared_with_each_other_model() -> None:
    split = make_split(small_ratings(5, n_users=60), "leave-last")
    models = {"nothing": Constant(1.0), "best": oracle(split), "popular": Popularity(), "twin": oracle(split)}
    comparisons = evaluate(models, split, (3,)).comparisons
    assert {(test.better, test.worse) for test in comparisons} == {
        ("best", name) for name in ("nothing", "popular", "twin")
    }
    by_name = {test.worse: test for test in comparisons}
    assert by_name["nothing"].difference.value == pytest.approx(1)
    assert by_name["nothing"].p < 0.001
    assert by_name["twin"].p == 1
    assert by_name["twin"].difference.value == 0
    assert {test.metric for test in comparisons} == {"ndcg@3"}
    assert evaluate({"alone": Popularity()}, split, (3,)).comparisons == []


@pytest.mark.parametrize("ks", [(), (0,), (-1, 5), (5, 21)])
def test_an_invalid_k_is_refused_before_any_work(split: Split, ks: tuple[int, ...]) -> None:
    class NeverFitted(Toy):
        def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
            raise AssertionError(f"{train.name} and {validation} were passed to fit")

    with pytest.raises(ProtocolError, match="20 movies") as raised:
        evaluate({"it": NeverFitted()}, split, ks)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("n_movies", "ks"), [(8, [8]), (10, [10]), (49, [10, 20]), (60, [10, 20, 50])])
def test_default_list_lengths_fit_the_catalogue(n_movies: int, ks: list[int]) -> None:
    split = make_split(small_ratings(5, n_movies=n_movies), "random:0.2")
    assert evaluate({"it": Popularity()}, split).protocol.k == ks


def test_a_k_of_the_whole_catalogue_finds_everything(split: Split) -> None:
    values = values_of(Linear(np.eye(20)), split, (20,))
    assert values["recall@20"] == values["hr@20"] == 1


def test_fitted_models_are_measured_as_they_are(split: Split) -> None:
    class NeverFitted(Linear):
        def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
            raise AssertionError(f"{train.name} and {validation} were passed to fit")

    model = evaluate({"it": NeverFitted(np.eye(20))}, split, (2,), fitted={"it": Message("measured as saved")}).models[
        0
    ]
    assert str(model.note) == "measured as saved"


def test_the_seed_changes_intervals_but_no_values(split: Split) -> None:
    first, second = (evaluate({"it": Popularity()}, split, (3,), seed).models[0].metrics["ndcg@3"] for seed in (0, 1))
    assert first.value == second.value
    assert (first.low, first.high) != (second.low, second.high)
    assert evaluate_module.RESAMPLES == 1000


@pytest.mark.parametrize("ordered", [True, False], ids=["equal times", "no times"])
def test_the_fingerprint_does_not_depend_on_the_split(ordered: bool) -> None:
    dataset = checkerboard()
    times = dataset.ratings.timestamp
    assert times is not None
    in_pairs = times // (2 * DAY)  # each user rates two movies at the same time
    dataset = replace(dataset, ratings=replace(dataset.ratings, timestamp=in_pairs if ordered else None))
    split = make_split(dataset, "random:0.2")
    if split.dropped:
        pytest.skip("the report only knows the remaining ratings")
    assert evaluate({"it": Popularity()}, split, (3,)).protocol.fingerprint == dataset.fingerprint


def test_models_that_need_timestamps_are_skipped_without_them() -> None:
    split = make_split(small_ratings(seed=3, ordered=False), "random:0.2")
    report = evaluate({"popularity": Popularity(), "slist": make("slist"), "blend": make("blend")}, split, (3,))
    assert [model.name for model in report.models] == ["popularity"]
    dropped = [str(message) for message in report.protocol.dropped]
    assert "slist is skipped: it needs timestamps, and the ratings have none" in dropped
    assert any("blend is skipped" in text for text in dropped)
    with pytest.raises(ProtocolError, match="slist cannot do without"):
        evaluate({"slist": make("slist")}, split, (3,))


class Trained(Constant):
    """A model with a training curve."""

    curve = ({"epoch": 0, "loss": 2.0, "seconds": 700.0}, {"epoch": 1, "loss": 1.0, "seconds": 1400.4})
    best_epoch = None


def test_the_note_of_a_trained_model_has_its_time_and_epoch() -> None:
    split = make_split(checkerboard(), "leave-last")
    model = Trained(3.0)
    note = evaluate({"m": model}, split, ks=[5]).models[0].note
    assert str(note) == "trained for 2 epochs in 1,400 s; the last is kept"
    model.best_epoch = 0
    note = evaluate({"m": model}, split, ks=[5]).models[0].note
    assert str(note) == "trained for 2 epochs in 1,400 s; epoch 1 is kept"
