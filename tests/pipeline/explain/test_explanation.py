from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories
from matinee.errors import NotFoundError
from matinee.i18n.reasons import without_text
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.pipeline.candidates import rank_candidates
from matinee.pipeline.explain.explanation import explain_movie
from matinee.pipeline.explain.reasons import Reason
from matinee.pipeline.filters import Filters
from matinee.pipeline.request import Request
from tests.datasets import FIRST_MOVIE_ID, checkerboard
from tests.engines import engine_of, with_titles
from tests.toy_models import Constant, Linear

N = 12


def rows(*movies: int) -> npt.NDArray[np.int32]:
    return np.array(movies, dtype=np.int32)


def simple() -> Linear:
    """Movies 1 and 2 support movie 8 with weights 3 and 1; movie 2 also supports 9. The others follow in row order."""
    weights = np.zeros((N, N))
    weights[1, 8], weights[2, [8, 9]] = 3, [1, 2]
    return Linear(weights, -np.arange(N) / 100)


def test_an_explanation_by_hand() -> None:
    explained = explain_movie(engine_of(simple()), Request(Histories.of([[1, 2, 5]], [[4, 5, 4.5]])), 8)
    assert (explained.title, explained.year, explained.movie_id) == ("Movie 108", 1978, 108)
    assert (explained.rank, explained.n_candidates) == (1, N - 3)
    assert [(supporter.title, supporter.rating, supporter.share) for supporter in explained.supporters] == [
        ("Movie 102", 5, 1.0)
    ]
    assert explained.detractors == []


def test_supporters_are_liked_and_share_the_effect() -> None:
    explained = explain_movie(engine_of(simple()), Request(Histories.of([[1, 2]], [[5, 5]])), 8)
    assert [(supporter.movie_id, supporter.share) for supporter in explained.supporters] == [(101, 0.75), (102, 0.25)]
    # Without movie 1 the scores of 8 and 9 are 1 - 0.08 and 2 - 0.09; without 2 that of 8 is 3 - 0.08.
    assert [supporter.rank_without for supporter in explained.supporters] == [2, 1]
    assert without_text(explained) == "without your 5 for Movie 101 it would fall from 1 to 2"
    unstarred = explain_movie(engine_of(simple()), Request(Histories.of([[1, 2]])), 8)
    assert [supporter.rating for supporter in unstarred.supporters] == [None, None]
    assert without_text(unstarred) == "without Movie 101 it would fall from 1 to 2"
    assert unstarred.reasons[0] == Reason("watched", (1, 2))


def test_without_positive_effects_there_are_no_supporters() -> None:
    weights = -np.ones((N, N))
    explained = explain_movie(engine_of(Linear(weights)), Request(Histories.of([[1, 2]])), 8)
    assert explained.supporters == []
    assert without_text(explained) == ""


@cache
def fitted(name: str) -> Recommender:
    return make(name, **({"half_life": 3.0} if name == "ease" else {})).fit(checkerboard())


histories = st.lists(st.integers(0, N - 1), min_size=1, max_size=6, unique=True)
half_stars = st.integers(1, 10).map(lambda n: n / 2)


def gapped(history: Sequence[int], entry: int, ratings: Sequence[float]) -> Histories:
    return Histories.of([[GAP if position == entry else row for position, row in enumerate(history)]], [ratings])


@pytest.mark.parametrize("name", ["linear", "item_cf", "ease", "slist", "blend"])
@given(st.integers(0, 2**20), histories, st.data())
def test_shares_and_ranks_match_scoring_again(name: str, seed: int, history: list[int], data: st.DataObject) -> None:
    rng = np.random.default_rng(seed)
    model = Linear(rng.normal(size=(N, N))) if name == "linear" else fitted(name)
    ratings = data.draw(st.lists(half_stars, min_size=len(history), max_size=len(history)))
    movie = data.draw(st.sampled_from([row for row in range(N) if row not in history]))
    engine = engine_of(model, rating_counts=rng.integers(0, 99, N), recent_rating_counts=rng.integers(0, 9, N))
    explained = explain_movie(engine, Request(Histories.of([history], [ratings])), movie)
    everything = rank_candidates(engine, Request(Histories.of([history], [ratings]), k=N))
    assert explained.rank == everything.rows.tolist().index(movie) + 1
    assert explained.n_candidates == N - len(history)

    whole, history_movies = model.score(everything.scored_history)[0, movie], everything.scored_history.movies.tolist()
    liked = [entry for entry, row in enumerate(history_movies) if row != GAP and ratings[entry] >= np.median(ratings)]
    effects = {entry: whole - model.score(gapped(history_movies, entry, ratings))[0, movie] for entry in liked}
    total_effect = sum(max(effect, 0) for effect in effects.values())
    assert sum(supporter.share for supporter in explained.supporters) <= 1 + 3 * 0.0005  # each is rounded
    assert len(explained.supporters) <= 3
    for supporter in explained.supporters:
        entry = history.index(int(supporter.movie_id) - FIRST_MOVIE_ID)
        assert supporter.rating == ratings[entry]
        assert supporter.share == pytest.approx(effects[entry] / total_effect, abs=2e-3)
        without = Request(gapped(history, entry, ratings), k=N, filters=Filters(without=(history[entry],)))
        assert supporter.rank_without == rank_candidates(engine, without).rows.tolist().index(movie) + 1
    shares = [supporter.share for supporter in explained.supporters]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("name", ["linear", "item_cf"])
