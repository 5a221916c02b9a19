import json
from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import Histories
from matinee.errors import RunError
from matinee.pipeline.recommend import Recommendation, recommend, seen_rows, similar
from tests.datasets import FIRST_MOVIE_ID, checkerboard
from tests.toy_models import Constant, Linear, Toy

N = 12


@pytest.fixture
def catalogue() -> pl.DataFrame:
    return checkerboard().movies


def rows_of(recommended: list[Recommendation]) -> list[int]:
    return [int(one.movie_id) - FIRST_MOVIE_ID for one in recommended]


def with_titles(catalogue: pl.DataFrame, titles: Mapping[int, tuple[str, int | None]]) -> pl.DataFrame:
    names, years = catalogue["title"].to_list(), catalogue["year"].to_list()
    for row, (title, year) in titles.items():
        names[row], years[row] = title, year
    return catalogue.with_columns(pl.Series("title", names), pl.Series("year", years, dtype=pl.Int32))


movies = st.integers(0, N - 1)


@given(
    st.integers(0, 2**20),
    st.lists(movies, max_size=N, unique=True),
    st.sets(movies),
    st.sets(movies),
    st.integers(1, N + 3),
)
def test_lists_are_the_best_of_what_was_not_seen_under_any_id(
    seed: int, history: list[int], copied: set[int], remade: set[int], k: int
) -> None:
    catalogue = checkerboard().movies
    unseen = [row for row in range(N) if row not in history]
    if history:  # some unseen ids are of films seen, others are later films of the same title
        seen = {row: history[row % len(history)] for row in unseen}
        first = {row: (f"Movie {FIRST_MOVIE_ID + one}", 1970 + one) for row, one in seen.items()}
        catalogue = with_titles(catalogue, {row: first[row] for row in unseen if row in copied})
        later = {row: (first[row][0], 2030 + row) for row in unseen if row in remade - copied}
        catalogue = with_titles(catalogue, later)
        unseen = [row for row in unseen if row not in copied]
    weights = np.random.default_rng(seed).normal(size=(N, N))
    scores = np.arange(N) + weights[history].sum(axis=0)
    found = recommend(Linear(weights, np.arange(N)), catalogue, Histories.of([history]), k)
    assert rows_of(found) == sorted(unseen, key=lambda row: -scores[row])[:k]
    assert [one.title for one in found] == [catalogue["title"][row] for row in rows_of(found)]
    assert [one.year for one in found] == [catalogue["year"][row] for row in rows_of(found)]
    assert [one.score for one in found] == pytest.approx([scores[row] for row in rows_of(found)], abs=1e-5)


def test_the_same_film_under_another_id_is_seen_too(catalogue: pl.DataFrame) -> None:
    twice = with_titles(catalogue, {2: ("Chasing Amy", 1997), 9: ("Chasing Amy", 1997), 5: ("Chasing Amy", 2027)})
    assert seen_rows(twice, Histories.of([[2, 3]])).tolist() == [2, 3, 9]
    assert 9 not in rows_of(recommend(Linear(np.eye(N), np.arange(N)), twice, Histories.of([[2]]), N))
    assert 5 in rows_of(recommend(Linear(np.eye(N), np.arange(N)), twice, Histories.of([[2]]), N))


def test_who_has_seen_everything_gets_nothing(catalogue: pl.DataFrame) -> None:
    assert recommend(Linear(np.eye(N)), catalogue, Histories.of([list(range(N))])) == []


def test_somebody_new_gets_a_list_and_a_word_about_it(catalogue: pl.DataFrame) -> None:
    found = recommend(Linear(np.eye(N), np.arange(N)), catalogue, Histories.of([[]]), 3)
    assert rows_of(found) == [11, 10, 9]
    assert all("nothing is known" in one.reasons[0] for one in found)


