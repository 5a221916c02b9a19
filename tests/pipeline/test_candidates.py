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
LEFT = [row for row in range(N) if row != 1]  # the candidates of a user who has seen movie 1


def rows(*movies: int) -> npt.NDArray[np.int32]:
    return np.array(movies, dtype=np.int32)


def ranked(scores: Mapping[int, float]) -> dict[int, int]:
    """The rank of each movie, 1 for the highest score; equal scores in row order."""
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: rank for rank, row in enumerate(order, 1)}


def of_scores(scores: npt.ArrayLike) -> Linear:
    """A model with the same scores for all users, whatever they rated."""
    bias = np.asarray(scores, dtype=np.float32)
    return Linear(np.zeros((len(bias), len(bias))), bias)


def test_a_rank_score_is_minus_the_logarithm_of_the_rank() -> None:
    scores = [5, 99, 3, 8, 1, 0, -1, -2, -3, -4, -5, -6]  # the best of all has been seen
    result = rank_candidates(engine_of(of_scores(scores)), Request(Histories.of([[1]])))
    assert result.rows.tolist() == [3, 0, 2, 4, 5, 6, 7, 8, 9, 10, 11]
    np.testing.assert_allclose(result.rank_score, -np.log(np.arange(1, 12)))
    assert result.scores.tolist() == [8, 5, 3, 1, 0, -1, -2, -3, -4, -5, -6]
    assert not result.penalty.any()
    assert not result.by_content.any()
    assert result.rank_of(3) == 1
    assert result.rank_of(11) == 11
    assert result.rank_of(1) is None


def test_equal_rank_scores_are_ordered_by_score() -> None:
    """The ranker has movie 4 sixth and movie 7 second; by content movie 7 is second as well."""
    ranker = of_scores([9, 8, 7, 6, 5, 4, 3, 9, 2, 1, 0, -1])
    content = of_scores([1, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0])
    counts = np.where(np.arange(N) == 7, 0, 100)
    result = rank_candidates(
        engine_of(ranker, rating_counts=counts, content_model=content), Request(Histories.of([[6]]))
    )
    np.testing.assert_allclose(result.rank_score[np.isin(result.rows, [7, 4])], -np.log(6))
    assert result.rows.tolist()[4:6] == [7, 4]


@given(st.integers(0, 2**20), st.sets(st.integers(0, N - 1), max_size=5), st.booleans())
def test_every_source_has_its_own_ranks(seed: int, hidden: set[int], with_content: bool) -> None:
    rng = np.random.default_rng(seed)
    ranker, content = Linear(rng.normal(size=(N, N))), Linear(rng.normal(size=(N, N)))
    counts, recent = rng.integers(0, 9, N), rng.integers(0, 3, N)
    engine = engine_of(
        ranker, rating_counts=counts, recent_rating_counts=recent, content_model=content if with_content else None
    )
    history = Histories.of([[3, 8]])
    result = rank_candidates(engine, Request(history, filters=Filters(without=tuple(hidden))))
    allowed = [row for row in range(N) if row not in (3, 8) and row not in hidden]
    scores = {"ranking": ranker.score(history)[0], "recently popular": recent}
    if with_content:
        scores["content"] = content.score(history)[0]
    expected = {name: ranked({row: float(numbers[row]) for row in allowed}) for name, numbers in scores.items()}
    if with_content:
        expected["new"] = ranked({row: float(scores["content"][row]) for row in allowed if counts[row] < 5})
    assert sorted(result.rows.tolist()) == allowed
    assert {name: ranks.tolist() for name, ranks in result.sources.items()} == {
        name: [ranks.get(row, 0) for row in result.rows.tolist()] for name, ranks in expected.items()
    }


