import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories
from matinee.models.registry import make
from matinee.pipeline.candidates import RankedCandidates, rank_candidates
from matinee.pipeline.dislikes import dislike_penalty
from matinee.pipeline.engine import Engine
from matinee.pipeline.recommend import RecommendationList, recommend
from matinee.pipeline.request import Request
from tests.datasets import checkerboard
from tests.engines import engine_of, with_titles
from tests.toy_models import Linear

N = 12


def rows(*movies: int) -> npt.NDArray[np.int32]:
    return np.array(movies, dtype=np.int32)


def alike(**similarity: dict[int, float]) -> Linear:
    """A model by which `m3={5: 2}` makes movie 5 like movie 3."""
    weights = np.zeros((N, N))
    for name, others in similarity.items():
        for other, value in others.items():
            weights[int(name[1:]), other] = value
    return Linear(weights)


def test_the_penalty_grows_with_the_similarity_to_a_disliked_movie() -> None:
    model = alike(m3={5: 4, 6: 1, 7: -2, 3: 9})
    expected = np.zeros(N)
    expected[[5, 6]] = 1, 0.25  # without the movie itself: its own similarity would make all others small
    np.testing.assert_allclose(dislike_penalty(model, rows(3), rows()), expected, atol=1e-6)
    np.testing.assert_allclose(dislike_penalty(model, rows(), rows(3)), expected / 2, atol=1e-6)
    assert not dislike_penalty(model, rows(), rows()).any()


def test_several_disliked_movies_are_independent_reasons() -> None:
    model = alike(m3={5: 4, 6: 1}, m4={6: 1, 7: 2})
    expected = np.zeros(N)
    expected[[5, 6, 7]] = 1, 1 - (1 - 0.25) * (1 - 0.5), 1
    np.testing.assert_allclose(dislike_penalty(model, rows(3, 4), rows()), expected, atol=1e-6)
    expected[[6, 7]] = 1 - (1 - 0.25) * (1 - 0.25), 0.5
    np.testing.assert_allclose(dislike_penalty(model, rows(3), rows(4)), expected, atol=1e-6)


def test_a_movie_similar_to_no_other_causes_no_penalty() -> None:
    assert not dislike_penalty(alike(m3={3: 5, 4: -1}), rows(3), rows(3)).any()


@given(st.integers(0, 2**20), st.lists(st.integers(0, N - 1), max_size=4), st.lists(st.integers(0, N - 1), max_size=4))
def test_more_dislikes_never_reduce_a_penalty(seed: int, disliked: list[int], not_interested: list[int]) -> None:
    model = Linear(np.random.default_rng(seed).normal(size=(N, N)))
    base = dislike_penalty(model, rows(*disliked), rows(*not_interested))
    assert (base >= 0).all()
    assert (base <= 1).all()
    for movie in range(N):
        more = dislike_penalty(model, rows(*disliked, movie), rows(*not_interested))
        less = dislike_penalty(model, rows(*disliked), rows(*not_interested, movie))
        assert (more >= less - 1e-6).all()
        assert (less >= base - 1e-6).all()


@st.composite
def tastes(draw: st.DrawFn) -> tuple[Linear, list[int], int, int]:
    """A model, the movies a user likes, another movie, and the remaining movie most similar to that one."""
    weights = np.random.default_rng(draw(st.integers(0, 2**20))).random((N, N))
    liked = draw(st.lists(st.integers(0, N - 1), min_size=1, max_size=5, unique=True))
    other = draw(st.sampled_from([row for row in range(N) if row not in liked]))
    left = [row for row in range(N) if row not in liked and row != other]
    nearest = max(left, key=lambda row: weights[other, row])
    weights[other, nearest] = weights[other].max() + 0.1
    return Linear(weights), liked, other, nearest


def ranked_for(model: Linear, liked: list[int], *others: tuple[int, float]) -> RankedCandidates:
    """Candidates for a user who rated `liked` 5 and, after the first of these, the others."""
    movies = [liked[0], *[row for row, _ in others], *liked[1:]]
    ratings = [5.0, *[rating for _, rating in others], *[5.0] * (len(liked) - 1)]
    return rank_candidates(engine_of(model), Request(Histories.of([movies], [ratings])))


def standing_of(result: RankedCandidates, movie: int) -> float:
    return float(result.rank_score[np.flatnonzero(result.rows == movie)[0]])


@given(tastes())
def test_a_dislike_lowers_the_most_similar_movie(
    taste: tuple[Linear, list[int], int, int],
) -> None:
    model, liked, other, nearest = taste
    disliking, liking, unrated = (
        ranked_for(model, liked, *ratings) for ratings in ([(other, 0.5)], [(other, 5.0)], [])
    )
    assert standing_of(disliking, nearest) < standing_of(liking, nearest)
    assert standing_of(disliking, nearest) < standing_of(unrated, nearest)
    assert disliking.rank_of(nearest) >= liking.rank_of(nearest)
    assert other not in disliking.rows