@given(st.integers(0, 2**20), histories, st.data())
def test_rank_without_a_movie_is_that_of_a_history_without_it(
    name: str, seed: int, history: list[int], data: st.DataObject
) -> None:
    """For models that ignore the order of a history. The remaining ratings decide which of them are low."""
    model = Linear(np.random.default_rng(seed).normal(size=(N, N))) if name == "linear" else fitted(name)
    ratings = data.draw(st.lists(st.sampled_from([0.5, 1.0, 4.0, 5.0]), min_size=len(history), max_size=len(history)))
    movie = data.draw(st.sampled_from([row for row in range(N) if row not in history]))
    engine = engine_of(model, rating_counts=np.arange(N))
    for supporter in explain_movie(engine, Request(Histories.of([history], [ratings])), movie).supporters:
        entry = history.index(int(supporter.movie_id) - FIRST_MOVIE_ID)
        rest, rest_ratings = [*history[:entry], *history[entry + 1 :]], [*ratings[:entry], *ratings[entry + 1 :]]
        without = Request(Histories.of([rest], [rest_ratings]), k=N, filters=Filters(without=(history[entry],)))
        assert supporter.rank_without == rank_candidates(engine, without).rank_of(movie)


def test_a_rated_movie_is_refused_under_any_listing() -> None:
    twice = with_titles(checkerboard().movies, {2: ("Chasing Amy", 1997), 9: ("Chasing Amy", 1997)})
    engine = engine_of(simple(), twice)
    request = Request(Histories.of([[1, 2]]))
    for movie, label in ((1, "Movie 101 .1971."), (2, "Chasing Amy .1997."), (9, "Chasing Amy .1997.")):
        with pytest.raises(NotFoundError, match=f"'{label}' is rated already. Only"):
            explain_movie(engine, request, movie)
    assert explain_movie(engine, Request(Histories.of([[GAP, 1]])), 2).rank == 3  # a gap is not a rating


def test_the_shown_listing_of_a_movie_is_explained() -> None:
    twice = with_titles(checkerboard().movies, {8: ("Chasing Amy", 1997), 10: ("Chasing Amy", 1997)})
    request = Request(Histories.of([[1, 2]]))
    for movie in (8, 10):
        explained = explain_movie(engine_of(simple(), twice), request, movie)
        assert (explained.movie_id, explained.rank, explained.n_candidates) == (108, 1, N - 3)
        assert [supporter.movie_id for supporter in explained.supporters] == [101, 102]


def test_a_removed_movie_does_not_return_as_another_listing() -> None:
    """Movie 5 would be second, but it is another listing of movie 1, the only support of 8."""
    weights = np.zeros((N, N))
    weights[1, 8] = 0.5
    model = Linear(weights, [0, 0, 0, 5, 0, 4, 0, 0, 3, 0, 0, 0])
    twice = with_titles(checkerboard().movies, {1: ("Chasing Amy", 1997), 5: ("Chasing Amy", 1997)})
    explained = explain_movie(engine_of(model, twice), Request(Histories.of([[1, 2]])), 8)
    assert explained.rank == 2
    assert [supporter.rank_without for supporter in explained.supporters] == [2]
    assert without_text(explained) == "without Chasing Amy it would still be number 2"


