from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories
from matinee.models.blend.blend import Blend
from matinee.pipeline.candidates import RankedCandidates, rank_candidates
from matinee.pipeline.filters import Filters
from matinee.pipeline.request import Request
from tests.datasets import checkerboard
from tests.engines import engine_of, with_titles
from tests.toy_models import Linear

N = 12
LEFT = [row for row in range(N) if row != 1]  # of somebody who has seen movie 1


def rows(*movies: int) -> npt.NDArray[np.int32]:
    return np.array(movies, dtype=np.int32)


def ranked(scores: Mapping[int, float]) -> dict[int, int]:
    """The place of each movie, from 1 for the highest score; equal scores in row order."""
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: place for place, row in enumerate(order, 1)}


def of_scores(scores: npt.ArrayLike) -> Linear:
    """A model that gives everybody the same scores, whatever they rated."""
    bias = np.asarray(scores, dtype=np.float32)
    return Linear(np.zeros((len(bias), len(bias))), bias)


def test_a_standing_is_minus_the_logarithm_of_the_place_among_what_may_be_shown() -> None:
    scores = [5, 99, 3, 8, 1, 0, -1, -2, -3, -4, -5, -6]  # the best of all has been seen
    found = rank_candidates(engine_of(of_scores(scores)), Request(Histories.of([[1]])))
    assert found.rows.tolist() == [3, 0, 2, 4, 5, 6, 7, 8, 9, 10, 11]
    np.testing.assert_allclose(found.rank_score, -np.log(np.arange(1, 12)))
    assert found.scores.tolist() == [8, 5, 3, 1, 0, -1, -2, -3, -4, -5, -6]
    assert not found.penalty.any()
    assert not found.by_content.any()
    assert found.rank_of(3) == 1
    assert found.rank_of(11) == 11
    assert found.rank_of(1) is None


def test_equal_standings_are_ordered_by_score() -> None:
    """The ranker has movie 4 in the sixth place and movie 7 in the second; by content movie 7 is the second as well."""
    ranker = of_scores([9, 8, 7, 6, 5, 4, 3, 9, 2, 1, 0, -1])
    content = of_scores([1, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0])
    rated = np.where(np.arange(N) == 7, 0, 100)
    found = rank_candidates(engine_of(ranker, rating_counts=rated, content_model=content), Request(Histories.of([[6]])))
    np.testing.assert_allclose(found.rank_score[np.isin(found.rows, [7, 4])], -np.log(6))
    assert found.rows.tolist()[4:6] == [7, 4]


@given(st.integers(0, 2**20), st.sets(st.integers(0, N - 1), max_size=5), st.booleans())
def test_every_source_gives_the_places_it_says(seed: int, hidden: set[int], with_content: bool) -> None:
    rng = np.random.default_rng(seed)
    ranker, content = Linear(rng.normal(size=(N, N))), Linear(rng.normal(size=(N, N)))
    rated, lately = rng.integers(0, 9, N), rng.integers(0, 3, N)
    engine = engine_of(
        ranker, rating_counts=rated, recent_rating_counts=lately, content_model=content if with_content else None
    )
    history = Histories.of([[3, 8]])
    found = rank_candidates(engine, Request(history, filters=Filters(without=tuple(hidden))))
    allowed = [row for row in range(N) if row not in (3, 8) and row not in hidden]
    scores = {"ranking": ranker.score(history)[0], "recently popular": lately}
    if with_content:
        scores["content"] = content.score(history)[0]
    expected = {name: ranked({row: float(one[row]) for row in allowed}) for name, one in scores.items()}
    if with_content:
        expected["new"] = ranked({row: float(scores["content"][row]) for row in allowed if rated[row] < 5})
    assert sorted(found.rows.tolist()) == allowed
    assert {name: places.tolist() for name, places in found.sources.items()} == {
        name: [places.get(row, 0) for row in found.rows.tolist()] for name, places in expected.items()
    }