def test_a_movie_similar_to_a_disliked_one_falls_behind() -> None:
    model = alike(m0={5: 3, 6: 2.5, 7: 1}, m1={5: 0, 6: 0, 7: 1.5}, m3={5: 4, 9: 1})
    result = ranked_for(model, [0, 1])
    assert result.rows[:3].tolist() == [5, 6, 7]  # scores 3, 2.5 and 2.5; equal ones in the order of the catalogue
    disliking = ranked_for(model, [0, 1], (3, 1.0))
    assert disliking.rows[:3].tolist() == [6, 5, 7]  # rank scores -log 2, 0 - 1 and -log 3
    np.testing.assert_allclose(disliking.rank_score[:3], [-np.log(2), -1, -np.log(3)], atol=1e-6)
    np.testing.assert_allclose(disliking.penalty[:3], [0, 1, 0], atol=1e-6)
    assert disliking.scored_history.movies.tolist() == [0, GAP, 1]


def fitted_engine(name: str) -> Engine:
    return engine_of(make(name).fit(checkerboard()), rating_counts=np.arange(N) + 3, recent_rating_counts=np.arange(N))


def exactly(answer: RecommendationList) -> tuple[object, ...]:
    """All of a list and its candidates, to the last bit."""
    result = answer.candidates
    arrays = (
        result.rows,
        result.rank_score,
        result.scores,
        result.penalty,
        result.by_content,
        *result.sources.values(),
    )
    return (str(answer.recommendations), *[item.tobytes() for item in arrays])


@pytest.mark.parametrize("name", ["item_cf", "ease", "slist", "blend"])
def test_an_undone_rating_leaves_no_trace(name: str) -> None:
    engine = fitted_engine(name)
    before = Request(Histories.of([[0, 4, 5]], [[5.0, 4.0, 5.0]]), exploration=0.5, diversity=0.3)
    disliking = Request(Histories.of([[0, 4, 6, 5]], [[5.0, 4.0, 0.5, 5.0]]))
    hiding = Request(before.history, not_interested=rows(6, 7))
    first = exactly(recommend(engine, before))
    other = exactly(recommend(engine, disliking))
    hidden_list = exactly(recommend(engine, hiding))
    assert exactly(recommend(engine, before)) == first
    assert exactly(recommend(engine, disliking)) == other
    assert exactly(recommend(engine, hiding)) == hidden_list
    assert exactly(recommend(fitted_engine(name), before)) == first
    assert len({first, other, hidden_list}) == 3


@given(tastes())
def test_no_interest_hides_a_movie_and_costs_less_than_a_dislike(taste: tuple[Linear, list[int], int, int]) -> None:
    model, liked, other, nearest = taste
    engine = engine_of(model)
    history = Histories.of([liked], [[5.0] * len(liked)])
    hidden = rank_candidates(engine, Request(history, not_interested=rows(other)))
    assert other not in hidden.rows
    disliking = ranked_for(model, liked, (other, 0.5))
    assert standing_of(disliking, nearest) == pytest.approx(standing_of(hidden, nearest) - 0.5, abs=1e-6)
    assert hidden.penalty[hidden.rows == nearest] == pytest.approx(0.5, abs=1e-6)


def test_no_interest_hides_every_listing() -> None:
    twice = with_titles(checkerboard().movies, {2: ("Chasing Amy", 1997), 9: ("Chasing Amy", 1997)})
    engine = engine_of(Linear(np.eye(N)), twice)
    result = rank_candidates(engine, Request(Histories.of([[1]]), not_interested=rows(9)))
    assert sorted(result.rows.tolist()) == [0, 3, 4, 5, 6, 7, 8, 10, 11]
    shown_again = rank_candidates(engine, Request(Histories.of([[1]]), not_interested=rows(9), include_seen=True))
    assert sorted(shown_again.rows.tolist()) == [0, 1, 3, 4, 5, 6, 7, 8, 10, 11]


@pytest.mark.parametrize("ratings", [[1.0, 1.0, 1.0], [0.5, 1.0, 1.5], [0.5, 0.5, 1.0], [0.5]])
def test_a_history_of_dislikes_still_gets_a_list(ratings: list[float]) -> None:
    movies = list(range(len(ratings)))
    for name in ("item_cf", "ease", "slist", "blend"):
        answer = recommend(fitted_engine(name), Request(Histories.of([movies], [ratings]), k=5))
        assert len(answer.rows) == 5
        assert not set(answer.rows.tolist()) & set(movies)
        assert all(movie.reasons for movie in answer.recommendations)


def test_a_history_of_gaps_is_that_of_a_new_user() -> None:
    gone = Histories.of([[1, 2]], [[0.5, 5.0]]).with_gaps(np.array([True, True]))
    engine = fitted_engine("ease")
    answer, of_new_user = (recommend(engine, Request(item)) for item in (gone, Histories.of([[]], [[]])))
    assert exactly(answer) == exactly(of_new_user)


def test_dislikes_are_processed_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    model = make("ease", reg=5.0).fit(checkerboard())
    many = dislike_penalty(model, rows(0, 2, 3, 5, 8), rows(1, 4, 9))
    monkeypatch.setattr("matinee.pipeline.dislikes._BLOCK", 2)
    np.testing.assert_allclose(dislike_penalty(model, rows(0, 2, 3, 5, 8), rows(1, 4, 9)), many, rtol=1e-5)
    assert many.any()
