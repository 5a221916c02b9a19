import json

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.models.registry import make
from matinee.pipeline.engine import Engine
from matinee.pipeline.explore.similar import SimilarMovie, find_similar
from tests.datasets import FIRST_MOVIE_ID, checkerboard
from tests.engines import engine_of, with_titles
from tests.toy_models import Linear, Toy

N = 12


def rows_of(matches: list[SimilarMovie]) -> list[int]:
    assert [match.row for match in matches] == [int(match.movie_id) - FIRST_MOVIE_ID for match in matches]
    return [match.row for match in matches]


def test_similar_movies_are_the_nearest_without_the_movie_itself() -> None:
    weights = np.zeros((N, N))
    weights[4, [4, 5, 8]] = [9, 3, 2]
    matches = find_similar(engine_of(Linear(weights)), 4, 2)
    assert rows_of(matches) == [5, 8]
    assert [match.similarity for match in matches] == [3, 2]
    assert [(match.title, match.year) for match in matches] == [("Movie 105", 1975), ("Movie 108", 1978)]
    assert [match.shared_genres for match in matches] == [[], ["Even"]]
    assert [match.genre_overlap for match in matches] == [0, 1]
    assert len(find_similar(engine_of(Linear(weights)), 4, N - 1)) == N - 1


def test_shared_genres_have_their_overlap() -> None:
    genres = [["Drama", "War", "Crime"], ["War", "Drama"], ["Drama", "Noir"], [], None, *[["Drama"]] * (N - 5)]
    movies = checkerboard().movies.with_columns(genres=pl.Series(genres, dtype=pl.List(pl.String)))
    weights = np.zeros((N, N))
    weights[0] = -np.arange(N)
    matches = find_similar(engine_of(Linear(weights), movies), 0, 4)
    assert rows_of(matches) == [1, 2, 3, 4]
    assert [match.shared_genres for match in matches] == [["Drama", "War"], ["Drama"], [], []]
    assert [match.genre_overlap for match in matches] == [0.667, 0.25, 0, 0]  # 2 of 3, 1 of 4
    assert all(
        match.genre_overlap == 0 for match in find_similar(engine_of(Linear(weights), movies), 4, N)
    )  # it has none


class KindsModel(Toy):
    """A model by which movie 4 is similar to 5 by content and to 8 by ratings."""

    name = "of two minds"

    def __init__(self, shift: int = 0):
        super().__init__()
        self.n_movies, self.shift = N, shift

    def similar_by(self, movies: np.ndarray, by: str) -> np.ndarray:
        scores = np.zeros((len(movies), N), dtype=np.float32)
        scores[:, {"content": 5, "cf": 8, "hybrid": 7}[by] + self.shift] = 1
        return scores


KINDS = ("content", "cf", "hybrid")


def test_a_model_may_know_kinds_of_similarity() -> None:
    engine = engine_of(KindsModel())
    assert [rows_of(find_similar(engine, 4, 1, by=kind)) for kind in KINDS] == [[5], [8], [7]]


def plain_engine(rated: npt.ArrayLike = 100) -> Engine:
    """For movie 0: 3, 5 and 7 share its director, genre and decade; by ratings 5, 1 and 3 are most similar."""
    weights = np.zeros((N, N))
    weights[0, [5, 1, 3]] = [9, 8, 7]
    directors = [["D"] if row in (0, 3) else ["E", "F"] if row in (1, 2) else [f"of {row}"] for row in range(N)]
    genres = [["Noir"] if row in (0, 5) else ["Drama"] for row in range(N)]
    movies = checkerboard().movies.with_columns(
        director=pl.Series(directors, dtype=pl.List(pl.String)),
        genres=pl.Series(genres, dtype=pl.List(pl.String)),
        year=pl.Series([1970 if row in (0, 7) else 1930 + 10 * (row % 3) for row in range(N)], dtype=pl.Int32),
    )
    return engine_of(Linear(weights), movies, rating_counts=rated)


