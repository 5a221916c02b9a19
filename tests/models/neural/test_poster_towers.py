import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from matinee.data.dataset import Dataset
from matinee.errors import ProtocolError
from matinee.models.neural.poster_towers import (
    FrozenPosters,
    LearnedPosters,
    PosterMovieTower,
    PosterTowers,
    PosterTowersConfig,
    PosterUserTower,
    TitleConvolution,
)
from tests.datasets import dataset_of

AS_WRITTEN = tomllib.loads((Path(__file__).parents[3] / "recipes" / "poster_towers-as-written.toml").read_text("utf-8"))
TRAINING = {"epochs": 30, "batch_size": 32, "lr": 0.02}
QUICK = {"output_dim": 8, "embedding_dim": 4, "poster_size": 8, "posters_per_step": 8, "training": TRAINING}
BRIEF = QUICK | {"training": TRAINING | {"epochs": 1}}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


@pytest.fixture
def pictured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Even users love movies with red posters, odd ones those with blue; the last two movies have no poster."""
    monkeypatch.setenv("MATINEE_DATA", str(tmp_path / "data"))
    n_users, n_movies = 20, 14
    user, movie = np.divmod(np.arange(n_users * n_movies), n_movies)
    ratings = np.where(user % 2 == movie % 2, 5.0, 2.0)
    rated = (user // 2 + movie // 2) % 3 > 0
    data = dataset_of(user[rated], movie[rated], ratings[rated], n_users=n_users, n_movies=n_movies)
    folder = tmp_path / "posters"
    folder.mkdir()
    for row in range(n_movies - 2):
        colour = (20, 20, 150 + row) if row % 2 else (150 + row, 20, 20)
        Image.new("RGB", (12, 18), colour).save(folder / f"{data.movie_ids.ids[row]}.jpg")
    return replace(data, posters=folder)


def parameters(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_the_towers_have_the_tutorials_shapes_and_parameters() -> None:
    """2 genders, 57 ages, 21 occupations; 19 genres, 5,217 words, posters of 64 x 64; vectors of 200."""
    config = PosterTowersConfig(**AS_WRITTEN["settings"])
    users = PosterUserTower((99, 2, 57, 21), config)
    assert parameters(users) == (2 + 57 + 21) * 16 + 3 * (16 * 16 + 16) + 3 * (16 * 200 + 200)
    assert users(torch.tensor([[0, 1, 56, 20]])).shape == (1, 200)
    words = torch.zeros(4, 15, dtype=torch.int32)
    words[0, 0] = 5216
    features = {
        "words": words,
        "genres": torch.ones(4, 19, dtype=torch.uint8),
        "posters": torch.zeros(4, 3, 64, 64, dtype=torch.uint8),
        "has_poster": torch.ones(4, dtype=torch.bool),
    }
    movies = PosterMovieTower(features, config)
    convolutions = (3 * 9 * 32 + 32) + (32 * 9 * 32 + 32) + (32 * 9 * 64 + 64)
    poster = convolutions + 2 * (32 + 32 + 64) + (64 * 32 + 32)
    rest = (19 + 5217) * 32 + (32 * 32 + 32) + 2 * (3 + 1) + (96 * 200 + 200)
    assert parameters(movies) == rest + poster + 32  # 32 stand for a poster that is missing
    assert movies(torch.arange(4)).shape == (4, 200)
    assert movies.posters.network[:3](torch.zeros(2, 3, 64, 64)).shape == (2, 64, 8, 8)
    title = TitleConvolution(9, 32)
    first = title.first(torch.zeros(2, 1, 15, 32))
    assert first.shape == (2, 1, 7, 32)
    assert title.second(first).shape == (2, 1, 5, 32)


def test_without_posters_only_titles_matter(pictured: Dataset) -> None:
    """And nothing says which titles are alike."""
    model = PosterTowers(**BRIEF, poster="none").fit(replace(pictured, posters=None))
    assert not model.module.movie_tower.has_poster.any()
    assert np.isfinite(model.score(pictured.histories)).all()


@pytest.mark.parametrize("poster", ["frozen", "cnn"])
def test_it_learns_tastes_from_posters(pictured: Dataset, poster: str) -> None:
    """There are no genres, and nothing in the titles that says which are alike."""
    model = PosterTowers(**QUICK, poster=poster).fit(pictured)
    scores = model.score(pictured.histories)[:, :12]
    liked = np.arange(12) % 2 == np.arange(20)[:, None] % 2
    assert scores[liked].mean() > scores[~liked].mean() + 1.5
    saved = model.state()
    assert not any("pixels" in name for name in saved)
    again = PosterTowers(**QUICK, poster=poster)
    again.n_movies = model.n_movies
    again.restore(saved)
    np.testing.assert_array_equal(again.score(pictured.histories), model.score(pictured.histories))


def test_a_missing_poster_has_a_trained_vector(pictured: Dataset) -> None:
    module = PosterTowers(**BRIEF).fit(pictured).module
    tower = module.movie_tower
    np.testing.assert_array_equal(tower.has_poster, [True] * 12 + [False] * 2)
    assert tower.no_poster.abs().sum() > 0
    before = module.movie_vectors(torch.arange(14))
    with torch.no_grad():
        tower.posters.linear.weight.mul_(-2)
    after = module.movie_vectors(torch.arange(14))
    same = (before == after).all(dim=1)
    np.testing.assert_array_equal(same, ~tower.has_poster)


def test_posters_outside_the_step_keep_their_last_vectors() -> None:
    posters = LearnedPosters(torch.randint(0, 256, (6, 3, 8, 8), dtype=torch.uint8), 6, 4, per_step=2).train()
    seen = posters(torch.arange(6))
    anew = (seen != 0).any(dim=1)
    assert int(anew.sum()) == 2
    torch.testing.assert_close(posters.bank[anew], seen[anew].detach())
    gradient = torch.autograd.grad(seen[~anew].sum(), posters.network[-1].weight, retain_graph=True)[0]
    assert not gradient.any()
    assert torch.autograd.grad(seen.sum(), posters.network[-1].weight)[0].any()
    assert (posters.eval()(torch.arange(6)) != 0).any(dim=1).all()


def test_frozen_posters_are_not_learned() -> None:
    posters = FrozenPosters(torch.ones(3, 5, dtype=torch.float16), 4)
    assert parameters(posters) == 5 * 4 + 4


def test_as_written_ratings_range_from_minus_five_to_five(pictured: Dataset) -> None:
    quick = {"poster_size": 8, "training": {"epochs": 1, "batch_size": 256, "lr": 1e-6}}
    model = PosterTowers(**(AS_WRITTEN["settings"] | quick)).fit(pictured)
    scores = model.score(pictured.histories)
    assert scores.min() < 0.5
    assert np.abs(scores).max() <= 5 + 1e-5
    # It ignores ids, but rows of one matrix product may still differ in their last digit.
    np.testing.assert_allclose(scores, np.tile(scores[:1], (20, 1)), rtol=0, atol=1e-6)


def test_data_without_posters_is_refused(pictured: Dataset) -> None:
    with pytest.raises(ProtocolError, match="small has none\\. Add a folder posters/"):
        PosterTowers(**QUICK).fit(replace(pictured, posters=None))
