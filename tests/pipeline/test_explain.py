import re
import tracemalloc

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import Histories
from matinee.models.recommender import Recommender
from matinee.pipeline.explain import contributions, reasons
from tests.datasets import checkerboard
from tests.toy_models import Linear

N = 12
NOBODY = ["no movie you liked carries it by itself"]
Rows = npt.NDArray[np.int32]


def rows(*movies: int) -> Rows:
    return np.array(movies, dtype=np.int32)


@pytest.fixture
def catalogue() -> pl.DataFrame:
    return checkerboard().movies


@given(st.integers(0, 2**20), st.lists(st.integers(0, N - 1), min_size=1, max_size=6, unique=True))
def test_contributions_of_a_linear_model_are_its_weights(seed: int, history: list[int]) -> None:
    weights = np.random.default_rng(seed).normal(size=(N, N))
    considered, falls = contributions(Linear(weights, 0.3), Histories.of([history]), rows(3, 7, 0))
    assert considered.tolist() == list(range(len(history)))
    np.testing.assert_allclose(falls, weights[history][:, [3, 7, 0]], atol=1e-5)


@pytest.mark.parametrize("n", [99, 100, 101, 250])
def test_only_the_latest_hundred_are_considered(n: int) -> None:
    weights = np.arange(n, dtype=np.float32)[:, None] * np.ones((1, n), dtype=np.float32) / n
    considered, falls = contributions(Linear(weights), Histories.of([list(range(n))]), rows(0))
    assert considered.tolist() == list(range(max(0, n - 100), n))
    np.testing.assert_allclose(falls[:, 0], considered / n, atol=1e-4)


def test_order_dependent_models_are_asked_with_the_rest_in_order() -> None:
    asked: list[list[int]] = []

    class Listening(Linear):
        def score(self, histories: Histories) -> npt.NDArray[np.float32]:
            asked.extend(histories.block(i, i + 1).movies.tolist() for i in range(len(histories)))
            return super().score(histories)

    contributions(Listening(np.eye(N)), Histories.of([[5, 2, 9]]), rows(1))
    assert asked == [[5, 2, 9], [2, 9], [5, 9], [5, 2]]


def named(sentence: str) -> list[int]:
    """The rows of the movies a sentence names: movie 103 is in row 3."""
    return [int(movie_id) - 100 for movie_id in re.findall(r"Movie (\d+)", sentence)]


@given(st.integers(0, 2**20), st.lists(st.integers(0, N - 1), min_size=1, max_size=7, unique=True))
def test_every_movie_named_really_carries_the_recommendation(seed: int, history: list[int]) -> None:
    rng = np.random.default_rng(seed)
    model = Linear(rng.normal(size=(N, N)))
    stars = rng.integers(1, 11, len(history)) / 2
    recommended = [movie for movie in range(N) if movie not in history]
    told = reasons(model, Histories.of([history], [stars.tolist()]), rows(*recommended), checkerboard().movies)
    assert len(told) == len(recommended)
    whole = model.score(Histories.of([history]))[0]
    for movie, sentences in zip(recommended, told, strict=True):
        names = [row for sentence in sentences for row in named(sentence)]
        falls = {row: _fall(model, history, row, movie, whole) for row in history}
        liked = [row for row, given in zip(history, stars, strict=True) if given >= np.median(stars)]
        expected = sorted((row for row in liked if falls[row] > 0), key=lambda row: -falls[row])[:2]
        assert names == expected
        assert sentences[0].startswith("because you liked Movie ") if expected else sentences == NOBODY


def _fall(model: Recommender, history: list[int], row: int, movie: int, whole: npt.NDArray[np.float32]) -> float:
    rest = [one for one in history if one != row]
    return float(whole[movie] - model.score(Histories.of([rest]))[0, movie])