def test_the_rank_without_a_movie_may_be_of_another_listing() -> None:
    weights = np.zeros((N, N))
    weights[1, 8] = 5
    model = Linear(weights, [0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 2, 0])
    twice = with_titles(checkerboard().movies, {8: ("Chasing Amy", 1997), 10: ("Chasing Amy", 1997)})
    explained = explain_movie(engine_of(model, twice), Request(Histories.of([[1, 2]])), 8)
    assert explained.rank == 1
    assert without_text(explained) == "without Movie 101 it would fall from 1 to 2"  # the rank of movie 10


def test_a_filtered_movie_has_no_rank() -> None:
    odd = Request(Histories.of([[1, 2]]), filters=Filters(genres=("Odd",)))
    explained = explain_movie(engine_of(simple()), odd, 8)
    assert explained.rank is None
    assert explained.n_candidates == 5
    assert without_text(explained) == ""
    assert explained.reasons == [Reason("watched", (1, 2))]
    hidden = replace(odd, filters=Filters(), not_interested=rows(8))
    assert explain_movie(engine_of(simple()), hidden, 8).rank is None


def test_movies_beyond_every_list_have_a_rank() -> None:
    n = 400
    weights = np.zeros((n, n))
    weights[1, 350] = 20
    engine = engine_of(Linear(weights, -np.arange(n)), recent_rating_counts=-np.arange(n))
    explained = explain_movie(
        engine, Request(Histories.of([[0, 1]])), 350
    )  # its score equals that of movie 330, which comes first in row order
    assert (explained.rank, explained.n_candidates) == (330, 398)
    assert [supporter.rank_without for supporter in explained.supporters] == [349]


def test_detractors_have_the_factor_of_their_penalty() -> None:
    weights = np.zeros((N, N))
    weights[3, [8, 9]] = 4, 1
    weights[4, [8, 7]] = 1, 2
    weights[5, [7, 8]] = 100, 4  # a similarity of 4 in 100 is too small to mention
    history = Histories.of([[1, 3, 4, 5, 2, 10, 11]], [[5, 1, 0.5, 1, 4, 5, 5]])
    explained = explain_movie(engine_of(Linear(weights)), Request(history), 8)
    assert [
        (detractor.movie_id, detractor.title, detractor.rating, detractor.factor) for detractor in explained.detractors
    ] == [
        (103, "Movie 103", 1.0, 2.72),  # e to the power of 1
        (104, "Movie 104", 0.5, 1.65),  # and of 0.5
    ]
    assert explained.supporters == []
    taken_back = explain_movie(engine_of(Linear(weights)), Request(Histories.of([[1, 2]], [[5, 4]])), 8)
    assert taken_back.detractors == []


def test_a_rarely_rated_movie_is_explained_by_content() -> None:
    content = np.zeros((N, N))
    content[2, 8] = 1
    rated = np.where(np.arange(N) == 8, 2, 100)
    engine = engine_of(simple(), rating_counts=rated, content_model=Linear(content))
    explained = explain_movie(engine, Request(Histories.of([[1, 2]])), 8)
    assert [(supporter.movie_id, supporter.share) for supporter in explained.supporters] == [(102, 1.0)]
    assert explained.rank == 2  # it ties with movie 0, third by ranking, and has the higher score; 9 comes first
    assert explained.reasons == [Reason("watched", (2,)), Reason("unrated")]
    assert [
        supporter.movie_id for supporter in explain_movie(engine, Request(Histories.of([[1, 2]])), 9).supporters
    ] == [102]


def test_an_explanation_for_a_new_user() -> None:
    engine = engine_of(simple(), rating_counts=np.arange(N), questions=[4])
    explained = explain_movie(engine, Request(Histories.of([[]])), 8)
    assert (explained.rank, explained.n_candidates) == (5, N)
    assert explained.supporters == explained.detractors == []
    assert without_text(explained) == ""
    assert explained.reasons == [Reason("start")]


def test_ratings_are_predicted_with_a_rating_model() -> None:
    request = Request(Histories.of([[1, 2]]))
    assert explain_movie(engine_of(simple()), request, 8).predicted_rating is None
    assert explain_movie(engine_of(simple(), rating_model=Constant(3.456, N)), request, 8).predicted_rating == 3.46


def test_a_shared_director_is_a_reason() -> None:
    directors = [["D"] if row in (5, 8) else [] for row in range(N)]
    movies = checkerboard().movies.with_columns(director=pl.Series(directors, dtype=pl.List(pl.String)))
    explained = explain_movie(engine_of(simple(), movies), Request(Histories.of([[1, 5]])), 8)
    assert explained.reasons == [Reason("watched", (1,)), Reason("director", (5,), names=("D",))]