def test_every_run_supports_the_kinds() -> None:
    """A director, a genre and a decade, each shared by two movies, weigh the same; ties go to the earlier row."""
    engine = plain_engine()
    by_content = find_similar(engine, 0, N, by="content")
    assert rows_of(by_content) == [3, 5, 7]  # nothing else shares a fact
    assert [match.similarity for match in by_content] == [1, 1, 1]
    assert rows_of(find_similar(engine, 0, 3, by="cf")) == rows_of(find_similar(engine, 0, 3)) == [5, 1, 3]


def test_hybrid_similarity_combines_ranks() -> None:
    """Ranks by content and by ratings: 5 has 2 and 1, 3 has 1 and 3, 1 has 4 (the first of the rest) and 2."""
    matches = find_similar(plain_engine(), 0, 3, by="hybrid")
    assert rows_of(matches) == [5, 3, 1]
    assert [match.similarity for match in matches] == pytest.approx([2**-0.5, 3**-0.5, 8**-0.5], rel=1e-5)


def test_a_movie_without_ratings_is_compared_by_content() -> None:
    engine = plain_engine(rated=np.where(np.arange(N) == 0, 0, 100))
    assert find_similar(engine, 0, 3, by="cf") == []
    assert rows_of(find_similar(engine, 0, N, by="hybrid")) == [3, 5, 7]
    assert rows_of(find_similar(engine, 0, N)) == [3, 5, 7]


def test_the_content_model_knows_kinds_first() -> None:
    weights = np.zeros((N, N))
    weights[4, 2] = 1
    engine = engine_of(Linear(weights), content_model=KindsModel())
    assert [rows_of(find_similar(engine, 4, 1, by=kind)) for kind in KINDS] == [[5], [8], [7]]
    assert rows_of(find_similar(engine, 4, 1)) == [2]
    both = engine_of(KindsModel(), content_model=KindsModel(shift=1))
    assert [rows_of(find_similar(both, 4, 1, by=kind)) for kind in KINDS] == [[6], [9], [8]]


def test_there_are_never_more_similar_movies_than_other_movies() -> None:
    matches = find_similar(engine_of(Linear(np.eye(N))), 4, N)
    assert len(matches) == len(set(rows_of(matches))) == N - 1


@given(st.integers(0, 2**20), st.sets(st.integers(0, N - 1), max_size=4), st.integers(0, N - 1), st.integers(1, N + 1))
def test_a_movie_is_not_similar_to_itself_or_listed_twice(seed: int, twins: set[int], movie: int, k: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(N, N))
    movies = with_titles(checkerboard().movies, dict.fromkeys(twins, ("Chasing Amy", 1997)))
    matches = rows_of(find_similar(engine_of(Linear(weights), movies), movie, k))
    others = sorted((row for row in range(N) if row != movie), key=lambda row: -weights[movie, row])
    if movie in twins:
        expected = [row for row in others if row not in twins]
    else:
        best = [row for row in others if row in twins][:1]
        expected = [row for row in others if row not in twins or row in best]
    assert matches == expected[:k]


def test_a_search_does_not_change_the_model() -> None:
    class ReturnsOwnArray(Linear):
        def similar(self, movies: np.ndarray) -> np.ndarray:
            return self.weights[movies[0] : movies[0] + 1]  # its own array, not a copy

    engine = engine_of(ReturnsOwnArray(np.arange(N * N).reshape(N, N)))
    first = find_similar(engine, 4)
    assert find_similar(engine, 4) == first
    assert np.isfinite(engine.ranker.weights).all()


def test_a_list_is_json() -> None:
    matches = [match.to_json() for match in find_similar(engine_of(make("item_cf").fit(checkerboard())), 1, 3)]
    assert json.loads(json.dumps(matches, allow_nan=False)) == matches
    assert set(matches[0]) == {"row", "movie_id", "title", "year", "similarity", "shared_genres", "genre_overlap"}
    assert all(match["shared_genres"] == ["Odd"] for match in matches)