def test_stars_are_told_where_they_are_known(catalogue: pl.DataFrame) -> None:
    weights = np.zeros((N, N))
    weights[[2, 4, 6], 8] = [1, 3, 2]
    told = reasons(Linear(weights), Histories.of([[2, 4, 6]], [[4, 4.5, 5]]), rows(8), catalogue)
    assert told == [["because you liked Movie 104 (4.5 stars) and Movie 106 (5 stars)"]]
    told = reasons(Linear(weights), Histories.of([[2, 4, 6]]), rows(8), catalogue)
    assert told == [["because you watched Movie 104 and Movie 106"]]


def test_what_was_disliked_is_no_reason(catalogue: pl.DataFrame) -> None:
    weights = np.zeros((N, N))
    weights[[2, 4, 6], 8] = [9, 2, 1]
    told = reasons(Linear(weights), Histories.of([[2, 4, 6]], [[1, 4, 5]]), rows(8), catalogue)
    assert named(told[0][0]) == [4, 6]


def test_where_nothing_speaks_for_a_movie_that_is_said(catalogue: pl.DataFrame) -> None:
    weights = -np.ones((N, N))
    assert reasons(Linear(weights), Histories.of([[2, 4]]), rows(8, 9), catalogue) == [NOBODY, NOBODY]


def test_somebody_new_is_told_so(catalogue: pl.DataFrame) -> None:
    told = reasons(Linear(np.eye(N)), Histories.of([[]]), rows(8, 9), catalogue)
    assert len(told) == 2
    assert "nothing is known of your taste" in told[0][0]
    assert reasons(Linear(np.eye(N)), Histories.of([[]]), rows(), catalogue) == []


def test_nothing_recommended_needs_no_reasons(catalogue: pl.DataFrame) -> None:
    assert reasons(Linear(np.eye(N)), Histories.of([[1, 2]]), rows(), catalogue) == []


def told_of(catalogue: pl.DataFrame, **columns: pl.Series) -> list[str]:
    """Why movie 0 is recommended to somebody who liked movie 1, by what these columns know."""
    weights = np.zeros((N, N))
    return reasons(Linear(weights), Histories.of([[1]]), rows(0), catalogue.with_columns(**columns))[0]


def lists(*first: list[str] | None) -> pl.Series:
    return pl.Series([*first] + [None] * (N - len(first)), dtype=pl.List(pl.String))


def test_without_people_in_the_catalogue_none_are_shared(catalogue: pl.DataFrame) -> None:
    assert told_of(catalogue) == NOBODY
    assert told_of(catalogue, director=lists(), cast=lists()) == NOBODY


@pytest.mark.parametrize(
    ("director", "cast", "told"),
    [
        ((["Ann Lee"], ["Ann Lee"]), ([], []), ["directed by Ann Lee, like Movie 101"]),
        ((["Ann Lee"], ["Bob Eel"]), ([], []), []),
        ((["A", "B", "C"], ["C", "B", "A"]), ([], []), ["directed by A and B, like Movie 101"]),
        (([], []), (["A", "B"], ["B", "C", "A"]), ["with A and B, like Movie 101"]),
        (([], []), (["A", "B"], ["B", "C"]), []),
        ((["D"], ["D"]), (["A", "B"], ["A", "B"]), ["directed by D, like Movie 101"]),
        ((["D"], None), (["A", "B"], ["A", "B"]), ["with A and B, like Movie 101"]),
        ((None, ["D"]), (None, ["A", "B"]), []),
    ],
)
def test_shared_people_are_named(
    catalogue: pl.DataFrame,
    director: tuple[list[str] | None, ...],
    cast: tuple[list[str] | None, ...],
    told: list[str],
) -> None:
    assert told_of(catalogue, director=lists(*director), cast=lists(*cast)) == (told or NOBODY)


def test_a_long_history_takes_no_more_memory_than_what_is_considered() -> None:
    n = 2000
    model = Linear(np.zeros((n, 1)))
    tracemalloc.start()
    contributions(model, Histories.of([list(range(n))]), rows(0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 100 * n  # bytes: a hundred histories of n entries, each with a few numbers
