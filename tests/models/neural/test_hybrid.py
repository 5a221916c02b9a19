import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.models.capabilities import HasVectors, SimilarBy
from matinee.models.neural.hybrid import Hybrid
from tests.datasets import checkerboard, dataset_of

TRAINING = {"epochs": 30, "batch_size": 8, "optimiser": "adamw", "lr": 0.01}
QUICK = {"embedding_dim": 2, "hidden_dims": [16], "dropout": 0.1, "input_dropout": 0.1, "training": TRAINING}
RECIPE = Path(__file__).parents[3] / "recipes" / "hybrid-as-written.toml"
HIDDEN = [4, 5, 9, 10]  # two of each taste


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


def with_unrated() -> tuple[Dataset, np.ndarray]:
    """A checkerboard without ratings of the movies in HIDDEN, and a mask of these."""
    data = checkerboard()
    hidden = np.isin(np.arange(data.n_movies), HIDDEN)
    return data.keep(~hidden[data.ratings.movie]), hidden


def with_votes(n_movies: int = 60) -> Dataset:
    """A catalogue without ratings: movies of two kinds, one with high votes."""
    kind = np.arange(n_movies) % 2
    nothing = dataset_of([], [], n_users=0, n_movies=n_movies, genres=[["Odd"] if odd else ["Even"] for odd in kind])
    overviews = ["a whale and a sailor" if odd else "a rocket and an astronaut" for odd in kind]
    votes = {"vote_average": 5.0 + 3 * kind, "vote_count": 50 + 5 * np.arange(n_movies), "popularity": 1.0 + kind}
    return replace(nothing, movies=nothing.movies.with_columns(pl.Series("overview", overviews), **votes_of(votes)))


def votes_of(votes: dict[str, np.ndarray]) -> dict[str, pl.Series]:
    return {name: pl.Series(values) for name, values in votes.items()}


def test_movies_without_ratings_are_scored_by_content() -> None:
    data, hidden = with_unrated()
    model = Hybrid(**QUICK).fit(data)
    scores = model.score(data.histories)[:, hidden]
    own = np.array(HIDDEN) % 2 == np.arange(data.n_users)[:, None] % 2
    assert (scores[own].reshape(data.n_users, -1).min(1) > scores[~own].reshape(data.n_users, -1).max(1)).all()


def test_lift_brings_unrated_movies_up() -> None:
    data, hidden = with_unrated()
    low, high = (Hybrid(**QUICK, lift=lift).fit(data).score(data.histories) for lift in (0.5, 2.0))
    assert high[:, hidden].mean() > 2 * low[:, hidden].mean()


def test_it_learns_from_validation_and_holds_out_movies() -> None:
    data = checkerboard()
    latest = data.histories.age == 0
    model = Hybrid(**QUICK, held_out=0.25).fit(data.keep(~latest), data.keep(latest))
    np.testing.assert_array_equal(
        model.score(data.histories), Hybrid(**QUICK, held_out=0.25).fit(data).score(data.histories)
    )
    figures = [entry["validation MSE"] for entry in model.curve]
    assert {"loss", "train MSE", "alignment"} <= model.curve[0].keys()
    assert model.best_epoch == int(np.argmin(figures))
    _, held_out = model._split_movies(data)
    assert len(held_out) == 3


def test_for_everything_no_movie_is_held_out() -> None:
    judged = Hybrid(**QUICK, held_out=0.25).fit(checkerboard())
    fresh = judged.unfitted_copy_for_all_data()
    assert fresh.config.held_out == 0
    assert fresh.config.training.epochs == judged.best_epoch + 1
    assert not any("validation MSE" in entry for entry in fresh.fit(checkerboard()).curve)


@pytest.mark.parametrize("by", ["content", "cf", "hybrid"])
def test_each_branch_finds_similar_movies_of_one_taste(by: str) -> None:
    data, _ = with_unrated()
    model = Hybrid(**QUICK).fit(data)
    rows = np.arange(data.n_movies, dtype=np.int32)
    similarity = model.similar_by(rows, by)
    np.testing.assert_allclose(np.diag(similarity), 1, rtol=1e-5)
    same = (rows[:, None] - rows) % 2 == 0
    assert similarity[same].mean() > similarity[~same].mean() + 0.5
    if by == "hybrid":
        np.testing.assert_array_equal(model.similar(rows), similarity)
    assert isinstance(model, SimilarBy)
    assert isinstance(model, HasVectors)


def test_data_without_ratings_is_refused() -> None:
    with pytest.raises(ProtocolError, match="movies with ratings"):
        Hybrid(**QUICK).fit(with_votes())


def test_as_written_learns_from_votes_and_ignores_users(tmp_path: Path) -> None:
    settings = tomllib.loads(RECIPE.read_text(encoding="utf-8"))["settings"]
    settings["training"] |= {"epochs": 25, "batch_size": 8, "lr": 3e-3}
    data = with_votes()
    model = Hybrid(**settings).fit(data)
    assert model.curve[-1]["validation MSE"] < 0.3 * model.curve[0]["validation MSE"]
    histories = Histories.of([[0, 2, 4], [1], []])
    scores = model.score(histories)
    mean = model.movie_vectors()[[0, 2, 4]].mean(0)
    cosine = model.movie_vectors() @ mean / np.linalg.norm(mean)
    np.testing.assert_allclose(scores[0], cosine, rtol=1e-5, atol=1e-6)
    model.save(tmp_path)
    np.testing.assert_array_equal(Hybrid.load(tmp_path).score(histories), scores)


def test_as_written_needs_votes() -> None:
    with pytest.raises(ProtocolError, match="objective=votes needs"):
        Hybrid(objective="votes").fit(checkerboard())
