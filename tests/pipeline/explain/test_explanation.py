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
    """Movies 1 and 2 speak for movie 8, 3 to 1; movie 2 speaks for 9 as well; all else is in row order behind."""
    weights = np.zeros((N, N))
    weights[1, 8], weights[2, [8, 9]] = 3, [1, 2]
    return Linear(weights, -np.arange(N) / 100)


def test_what_speaks_for_a_movie_by_hand() -> None:
    found = explain_movie(engine_of(simple()), Request(Histories.of([[1, 2, 5]], [[4, 5, 4.5]])), 8)
    assert (found.title, found.year, found.movie_id) == ("Movie 108", 1978, 108)
    assert (found.rank, found.n_candidates) == (1, N - 3)
    assert [(one.title, one.rating, one.share) for one in found.supporters] == [("Movie 102", 5, 1.0)]
    assert found.detractors == []


def test_only_what_is_liked_can_carry_and_shares_are_of_all_that_does() -> None:
    found = explain_movie(engine_of(simple()), Request(Histories.of([[1, 2]], [[5, 5]])), 8)
    assert [(one.movie_id, one.share) for one in found.supporters] == [(101, 0.75), (102, 0.25)]
    # Without movie 1 the scores of 8 and 9 are 1 - 0.08 and 2 - 0.09; without 2 that of 8 is 3 - 0.08.
    assert [one.rank_without for one in found.supporters] == [2, 1]
    assert without_text(found) == "without your 5 for Movie 101 it would fall from 1 to 2"
    unstarred = explain_movie(engine_of(simple()), Request(Histories.of([[1, 2]])), 8)
    assert [one.rating for one in unstarred.supporters] == [None, None]
    assert without_text(unstarred) == "without Movie 101 it would fall from 1 to 2"
    assert unstarred.reasons[0] == Reason("watched", (1, 2))


def test_a_movie_nothing_speaks_for_has_no_carriers_and_nothing_to_be_without() -> None:
    weights = -np.ones((N, N))
    found = explain_movie(engine_of(Linear(weights)), Request(Histories.of([[1, 2]])), 8)
    assert found.supporters == []
    assert without_text(found) == ""


@cache
def fitted(name: str) -> Recommender:
    return make(name, **({"half_life": 3.0} if name == "ease" else {})).fit(checkerboard())


histories = st.lists(st.integers(0, N - 1), min_size=1, max_size=6, unique=True)
half_stars = st.integers(1, 10).map(lambda n: n / 2)


def gapped(history: Sequence[int], entry: int, stars: Sequence[float]) -> Histories:
    return Histories.of([[GAP if place == entry else row for place, row in enumerate(history)]], [stars])


