"""What every registered model must do, on a catalogue whose right answer is known."""

import numpy as np
import pytest
import torch

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ConfigError, NotFittedError, RunError
from matinee.models.recommender import Recommender
from matinee.models.registry import MODELS, make, model_class
from tests.datasets import checkerboard

SPARSE = {"ease": {"solver": "sparse", "neighbours": 4}, "slist": {"solver": "sparse", "neighbours": 4}}
HEADS = {name: {"head": 5} for name in ("ease", "slist", "blend")}
# Defaults of models trained by gradient descent are for data of real size.
SMALL_SASREC = {
    "width": 16,
    "blocks": 1,
    "length": 6,
    "training": {"epochs": 12, "batch_size": 20, "learning_rate": 0.03},
}
SMALL_DSSM = {"width": 16, "length": 6, "training": {"epochs": 12, "batch_size": 10, "learning_rate": 0.03}}
SMALL_RATING_NETWORK = {
    "width": 8,
    "embedding": 4,
    "training": {"epochs": 3, "batch_size": 16, "learning_rate": 0.02},
}
QUICK = {
    "bayes_mf": {"rank": 4, "burn_in": 5, "samples": 5, "thin": 2},
    "text_cnn": SMALL_RATING_NETWORK,
    "poster_towers": SMALL_RATING_NETWORK | {"poster": "none"},
    "dssm": SMALL_DSSM,
    # Of as many dimensions as there are movies, those a user has not rated would be at a right angle to all.
    "hybrid": {
        "width": 2,
        "hidden": [16],
        "dropout": 0.1,
        "input_dropout": 0.1,
        "training": {"epochs": 30, "batch_size": 8, "optimiser": "adamw", "learning_rate": 0.01},
    },
    "sasrec": SMALL_SASREC,
}
VARIANTS = [(name, QUICK.get(name, {})) for name in MODELS] + [
    *SPARSE.items(),
    *HEADS.items(),
    ("item_cf", {"inverse_user_frequency": True, "half_life": 3.0, "neighbours": 4}),
    ("ease", {"half_life": 2.0, "ridge": 5.0}),
    (
        "text_cnn",
        SMALL_RATING_NETWORK
        | {
            "biases": False,
            "bounded": False,
            "convolutions": "random",
            "dropout_at_scoring": True,
            "shared_batch_norm": True,
        },
    ),
    (
        "dssm",
        SMALL_DSSM
        | {"loss": "sampled", "norm": "cosine", "temperature": 0.2, "movie_features": True, "demographics": True},
    ),
    ("sasrec", SMALL_SASREC | {"heads": 2, "length": 3, "windows": "latest", "negatives": 4}),
]
# Who rates what is decided by taste on the checkerboard; how high is not, so models of ratings cannot know.
LEARNS_TASTE = [
    (name, settings)
    for name, settings in VARIANTS
    if name not in ("random", "popularity") and not model_class(name).predicts_ratings
]


def named(variant: tuple[str, dict[str, object]]) -> str:
    return variant[0] + "".join(f"-{key}={value}" for key, value in variant[1].items() if key != "training")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Steps of so small a model take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return checkerboard()


@pytest.fixture(params=VARIANTS, ids=named)
def model(request: pytest.FixtureRequest, data: Dataset) -> Recommender:
    name, settings = request.param
    return make(name, **settings).fit(data)


def test_scores_are_finite_float32_for_every_movie(model: Recommender, data: Dataset) -> None:
    scores = model.score(data.histories)
    assert scores.shape == (data.n_users, data.n_movies)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


def test_saved_and_loaded_scores_the_same(model: Recommender, data: Dataset, tmp_path) -> None:
    model.save(tmp_path)
    loaded = type(model).load(tmp_path)
    assert loaded.config == model.config
    np.testing.assert_array_equal(loaded.score(data.histories), model.score(data.histories))


def test_one_history_scores_as_in_a_batch(model: Recommender, data: Dataset) -> None:
    batch = model.score(data.histories)
    for user in (0, 1, data.n_users - 1):
        alone = model.score(data.histories_of(np.array([user], dtype=np.int32)))
        # A transformer's float32 sums come in another order when other histories are beside it.
        exact = 1e-5 if model.name in QUICK else 1e-6
        np.testing.assert_allclose(alone[0], batch[user], rtol=exact, atol=exact)


def test_a_second_fit_forgets_the_first(model: Recommender, data: Dataset) -> None:
    other = checkerboard(n_users=24, n_movies=8)
    again = model.fit(other).score(other.histories)
    fresh = type(model)(model.config).fit(other).score(other.histories)
    np.testing.assert_array_equal(again, fresh)


