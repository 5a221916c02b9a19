from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data.dataset import Dataset
from matinee.errors import RunError
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.pipeline.engine import load_engine
from tests.datasets import checkerboard
from tests.engines import engine_of, with_titles
from tests.toy_models import Linear

N = 12


def test_an_engine_groups_the_listings_of_a_movie() -> None:
    movies = with_titles(checkerboard().movies, {2: ("Heat", 1995), 9: ("Heat", 1995), 4: ("Heat", 1972)})
    engine = engine_of(Linear(np.eye(N)), movies)
    assert engine.listings_of(np.array([9], dtype=np.int32)).tolist() == [2, 9]
    assert engine.title_groups[2] == engine.title_groups[9] != engine.title_groups[4]


def test_genres_have_length_one_or_zero() -> None:
    genres = [["Drama"], [], None, ["Comedy", "Drama"], *[["Drama"]] * (N - 4)]
    movies = checkerboard().movies.with_columns(pl.Series("genres", genres, dtype=pl.List(pl.String)))
    half = np.sqrt(0.5)
    expected = [[0, 1], [0, 0], [0, 0], [half, half], *[[0, 1]] * (N - 4)]  # comedy, drama
    engine = engine_of(Linear(np.eye(N)), movies)
    np.testing.assert_allclose(engine.genres, expected, atol=1e-6)
    assert engine.genre_names == ["Comedy", "Drama"]


def test_questions_keep_their_order() -> None:
    assert engine_of(Linear(np.eye(N)), questions=[7, 2, 11]).questions.tolist() == [7, 2, 11]
    questions = engine_of(Linear(np.eye(N))).questions
    assert questions.tolist() == []
    assert questions.dtype == np.int32


def test_an_engine_reads_rating_counts_from_the_catalogue() -> None:
    engine = engine_of(Linear(np.eye(N)), rating_counts=np.arange(N) // 2, recent_rating_counts=np.arange(N)[::-1])
    assert engine.n_movies == N
    assert engine.rating_counts.tolist() == [row // 2 for row in range(N)]
    assert engine.recent_rating_counts.tolist() == list(range(N))[::-1]
    assert engine.by_popularity.tolist() == [10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1]
    assert engine.lookup.find("movie 104") == 4


@pytest.fixture
def data() -> Dataset:
    return checkerboard()


def saved(name: str, data: Dataset, folder: Path, **settings: object) -> Path:
    return save_run(folder / name, make(name, **settings).fit(data), data, folder).folder


def test_an_engine_is_loaded_from_runs(data: Dataset, tmp_path: Path) -> None:
    ease = saved("ease", data, tmp_path)
    bayes_mf = saved("bayes_mf", data, tmp_path, embedding_dim=2, burn_in=1, samples=2, thin=1)
    engine = load_engine(ease, bayes_mf, content_run=bayes_mf)
    assert engine.ranker.name == "ease"
    assert engine.run is not None
    assert engine.run.folder == ease
    assert engine.run.model is engine.ranker
    assert engine.rating_model is not None
    assert engine.rating_model.name == "bayes_mf"
    assert engine.content_model is not None
    assert engine.movies["movie_id"].to_list() == data.movie_ids.ids.tolist()
    assert engine.scale == data.scale
    assert engine.rating_counts.tolist() == np.bincount(data.ratings.movie, minlength=N).tolist()
    assert len(engine.questions)
    alone = load_engine(ease)
    assert alone.rating_model is None
    assert alone.content_model is None


@pytest.mark.parametrize(("option", "purpose"), [("rating_run", "predict ratings"), ("content_run", "rank new movies")])
def test_a_model_without_the_capability_is_refused(option: str, purpose: str, data: Dataset, tmp_path: Path) -> None:
    ease, popularity = saved("ease", data, tmp_path), saved("popularity", data, tmp_path)
    with pytest.raises(RunError, match=f"is a run of popularity, which cannot {purpose}. Use one that can") as refusal:
        load_engine(ease, **{option: popularity})
    assert "\n" not in str(refusal.value)


def test_a_run_of_another_catalogue_is_refused(data: Dataset, tmp_path: Path) -> None:
    other = saved("popularity", checkerboard(n_movies=10), tmp_path)
    with pytest.raises(RunError, match=r"popularity has a different catalogue than .*ease"):
        load_engine(saved("ease", data, tmp_path), other)
