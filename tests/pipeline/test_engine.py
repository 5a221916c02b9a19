from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.dataset import Dataset
from matinee.errors import RunError
from matinee.models.registry import make
from matinee.models.runs import CATALOGUE_FILE, save_run
from matinee.pipeline.engine import load_engine
from tests.cinemas import cinema_of, titled
from tests.datasets import checkerboard
from tests.toy_models import Linear

N = 12

films = st.tuples(st.sampled_from(["Heat", "heat", "Hamlet", ""]), st.sampled_from([None, 1948, 1995, 1996]))


@given(st.lists(films, min_size=N, max_size=N), st.lists(st.integers(0, N - 1), max_size=4))
def test_names_are_equal_exactly_where_title_and_year_are(
    listed: list[tuple[str, int | None]], rows: list[int]
) -> None:
    engine = cinema_of(Linear(np.eye(N)), titled(checkerboard().movies, dict(enumerate(listed))))
    same = engine.title_groups[:, None] == engine.title_groups[None, :]
    assert same.tolist() == [[one == other for other in listed] for one in listed]
    asked = {listed[row] for row in rows}
    found = engine.listings_of(np.array(rows, dtype=np.int32))
    assert found.tolist() == [row for row in range(N) if listed[row] in asked]


def test_genres_are_of_length_one_or_unknown() -> None:
    genres = [["Drama"], [], None, ["Comedy", "Drama"], *[["Drama"]] * (N - 4)]
    movies = checkerboard().movies.with_columns(pl.Series("genres", genres, dtype=pl.List(pl.String)))
    half = np.sqrt(0.5)
    expected = [[0, 1], [0, 0], [0, 0], [half, half], *[[0, 1]] * (N - 4)]  # comedy, drama
    np.testing.assert_allclose(cinema_of(Linear(np.eye(N)), movies).genres, expected, atol=1e-6)


def test_questions_come_in_their_order_and_only_where_there_are_any() -> None:
    assert cinema_of(Linear(np.eye(N)), questions=[7, 2, 11]).questions.tolist() == [7, 2, 11]
    none = cinema_of(Linear(np.eye(N))).questions
    assert none.tolist() == []
    assert none.dtype == np.int32


def test_a_catalogue_knows_how_well_known_its_movies_are() -> None:
    engine = cinema_of(Linear(np.eye(N)), rated=np.arange(N), rated_lately=np.arange(N)[::-1])
    assert engine.n_movies == N
    assert engine.rated.tolist() == list(range(N))
    assert engine.rated_recently.tolist() == list(range(N))[::-1]
    assert engine.lookup.find("movie 104") == 4


@pytest.fixture
def data() -> Dataset:
    return checkerboard()


def saved(name: str, data: Dataset, folder: Path, **settings: object) -> Path:
    return save_run(folder / name, make(name, **settings).fit(data), data, folder).folder


def test_a_cinema_is_opened_from_runs(data: Dataset, tmp_path: Path) -> None:
    ease = saved("ease", data, tmp_path)
    stars = saved("bayes_mf", data, tmp_path, rank=2, burn_in=1, samples=2, thin=1)
    engine = load_engine(ease, stars, content=stars)
    assert engine.ranker.name == "ease"
    assert engine.stars is not None
    assert engine.stars.name == "bayes_mf"
    assert engine.content is not None
    assert engine.movies["movie_id"].to_list() == data.movie_ids.ids.tolist()
    assert engine.scale == data.scale
    assert engine.rated.tolist() == np.bincount(data.ratings.movie, minlength=N).tolist()
    assert len(engine.questions)
    alone = load_engine(ease)
    assert alone.stars is None
    assert alone.content is None


@pytest.mark.parametrize(
    ("beside", "told"),
    [({"stars": "popularity"}, "predicts stars"), ({"content": "popularity"}, "places new movies")],
)
def test_a_model_that_cannot_do_its_part_is_refused(
    beside: dict[str, str], told: str, data: Dataset, tmp_path: Path
) -> None:
    ease = saved("ease", data, tmp_path)
    with pytest.raises(RunError, match=f"is a run of popularity; expected one of a model that {told}") as refused:
        load_engine(ease, **{part: saved(name, data, tmp_path) for part, name in beside.items()})
    assert "\n" not in str(refused.value)


def test_a_run_of_another_catalogue_is_refused(data: Dataset, tmp_path: Path) -> None:
    other = saved("popularity", checkerboard(n_movies=10), tmp_path)
    with pytest.raises(RunError, match=r"popularity: its catalogue is not that of .*ease"):
        load_engine(saved("ease", data, tmp_path), other)


@pytest.mark.parametrize("column", ["rated", "rated_lately", "question"])
def test_a_run_of_an_older_version_is_refused(column: str, data: Dataset, tmp_path: Path) -> None:
    folder = saved("ease", data, tmp_path)
    pl.read_parquet(folder / CATALOGUE_FILE).drop(column).write_parquet(folder / CATALOGUE_FILE)
    with pytest.raises(RunError, match=f"ease: its catalogue lacks '{column}'.*new training"):
        load_engine(folder)