def test_the_same_seed_gives_the_same_result(model: Recommender, data: Dataset) -> None:
    twin = type(model)(model.config).fit(data)
    np.testing.assert_array_equal(twin.score(data.histories), model.score(data.histories))


def test_somebody_unknown_and_somebody_without_ratings_are_served(model: Recommender, data: Dataset) -> None:
    nobody_and_a_stranger = Histories.of([[], [data.n_movies - 1, 0, 5]], [[], [1.0, 5.0, 3.0]])
    scores = model.score(nobody_and_a_stranger)
    assert scores.shape == (2, data.n_movies)
    assert np.isfinite(scores).all()


def test_without_an_entry_means_a_gap_in_its_place(model: Recommender, data: Dataset) -> None:
    history = data.histories_of(np.array([3], dtype=np.int32))
    entries, movies = np.arange(len(history.movies)), np.array([0, 3, 1], dtype=np.int32)
    without = model.score_without(history, entries)
    asked_again = model.score(history.each_with_gap(entries))
    np.testing.assert_allclose(without, asked_again, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(model.score_without(history, entries, movies), without[:, movies], rtol=1e-5, atol=1e-6)


def test_a_gap_at_the_start_is_as_if_nothing_had_been_there(model: Recommender, data: Dataset) -> None:
    if model.name in ("random", "sasrec"):
        return  # one draws anew for whatever it is given, the other counts places from the start of the history
    history = Histories.of([[1, 5, 3, 7]], [[2.0, 5.0, 3.0, 4.0]])
    gone = history.with_gaps(np.array([True, False, False, False]))
    closed = gone.without_gaps()
    assert closed.movies.tolist() == [5, 3, 7]
    np.testing.assert_allclose(model.score(gone), model.score(closed), rtol=1e-5, atol=1e-6)


def test_scoring_changes_nothing_it_was_given(model: Recommender, data: Dataset) -> None:
    histories = data.histories_of(np.arange(data.n_users, dtype=np.int32))
    before = histories.movies.copy(), histories.offsets.copy()
    first = model.score(histories).copy()
    np.testing.assert_array_equal(histories.movies, before[0])
    np.testing.assert_array_equal(histories.offsets, before[1])
    np.testing.assert_array_equal(model.score(histories), first)


def test_similar_gives_a_row_for_each_movie(model: Recommender, data: Dataset) -> None:
    likeness = model.similar(np.arange(3, dtype=np.int32))
    assert likeness.shape == (3, data.n_movies)
    assert np.isfinite(likeness).all()


@pytest.mark.parametrize("variant", LEARNS_TASTE, ids=named)
def test_taste_is_learned(variant: tuple[str, dict[str, object]], data: Dataset) -> None:
    name, settings = variant
    scores = make(name, **settings).fit(data).score(data.histories)
    histories = data.histories
    scores[histories.owner, histories.movies] = -np.inf
    group_of_movie = np.arange(data.n_movies) % 2
    best = scores.argmax(axis=1)
    np.testing.assert_array_equal(group_of_movie[best], np.arange(data.n_users) % 2)


@pytest.mark.parametrize("name", MODELS)
def test_unknown_settings_are_refused_with_the_valid_ones(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        make(name, no_such_setting=1)
    message = str(refused.value)
    assert "no_such_setting" in message
    assert "\n" not in message
    assert all(field in message for field in model_class(name).config_class.model_fields)


@pytest.mark.parametrize("name", MODELS)
def test_an_unfitted_model_says_so(name: str, data: Dataset, tmp_path) -> None:
    with pytest.raises(NotFittedError, match=name):
        make(name).score(data.histories)
    with pytest.raises(NotFittedError, match=name):
        make(name).save(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("damage", ["missing", "truncated", "other model"])
def test_a_damaged_folder_is_refused(name: str, damage: str, data: Dataset, tmp_path) -> None:
    make(name, **QUICK.get(name, {})).fit(data).save(tmp_path)
    weights = tmp_path / "weights.safetensors"
    if damage == "missing":
        weights.unlink()
    elif damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:-7])
    else:
        (tmp_path / "settings.json").write_text('{"model": "x", "config": {"nonsense": 1}, "movies": 12}')
    with pytest.raises((RunError, ConfigError)):
        model_class(name).load(tmp_path)


@pytest.mark.parametrize("name", MODELS)
def test_what_a_model_declares_is_declared(name: str) -> None:
    model = model_class(name)
    assert model.description
    assert model.scores_new_users  # histories are all that score() takes
    assert all(
        isinstance(getattr(model, flag), bool) for flag in ("scores_new_movies", "predicts_ratings", "uses_timestamps")
    )