def test_reasons_belong_to_their_movies(catalogue: pl.DataFrame) -> None:
    weights = np.zeros((N, N))
    weights[1, 3], weights[2, 4] = 2, 1
    found = recommend(Linear(weights), catalogue, Histories.of([[1, 2]]), 2)
    assert rows_of(found) == [3, 4]
    assert [one.reasons for one in found] == [
        ["because you watched Movie 101"],
        ["because you watched Movie 102"],
    ]


def test_stars_are_foretold_only_by_models_that_can(catalogue: pl.DataFrame) -> None:
    model = Constant(3.456)
    model.n_movies = N
    assert {one.predicted_rating for one in recommend(model, catalogue, Histories.of([[1]]), 3)} == {3.46}
    assert recommend(Linear(np.eye(N)), catalogue, Histories.of([[1]]), 1)[0].predicted_rating is None


def test_a_list_is_json_of_the_documented_shape(catalogue: pl.DataFrame) -> None:
    no_year = with_titles(catalogue, {3: ("Heat", None)})
    found = [one.to_json() for one in recommend(Linear(np.eye(N)), no_year, Histories.of([[1]]), N)]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    keys = {"movie_id", "title", "year", "score", "predicted_rating", "reasons"}
    assert all(set(one) == keys for one in found)
    assert [one["year"] for one in found if one["title"] == "Heat"] == [None]


def test_similar_movies_are_the_nearest_without_the_movie_itself(catalogue: pl.DataFrame) -> None:
    weights = np.zeros((N, N))
    weights[4, [4, 5, 8]] = [9, 3, 2]
    found = similar(Linear(weights), catalogue, 4, 2)
    assert rows_of(found) == [5, 8]
    assert [one.reasons for one in found] == [[], ["also Even"]]
    assert len(similar(Linear(weights), catalogue, 4, N - 1)) == N - 1


class OfTwoMinds(Toy):
    """About movie 4: by content it is like 5, by who rated it like 8."""

    def similar_by(self, movies: np.ndarray, by: str) -> np.ndarray:
        scores = np.zeros((len(movies), N), dtype=np.float32)
        scores[:, {"content": 5, "cf": 8, "hybrid": 7}[by]] = 1
        return scores


def test_likeness_can_be_asked_by_kind_where_a_model_knows_kinds(catalogue: pl.DataFrame) -> None:
    model = OfTwoMinds()
    kinds = ("content", "cf", "hybrid")
    assert [rows_of(similar(model, catalogue, 4, 1, by=kind)) for kind in kinds] == [[5], [8], [7]]
    with pytest.raises(RunError, match="toy knows one kind"):
        similar(Toy(), catalogue, 4, 1, by="content")


def test_there_are_never_more_similar_movies_than_other_movies(catalogue: pl.DataFrame) -> None:
    found = similar(Linear(np.eye(N)), catalogue, 4, N)
    assert len(found) == len(set(rows_of(found))) == N - 1


def test_a_film_is_not_similar_to_itself_under_another_id(catalogue: pl.DataFrame) -> None:
    twice = with_titles(catalogue, {2: ("Chasing Amy", 1997), 9: ("Chasing Amy", 1997)})
    weights = np.zeros((N, N))
    weights[2, 9] = 1
    assert 9 not in rows_of(similar(Linear(weights), twice, 2, 3))


def test_no_film_is_on_the_list_twice(catalogue: pl.DataFrame) -> None:
    twice = with_titles(catalogue, {2: ("Chasing Amy", 1997), 9: ("Chasing Amy", 1997)})
    model = Linear(np.eye(N), [0, 0, 5, 0, 0, 0, 0, 0, 0, 4, 0, 0])
    titles = [one.title for one in recommend(model, twice, Histories.of([[1]]), 3)]
    assert len(set(titles)) == 3


def test_a_list_of_none_is_empty(catalogue: pl.DataFrame) -> None:
    assert recommend(Linear(np.eye(N)), catalogue, Histories.of([[1]]), 0) == []