@pytest.mark.parametrize("k", [1, 40, 60])
def test_candidates_are_the_best_of_each_source_and_no_others(k: int) -> None:
    """Of 1000 movies, the best 200 of each source, or the best 5 k if that is more."""
    n, limit = 1000, max(200, 5 * k)
    rng = np.random.default_rng(k)
    ranker, content, recent = of_scores(rng.random(n)), of_scores(rng.random(n)), rng.permutation(n)
    counts = np.where(np.arange(n) % 3, 100, 4)
    engine = engine_of(ranker, rating_counts=counts, recent_rating_counts=recent, content_model=content)
    result = rank_candidates(engine, Request(Histories.of([[0]]), k=k))
    sources = {"ranking": ranker.bias, "recently popular": recent, "content": content.bias}
    ranks = {name: ranked({row: float(numbers[row]) for row in range(1, n)}) for name, numbers in sources.items()}
    ranks["new"] = ranked({row: float(content.bias[row]) for row in range(1, n) if counts[row] < 5})
    best = {row for numbers in ranks.values() for row, rank in numbers.items() if rank <= limit}
    assert len(best) < n - 1
    assert set(result.rows.tolist()) == best
    for name, source_ranks in result.sources.items():
        own = [ranks[name].get(row, 0) for row in result.rows.tolist()]
        assert source_ranks.tolist() == [rank if rank <= limit else 0 for rank in own]
    assert (np.max([*result.sources.values()], axis=0) > 0).all()


def test_a_blend_has_a_sequence_and_a_taste_source() -> None:
    blend = Blend().fit(checkerboard())  # of slist, ease with a half-life and ease
    history = Histories.of([[0, 2, 5]])
    result = rank_candidates(engine_of(blend), Request(history))
    for name, part in (("sequence", blend.parts[0]), ("taste", blend.parts[1]), ("ranking", blend)):
        scores = part.score(history)[0]
        ranks = ranked({row: float(scores[row]) for row in range(N) if row not in (0, 2, 5)})
        assert result.sources[name].tolist() == [ranks[row] for row in result.rows.tolist()]
    assert list(result.sources) == ["ranking", "sequence", "taste", "recently popular"]
    np.testing.assert_array_equal(result.scores, blend.score(history)[0, result.rows])


chasing_amy = ("Chasing Amy", 1997)


@given(st.sets(st.integers(0, N - 1), max_size=4), st.lists(st.integers(0, N - 1), max_size=3, unique=True), st.data())
def test_a_movie_listed_twice_appears_once_and_never_when_seen(
    listings: set[int], history: list[int], data: st.DataObject
) -> None:
    scores = data.draw(st.lists(st.integers(0, 5), min_size=N, max_size=N))
    movies = with_titles(checkerboard().movies, dict.fromkeys(listings, chasing_amy))
    result = rank_candidates(engine_of(of_scores(scores), movies), Request(Histories.of([history]), k=N))
    listed = [row for row in result.rows.tolist() if row in listings]
    others = [row for row in range(N) if row not in listings and row not in history]
    assert sorted(row for row in result.rows.tolist() if row not in listings) == others
    if not listings or listings & set(history):
        assert listed == []
    elif history:
        assert len(listed) == 1
        assert scores[listed[0]] == max(scores[row] for row in listings)


def test_seen_movies_can_be_included() -> None:
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
def test_a_watchlist_is_allowed_required_or_left_out(mode: str, listed: list[int]) -> None:
    movies = with_titles(checkerboard().movies, {2: chasing_amy, 9: chasing_amy})
    engine = engine_of(of_scores(np.arange(N)), movies)
    watchlist = rows(2, 4, 1)  # movie 1 has been seen since; 9 is another listing of 2
    result = rank_candidates(engine, Request(Histories.of([[1]]), watchlist=watchlist, from_watchlist=mode))
    expected = [row for row in listed if row != 2]  # of a movie listed twice, the better listing
    assert result.rows.tolist() == expected
    empty = rank_candidates(engine, Request(Histories.of([[1]]), from_watchlist=mode))
    assert len(empty.rows) == (0 if mode == "only" else N - 2)