@pytest.mark.parametrize("k", [1, 40, 60])
def test_candidates_are_the_best_of_each_source_and_no_others(k: int) -> None:
    """Of a thousand movies the best 200 of each source, or five times as many as are to be shown."""
    n, limit = 1000, max(200, 5 * k)
    rng = np.random.default_rng(k)
    ranker, content, lately = of_scores(rng.random(n)), of_scores(rng.random(n)), rng.permutation(n)
    rated = np.where(np.arange(n) % 3, 100, 4)
    engine = engine_of(ranker, rating_counts=rated, recent_rating_counts=lately, content_model=content)
    found = rank_candidates(engine, Request(Histories.of([[0]]), k=k))
    sources = {"ranking": ranker.bias, "recently popular": lately, "content": content.bias}
    places = {name: ranked({row: float(one[row]) for row in range(1, n)}) for name, one in sources.items()}
    places["new"] = ranked({row: float(content.bias[row]) for row in range(1, n) if rated[row] < 5})
    best = {row for one in places.values() for row, place in one.items() if place <= limit}
    assert len(best) < n - 1
    assert set(found.rows.tolist()) == best
    for name, given_places in found.sources.items():
        own = [places[name].get(row, 0) for row in found.rows.tolist()]
        assert given_places.tolist() == [place if place <= limit else 0 for place in own]
    assert (np.max([*found.sources.values()], axis=0) > 0).all()


def test_a_blend_is_a_source_for_each_way_its_parts_look_at_a_history() -> None:
    blend = Blend().fit(checkerboard())  # of slist, ease with a half-life and ease
    history = Histories.of([[0, 2, 5]])
    found = rank_candidates(engine_of(blend), Request(history))
    for name, part in (("sequence", blend.parts[0]), ("taste", blend.parts[1]), ("ranking", blend)):
        scores = part.score(history)[0]
        places = ranked({row: float(scores[row]) for row in range(N) if row not in (0, 2, 5)})
        assert found.sources[name].tolist() == [places[row] for row in found.rows.tolist()]
    assert list(found.sources) == ["ranking", "sequence", "taste", "recently popular"]
    np.testing.assert_array_equal(found.scores, blend.score(history)[0, found.rows])


chasing_amy = ("Chasing Amy", 1997)


@given(st.sets(st.integers(0, N - 1), max_size=4), st.lists(st.integers(0, N - 1), max_size=3, unique=True), st.data())
def test_a_film_listed_twice_appears_once_and_never_when_seen(
    listings: set[int], history: list[int], data: st.DataObject
) -> None:
    scores = data.draw(st.lists(st.integers(0, 5), min_size=N, max_size=N))
    movies = with_titles(checkerboard().movies, dict.fromkeys(listings, chasing_amy))
    found = rank_candidates(engine_of(of_scores(scores), movies), Request(Histories.of([history]), k=N))
    listed = [row for row in found.rows.tolist() if row in listings]
    others = [row for row in range(N) if row not in listings and row not in history]
    assert sorted(row for row in found.rows.tolist() if row not in listings) == others
    if not listings or listings & set(history):
        assert listed == []
    elif history:
        assert len(listed) == 1
        assert scores[listed[0]] == max(scores[row] for row in listings)


def test_what_was_seen_may_be_on_the_list_when_asked_for() -> None:
    movies = with_titles(checkerboard().movies, {2: chasing_amy, 9: chasing_amy, 4: ("Chasing Amy", 2027)})
    engine = engine_of(of_scores(np.arange(N)), movies)
    assert sorted(rank_candidates(engine, Request(Histories.of([[2]]))).rows.tolist()) == [
        0,
        1,
        3,
        4,
        5,
        6,
        7,
        8,
        10,
        11,
    ]
    again = rank_candidates(engine, Request(Histories.of([[2]]), include_seen=True))
    assert again.rows.tolist() == [11, 10, 9, 8, 7, 6, 5, 4, 3, 1, 0]


@pytest.mark.parametrize(
    ("mode", "listed"),
    [("allow", [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0]), ("only", [9, 4]), ("leave-out", [11, 10, 8, 7, 6, 5, 3, 0])],
)
def test_a_watchlist_is_a_source_or_a_limit(mode: str, listed: list[int]) -> None:
    movies = with_titles(checkerboard().movies, {2: chasing_amy, 9: chasing_amy})
    engine = engine_of(of_scores(np.arange(N)), movies)
    watchlist = rows(2, 4, 1)  # movie 1 has been seen since; 9 is another listing of 2
    found = rank_candidates(engine, Request(Histories.of([[1]]), watchlist=watchlist, from_watchlist=mode))
    expected = [row for row in listed if row != 2]  # of a film listed twice the better listing
    assert found.rows.tolist() == expected
    empty = rank_candidates(engine, Request(Histories.of([[1]]), from_watchlist=mode))
    assert len(empty.rows) == (0 if mode == "only" else N - 2)


