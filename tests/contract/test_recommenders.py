"""The contract of every registered model, on a catalogue whose best recommendations are known."""

import numpy as np
import pytest
import torch

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ConfigError, NotFittedError, RunError
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.recommender import Recommender
from matinee.models.registry import MODELS, make, model_class
from tests.datasets import checkerboard

SPARSE = {"ease": {"solver": "sparse", "neighbours": 4}, "slist": {"solver": "sparse", "neighbours": 4}}
HEADS = {name: {"head": 5} for name in ("ease", "slist", "blend")}
SMALL = {name: dict(model_class(name).small_settings) for name in MODELS}
VARIANTS = [
    *SMALL.items(),
    *SPARSE.items(),
    *HEADS.items(),
    ("item_cf", {"inverse_user_frequency": True, "half_life": 3.0, "neighbours": 4}),
    ("ease", {"half_life": 2.0, "reg": 5.0}),
    (
        "text_cnn",
        SMALL["text_cnn"]
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
        SMALL["dssm"]
        | {"loss": "sampled", "norm": "cosine", "temperature": 0.2, "movie_features": True, "demographics": True},
    ),
    ("sasrec", SMALL["sasrec"] | {"heads": 2, "max_length": 3, "windows": "latest", "negatives": 4}),
]
# On the checkerboard taste decides which movies a user rates, but not how high, so models of ratings learn nothing.
LEARNS_TASTE = [
    (name, settings)
    for name, settings in VARIANTS
    if name not in ("random", "popularity") and not model_class(name).predicts_ratings
]


def variant_name(variant: tuple[str, dict[str, object]]) -> str:
    return variant[0] + "".join(f"-{key}={value}" for key, value in variant[1].items() if key != "training")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return checkerboard()


@pytest.fixture(scope="module", params=VARIANTS, ids=variant_name)
def model(request: pytest.FixtureRequest, data: Dataset) -> Recommender:
    """A fitted model that many tests share, so they must not fit it again."""
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
        # A network adds float32 numbers in another order when other histories are beside this one.
        tolerance = 1e-5 if isinstance(model, NeuralRecommender) else 1e-6
        np.testing.assert_allclose(alone[0], batch[user], rtol=tolerance, atol=tolerance)


def test_a_second_fit_forgets_the_first(model: Recommender, data: Dataset) -> None:
    other = checkerboard(n_users=24, n_movies=8)
    again = type(model)(model.config).fit(data).fit(other).score(other.histories)
    fresh = type(model)(model.config).fit(other).score(other.histories)
    np.testing.assert_array_equal(again, fresh)


def test_the_same_seed_gives_the_same_result(model: Recommender, data: Dataset) -> None:
    twin = type(model)(model.config).fit(data)
    np.testing.assert_array_equal(twin.score(data.histories), model.score(data.histories))


def test_new_users_and_users_without_ratings_get_scores(model: Recommender, data: Dataset) -> None:
    empty_and_new = Histories.of([[], [data.n_movies - 1, 0, 5]], [[], [1.0, 5.0, 3.0]])
    scores = model.score(empty_and_new)
    assert scores.shape == (2, data.n_movies)
    assert np.isfinite(scores).all()


def test_leaving_out_an_entry_leaves_a_gap(model: Recommender, data: Dataset) -> None:
    history = data.histories_of(np.array([3], dtype=np.int32))
    entries, movies = np.arange(len(history.movies)), np.array([0, 3, 1], dtype=np.int32)
    without = model.score_without(history, entries)
    with_gaps = model.score(history.each_with_gap(entries))
    np.testing.assert_allclose(without, with_gaps, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(model.score_without(history, entries, movies), without[:, movies], rtol=1e-5, atol=1e-6)


def test_a_gap_at_the_start_changes_nothing(model: Recommender, data: Dataset) -> None:
    if model.name in ("random", "sasrec"):
        return  # `random` draws other scores for each history, `sasrec` numbers positions from the start
    history = Histories.of([[1, 5, 3, 7]], [[2.0, 5.0, 3.0, 4.0]])
    gapped = history.with_gaps(np.array([True, False, False, False]))
    closed = gapped.without_gaps()
    assert closed.movies.tolist() == [5, 3, 7]
    np.testing.assert_allclose(model.score(gapped), model.score(closed), rtol=1e-5, atol=1e-6)


def test_scoring_does_not_change_its_input(model: Recommender, data: Dataset) -> None:
    histories = data.histories_of(np.arange(data.n_users, dtype=np.int32))
    before = histories.movies.copy(), histories.offsets.copy()
    first = model.score(histories).copy()
    np.testing.assert_array_equal(histories.movies, before[0])
    np.testing.assert_array_equal(histories.offsets, before[1])
    np.testing.assert_array_equal(model.score(histories), first)


def test_similar_returns_a_row_for_each_movie(model: Recommender, data: Dataset) -> None:
    similarity = model.similar(np.arange(3, dtype=np.int32))
    assert similarity.shape == (3, data.n_movies)
    assert np.isfinite(similarity).all()


@pytest.mark.parametrize("variant", LEARNS_TASTE, ids=variant_name)
def test_taste_is_learned(variant: tuple[str, dict[str, object]], data: Dataset) -> None:
    name, settings = variant
    scores = make(name, **settings).fit(data).score(data.histories)
    histories = data.histories
    scores[histories.owner, histories.movies] = -np.inf
    group_of_movie = np.arange(data.n_movies) % 2
    best = scores.argmax(axis=1)
    np.testing.assert_array_equal(group_of_movie[best], np.arange(data.n_users) % 2)


@pytest.mark.parametrize("name", MODELS)
def test_an_unknown_setting_is_refused_with_the_valid_ones(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        make(name, no_such_setting=1)
    message = str(refused.value)
    assert "no_such_setting" in message
    assert "\n" not in message
    assert all(field in message for field in model_class(name).config_class.model_fields)


@pytest.mark.parametrize("name", MODELS)
def test_an_unfitted_model_is_refused(name: str, data: Dataset, tmp_path) -> None:
    with pytest.raises(NotFittedError, match=name):
        make(name).score(data.histories)
    with pytest.raises(NotFittedError, match=name):
        make(name).save(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("damage", ["missing", "truncated", "other model"])
def test_a_damaged_folder_is_refused(name: str, damage: str, data: Dataset, tmp_path) -> None:
    make(name, **SMALL[name]).fit(data).save(tmp_path)
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
def test_every_model_declares_its_capabilities(name: str) -> None:
    model = model_class(name)
    assert model.description
    assert all(
        isinstance(getattr(model, flag), bool) for flag in ("scores_new_movies", "predicts_ratings", "uses_timestamps")
    )