@given(st.integers(0, 2**20), st.lists(st.integers(0, 9), min_size=N, max_size=N), st.booleans())
def test_rarely_rated_movies_are_ranked_by_content_with_a_penalty(
    seed: int, counts: list[int], with_content: bool
) -> None:
    rng = np.random.default_rng(seed)
    ranker, content = of_scores(rng.normal(size=N)), of_scores(rng.normal(size=N))
    engine = engine_of(ranker, rating_counts=counts, content_model=content if with_content else None)
    result = rank_candidates(engine, Request(Histories.of([[1]])))
    by_ranker, by_content = (ranked({row: float(model.bias[row]) for row in LEFT}) for model in (ranker, content))
    cold = [with_content and counts[row] < 5 for row in result.rows.tolist()]
    expected = [
        -np.log(by_content[row] * 3) if is_cold else -np.log(by_ranker[row])
        for row, is_cold in zip(result.rows.tolist(), cold, strict=True)
    ]
    np.testing.assert_allclose(result.rank_score, expected, atol=1e-9)
    assert result.by_content.tolist() == cold
    assert (np.diff(result.rank_score) <= 0).all()


def test_the_first_by_content_ranks_like_the_third_by_ranking() -> None:
    scores = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    content = np.zeros(N)
    content[11] = 1
    engine = engine_of(of_scores(scores), rating_counts=[100] * 11 + [4], content_model=of_scores(content))
    assert rank_candidates(engine, Request(Histories.of([[1]]))).rows.tolist()[:5] == [0, 2, 3, 11, 4]
    well_rated = engine_of(of_scores(scores), rating_counts=[100] * 11 + [5], content_model=of_scores(content))
    assert rank_candidates(well_rated, Request(Histories.of([[1]]))).rows.tolist()[-1] == 11


@given(st.lists(st.integers(0, 1000), min_size=N, max_size=N), st.lists(st.integers(0, N - 1), max_size=6, unique=True))
def test_new_users_get_the_questions_and_then_the_most_rated_movies(counts: list[int], questions: list[int]) -> None:
    engine = engine_of(
        of_scores(np.arange(N)), rating_counts=counts, questions=questions, content_model=of_scores(np.arange(N))
    )
    result = rank_candidates(engine, Request(Histories.of([[]])))
    rest = sorted((row for row in range(N) if row not in questions), key=lambda row: (-counts[row], row))
    assert result.rows.tolist() == questions + rest
    assert list(result.sources) == ["ranking"]
    assert not result.by_content.any()


def test_filters_hold_for_new_users() -> None:
    engine = engine_of(of_scores(np.zeros(N)), rating_counts=np.arange(N), questions=[4, 3, 2])
    request = Request(Histories.of([[]]), filters=Filters(genres=("even",)), not_interested=rows(2))
    assert rank_candidates(engine, request).rows.tolist()[:2] == [4, 10]


def test_disliked_movies_become_gaps_in_the_scored_history() -> None:
    weights = np.zeros((N, N))
    weights[0, 5], weights[3, 6], weights[8, 7] = 1, 50, 2
    history = Histories.of([[0, 3, 8]], [[4.0, 1.0, 5.0]])
    result = rank_candidates(engine_of(Linear(weights)), Request(history))
    assert result.scored_history.movies.tolist() == [0, GAP, 8]
    assert result.scored_history.ratings.tolist() == [4, 1, 5]
    assert history.movies.tolist() == [0, 3, 8]
    assert result.rows[:2].tolist() == [7, 5]
    assert result.scores[result.rows == 6].tolist() == [0]
    assert 3 not in result.rows


def test_no_candidates_are_left_after_seeing_everything() -> None:
    result: RankedCandidates = rank_candidates(
        engine_of(of_scores(np.arange(N))), Request(Histories.of([list(range(N))]))
    )
    assert len(result.rows) == len(result.rank_score) == len(result.sources["ranking"]) == 0
    assert result.rank_of(3) is None