@given(st.integers(0, 2**20), st.lists(st.integers(0, 9), min_size=N, max_size=N), st.booleans())
def test_hardly_rated_movies_are_placed_by_content_and_have_to_be_three_times_as_well_placed(
    seed: int, rated: list[int], with_content: bool
) -> None:
    rng = np.random.default_rng(seed)
    ranker, content = of_scores(rng.normal(size=N)), of_scores(rng.normal(size=N))
    engine = engine_of(ranker, rating_counts=rated, content_model=content if with_content else None)
    found = rank_candidates(engine, Request(Histories.of([[1]])))
    by_ranker, by_content = (ranked({row: float(model.bias[row]) for row in LEFT}) for model in (ranker, content))
    cold = [with_content and rated[row] < 5 for row in found.rows.tolist()]
    expected = [
        -np.log(by_content[row] * 3) if is_cold else -np.log(by_ranker[row])
        for row, is_cold in zip(found.rows.tolist(), cold, strict=True)
    ]
    np.testing.assert_allclose(found.rank_score, expected, atol=1e-9)
    assert found.by_content.tolist() == cold
    assert (np.diff(found.rank_score) <= 0).all()


def test_the_first_by_content_stands_where_the_third_by_ranking_stands() -> None:
    scores = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    content = np.zeros(N)
    content[11] = 1
    engine = engine_of(of_scores(scores), rating_counts=[100] * 11 + [4], content_model=of_scores(content))
    assert rank_candidates(engine, Request(Histories.of([[1]]))).rows.tolist()[:5] == [0, 2, 3, 11, 4]
    known = engine_of(of_scores(scores), rating_counts=[100] * 11 + [5], content_model=of_scores(content))
    assert rank_candidates(known, Request(Histories.of([[1]]))).rows.tolist()[-1] == 11


@given(st.lists(st.integers(0, 1000), min_size=N, max_size=N), st.lists(st.integers(0, N - 1), max_size=6, unique=True))
def test_nobody_is_asked_the_questions_first_and_then_shown_what_most_people_rated(
    rated: list[int], questions: list[int]
) -> None:
    engine = engine_of(
        of_scores(np.arange(N)), rating_counts=rated, questions=questions, content_model=of_scores(np.arange(N))
    )
    found = rank_candidates(engine, Request(Histories.of([[]])))
    rest = sorted((row for row in range(N) if row not in questions), key=lambda row: (-rated[row], row))
    assert found.rows.tolist() == questions + rest
    assert list(found.sources) == ["ranking"]
    assert not found.by_content.any()


def test_nobody_may_filter_too() -> None:
    engine = engine_of(of_scores(np.zeros(N)), rating_counts=np.arange(N), questions=[4, 3, 2])
    request = Request(Histories.of([[]]), filters=Filters(genres=("even",)), not_interested=rows(2))
    assert rank_candidates(engine, request).rows.tolist()[:2] == [4, 10]


def test_what_was_disliked_is_taken_out_of_what_is_scored_and_the_rest_keeps_its_place_in_time() -> None:
    weights = np.zeros((N, N))
    weights[0, 5], weights[3, 6], weights[8, 7] = 1, 50, 2
    history = Histories.of([[0, 3, 8]], [[4.0, 1.0, 5.0]])
    found = rank_candidates(engine_of(Linear(weights)), Request(history))
    assert found.scored_history.movies.tolist() == [0, GAP, 8]
    assert found.scored_history.ratings.tolist() == [4, 1, 5]
    assert history.movies.tolist() == [0, 3, 8]
    assert found.rows[:2].tolist() == [7, 5]
    assert found.scores[found.rows == 6].tolist() == [0]
    assert 3 not in found.rows


def test_nothing_is_left_of_who_has_seen_everything() -> None:
    found: RankedCandidates = rank_candidates(
        engine_of(of_scores(np.arange(N))), Request(Histories.of([list(range(N))]))
    )
    assert len(found.rows) == len(found.rank_score) == len(found.sources["ranking"]) == 0
    assert found.rank_of(3) is None