@pytest.mark.parametrize("name", ["linear", "item_cf", "ease", "slist", "blend"])
@given(st.integers(0, 2**20), histories, st.data())
def test_shares_and_places_are_what_asking_again_gives(
    name: str, seed: int, history: list[int], data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    model = Linear(rng.normal(size=(N, N))) if name == "linear" else fitted(name)
    stars = data.draw(st.lists(half_stars, min_size=len(history), max_size=len(history)))
    movie = data.draw(st.sampled_from([row for row in range(N) if row not in history]))
    engine = engine_of(model, rating_counts=rng.integers(0, 99, N), recent_rating_counts=rng.integers(0, 9, N))
    found = explain_movie(engine, Request(Histories.of([history], [stars])), movie)
    everything = rank_candidates(engine, Request(Histories.of([history], [stars]), k=N))
    assert found.rank == everything.rows.tolist().index(movie) + 1
    assert found.n_candidates == N - len(history)

    whole, past = model.score(everything.scored_history)[0, movie], everything.scored_history.movies.tolist()
    liked = [entry for entry, row in enumerate(past) if row != GAP and stars[entry] >= np.median(stars)]
    falls = {entry: whole - model.score(gapped(past, entry, stars))[0, movie] for entry in liked}
    speaking = sum(max(fall, 0) for fall in falls.values())
    assert sum(one.share for one in found.supporters) <= 1 + 3 * 0.0005  # each is rounded
    assert len(found.supporters) <= 3
    for one in found.supporters:
        entry = history.index(int(one.movie_id) - FIRST_MOVIE_ID)
        assert one.rating == stars[entry]
        assert one.share == pytest.approx(falls[entry] / speaking, abs=2e-3)
        without = Request(gapped(history, entry, stars), k=N, filters=Filters(without=(history[entry],)))
        assert one.rank_without == rank_candidates(engine, without).rows.tolist().index(movie) + 1
    shares = [one.share for one in found.supporters]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("name", ["linear", "item_cf"])
@given(st.integers(0, 2**20), histories, st.data())
def test_without_a_movie_means_as_if_it_had_never_been_rated(
    name: str, seed: int, history: list[int], data: st.DataObject
) -> None:
    """For models that do not ask what came when, and with the other ratings deciding what is low for this person."""
    model = Linear(np.random.default_rng(seed).normal(size=(N, N))) if name == "linear" else fitted(name)
    stars = data.draw(st.lists(st.sampled_from([0.5, 1.0, 4.0, 5.0]), min_size=len(history), max_size=len(history)))
    movie = data.draw(st.sampled_from([row for row in range(N) if row not in history]))
    engine = engine_of(model, rating_counts=np.arange(N))
    for one in explain_movie(engine, Request(Histories.of([history], [stars])), movie).supporters:
        entry = history.index(int(one.movie_id) - FIRST_MOVIE_ID)
        rest, given_stars = [*history[:entry], *history[entry + 1 :]], [*stars[:entry], *stars[entry + 1 :]]
        without = Request(Histories.of([rest], [given_stars]), k=N, filters=Filters(without=(history[entry],)))
        assert one.rank_without == rank_candidates(engine, without).rank_of(movie)


def test_what_has_been_rated_is_refused_under_any_listing() -> None:
    twice = with_titles(checkerboard().movies, {2: ("Chasing Amy", 1997), 9: ("Chasing Amy", 1997)})
    engine = engine_of(simple(), twice)
    request = Request(Histories.of([[1, 2]]))
    for movie, label in ((1, "Movie 101 .1971."), (2, "Chasing Amy .1997."), (9, "Chasing Amy .1997.")):
        with pytest.raises(NotFoundError, match=f"'{label}' is rated already. Only"):
            explain_movie(engine, request, movie)
    assert explain_movie(engine, Request(Histories.of([[GAP, 1]])), 2).rank == 3  # a gap is no rating of anything


def test_of_a_film_listed_twice_the_listing_that_is_shown_is_meant() -> None:
    twice = with_titles(checkerboard().movies, {8: ("Chasing Amy", 1997), 10: ("Chasing Amy", 1997)})
    request = Request(Histories.of([[1, 2]]))
    for movie in (8, 10):
        found = explain_movie(engine_of(simple(), twice), request, movie)
        assert (found.movie_id, found.rank, found.n_candidates) == (108, 1, N - 3)
        assert [one.movie_id for one in found.supporters] == [101, 102]


def test_the_film_taken_out_does_not_come_back_under_another_listing() -> None:
    """Movie 5 would be the second, as movie 1 is the film that carries 8 and is not to be proposed in its stead."""
    weights = np.zeros((N, N))
    weights[1, 8] = 0.5
    model = Linear(weights, [0, 0, 0, 5, 0, 4, 0, 0, 3, 0, 0, 0])
    twice = with_titles(checkerboard().movies, {1: ("Chasing Amy", 1997), 5: ("Chasing Amy", 1997)})
    found = explain_movie(engine_of(model, twice), Request(Histories.of([[1, 2]])), 8)
    assert found.rank == 2
    assert [one.rank_without for one in found.supporters] == [2]
    assert without_text(found) == "without Chasing Amy it would still be number 2"


def test_a_film_whose_other_listing_is_shown_without_a_movie_has_a_place_all_the_same() -> None:
    weights = np.zeros((N, N))
    weights[1, 8] = 5
    model = Linear(weights, [0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 2, 0])
    twice = with_titles(checkerboard().movies, {8: ("Chasing Amy", 1997), 10: ("Chasing Amy", 1997)})
    found = explain_movie(engine_of(model, twice), Request(Histories.of([[1, 2]])), 8)
    assert found.rank == 1
    assert without_text(found) == "without Movie 101 it would fall from 1 to 2"  # to that of movie 10


def test_filters_decide_whether_a_movie_has_a_place() -> None:
    odd = Request(Histories.of([[1, 2]]), filters=Filters(genres=("Odd",)))
    found = explain_movie(engine_of(simple()), odd, 8)
    assert found.rank is None
    assert found.n_candidates == 5
    assert without_text(found) == ""
    assert found.reasons == [Reason("watched", (1, 2))]
    hidden = replace(odd, filters=Filters(), not_interested=rows(8))
    assert explain_movie(engine_of(simple()), hidden, 8).rank is None


def test_a_movie_that_no_list_would_reach_has_a_place_all_the_same() -> None:
    n = 400
    weights = np.zeros((n, n))
    weights[1, 350] = 20
    engine = engine_of(Linear(weights, -np.arange(n)), recent_rating_counts=-np.arange(n))
    found = explain_movie(
        engine, Request(Histories.of([[0, 1]])), 350
    )  # its score is that of movie 330, which is listed before
    assert (found.rank, found.n_candidates) == (330, 398)
    assert [one.rank_without for one in found.supporters] == [349]


def test_what_speaks_against_a_movie_is_told_with_what_it_costs() -> None:
    weights = np.zeros((N, N))
    weights[3, [8, 9]] = 4, 1
    weights[4, [8, 7]] = 1, 2
    weights[5, [7, 8]] = 100, 4  # of a likeness of 4 in 100 nobody needs to hear
    history = Histories.of([[1, 3, 4, 5, 2, 10, 11]], [[5, 1, 0.5, 1, 4, 5, 5]])
    found = explain_movie(engine_of(Linear(weights)), Request(history), 8)
    assert [(one.movie_id, one.title, one.rating, one.factor) for one in found.detractors] == [
        (103, "Movie 103", 1.0, 2.72),  # e to the power of 1
        (104, "Movie 104", 0.5, 1.65),  # and of 0.5
    ]
    assert found.supporters == []
    taken_back = explain_movie(engine_of(Linear(weights)), Request(Histories.of([[1, 2]], [[5, 4]])), 8)
    assert taken_back.detractors == []


def test_a_hardly_rated_movie_is_explained_by_content() -> None:
    content = np.zeros((N, N))
    content[2, 8] = 1
    rated = np.where(np.arange(N) == 8, 2, 100)
    engine = engine_of(simple(), rating_counts=rated, content_model=Linear(content))
    found = explain_movie(engine, Request(Histories.of([[1, 2]])), 8)
    assert [(one.movie_id, one.share) for one in found.supporters] == [(102, 1.0)]
    assert found.rank == 2  # it stands like the third, movie 0, of which the ranker thinks less; 9 is the second
    assert found.reasons == [Reason("watched", (2,)), Reason("unrated")]
    assert [one.movie_id for one in explain_movie(engine, Request(Histories.of([[1, 2]])), 9).supporters] == [102]


def test_nobody_is_told_why_too() -> None:
    engine = engine_of(simple(), rating_counts=np.arange(N), questions=[4])
    found = explain_movie(engine, Request(Histories.of([[]])), 8)
    assert (found.rank, found.n_candidates) == (5, N)
    assert found.supporters == found.detractors == []
    assert without_text(found) == ""
    assert found.reasons == [Reason("start")]


def test_stars_are_foretold_where_a_model_can() -> None:
    request = Request(Histories.of([[1, 2]]))
    assert explain_movie(engine_of(simple()), request, 8).predicted_rating is None
    assert explain_movie(engine_of(simple(), rating_model=Constant(3.456, N)), request, 8).predicted_rating == 3.46


def test_people_shared_are_told_too() -> None:
    directors = [["D"] if row in (5, 8) else [] for row in range(N)]
    movies = checkerboard().movies.with_columns(director=pl.Series(directors, dtype=pl.List(pl.String)))
    found = explain_movie(engine_of(simple(), movies), Request(Histories.of([[1, 5]])), 8)
    assert found.reasons == [Reason("watched", (1,)), Reason("director", (5,), names=("D",))]
