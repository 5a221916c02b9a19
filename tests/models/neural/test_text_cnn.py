import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from matinee.data.dataset import Dataset
from matinee.features.users import UserVocabulary
from matinee.models.neural.text_cnn import TextCNN, TextCNNConfig, TextMovieTower, TextUserTower, TitleCNN
from tests.datasets import small_ratings

AS_WRITTEN = tomllib.loads((Path(__file__).parents[3] / "recipes" / "text_cnn-as-written.toml").read_text("utf-8"))
QUICK = {"output_dim": 8, "embedding_dim": 4, "training": {"epochs": 2, "batch_size": 16, "lr": 0.02}}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


@pytest.fixture
def titled() -> Dataset:
    data = small_ratings(1)
    titles = [("The Return of the King" if row % 2 else "Star Wars and Peace")[: 8 + row] for row in range(20)]
    return replace(data, movies=data.movies.with_columns(pl.Series("title", titles)))


def parameters(module: torch.nn.Module) -> int:
    return sum(module.numel() for module in module.parameters())


def test_the_towers_have_the_tutorials_shapes_and_parameters() -> None:
    """6,041 users, 2 genders, 7 ages, 21 occupations; 3,953 movies, 18 genres, 5,215 words; vectors of 200."""
    config = TextCNNConfig(**AS_WRITTEN["settings"])
    users = TextUserTower((6041, 2, 7, 21), config, None)
    embeddings = 6041 * 32 + (2 + 7 + 21) * 16
    assert parameters(users) == embeddings + (32 * 32 + 32) + 3 * (16 * 32 + 32) + (128 * 200 + 200)
    assert users(torch.tensor([[6040, 1, 6, 20], [0, 0, 0, 0]])).shape == (2, 200)

    words = torch.zeros(3953, 15, dtype=torch.int32)
    words[0, 0] = 5214
    movies = TextMovieTower({"words": words, "genres": torch.ones(3953, 18, dtype=torch.uint8)}, config, None)
    embeddings = (3953 + 18 + 5215) * 32
    convolutions = sum(8 * (window * 32) + 8 for window in (2, 3, 4, 5))
    # The tutorial's fc_mid_mtype, of 64 * 200 + 200, is created and never used.
    assert parameters(movies) == embeddings + 2 * (32 * 32 + 32) + convolutions + (96 * 200 + 200)
    assert movies(torch.arange(3)).shape == (3, 200)


def test_each_filter_gives_its_strongest_answer_anywhere_in_the_title() -> None:
    title = TitleCNN(9, TextCNNConfig(embedding_dim=2, filters=1, dropout=0.0))
    with torch.no_grad():
        title.words.weight.copy_(torch.arange(10.0)[:, None] * torch.tensor([1.0, 0.0]))
        for module in title.convolutions:
            module.weight.fill_(0).select(2, 0).fill_(1)  # looks at the first word of its window
            module.bias.fill_(-1)
    answers = title(torch.tensor([[3, 1, 7, 2, 0, 9], [0, 0, 0, 0, 0, 0]]))
    # Windows of 2, 3, 4 and 5 words begin with one of the first 5, 4, 3 and 2.
    np.testing.assert_array_equal(answers.detach(), [[6, 6, 6, 2], [0, 0, 0, 0]])


@pytest.mark.parametrize(("convolutions", "learned"), [("learned", True), ("random", False)])
def test_convolutions_are_trained_unless_they_are_random(titled: Dataset, convolutions: str, learned: bool) -> None:
    model = TextCNN(**QUICK, convolutions=convolutions)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        before = model.build_module(titled).movie_tower.title.convolutions[0].weight
    after = model.fit(titled).module.movie_tower.title.convolutions[0].weight
    assert bool((before != after).any()) is learned
    assert "movie_tower.title.convolutions.0.weight" in model.state()


def test_dropout_ends_with_training_unless_set_otherwise(titled: Dataset, tmp_path: Path) -> None:
    for stays in (False, True):
        model = TextCNN(**QUICK, dropout_at_scoring=stays).fit(titled)
        rows = torch.arange(titled.n_movies)
        first, second = model.module.movie_vectors(rows), model.module.movie_vectors(rows)
        assert bool((first != second).any()) is stays
        # The scores of a model are the same each time.
        scores = model.score(titled.histories)
        model._vectors = None
        np.testing.assert_array_equal(model.score(titled.histories), scores)


def test_one_normalisation_is_shared_by_all_features_if_set(titled: Dataset) -> None:
    module = TextCNN(**QUICK, shared_batch_norm=True).build_module(titled)
    kinds = {id(module) for module in module.modules() if isinstance(module, torch.nn.BatchNorm1d)}
    assert len(kinds) == 1
    norm = module.movie_tower.id_dense.norm
    assert norm is module.user_tower.dense[3].norm
    assert parameters(norm) == 2
    dense = module.movie_tower.id_dense.train()
    out = dense(torch.randn(50, 4)).detach()
    assert float(out.mean()) == pytest.approx(0, abs=1e-5)  # over the batch and all columns together
    assert float(out.std()) == pytest.approx(1, abs=0.01)


def test_as_written_nothing_but_the_product_is_left(titled: Dataset) -> None:
    quick = {"training": {"epochs": 1, "batch_size": 32}}
    model = TextCNN(**(AS_WRITTEN["settings"] | quick)).fit(titled)
    assert model.module.biases is None
    product = model.user_vectors(titled.histories) @ model.movie_vectors().T
    np.testing.assert_allclose(model.score(titled.histories), product, rtol=1e-5, atol=1e-5)
    assert UserVocabulary.of(titled.users).sizes == (1, 1, 1)
