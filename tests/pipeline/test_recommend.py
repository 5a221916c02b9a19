import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import Histories
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.pipeline.engine import Engine
from matinee.pipeline.explain.reasons import Reason
from matinee.pipeline.filters import Filters
from matinee.pipeline.recommend import RecommendationList, build_recommendations, recommend
from matinee.pipeline.request import Request
from tests.datasets import FIRST_MOVIE_ID, checkerboard
from tests.engines import engine_of, with_titles
from tests.toy_models import Constant, Linear

N = 12


def rows(*movies: int) -> npt.NDArray[np.int32]:
    return np.array(movies, dtype=np.int32)


def listed(answer: RecommendationList) -> list[int]:
    """The catalogue rows of the recommended movies, checked against `answer.rows`."""
    movie_rows = [int(movie.movie_id) - FIRST_MOVIE_ID for movie in answer.recommendations]
    assert movie_rows == answer.rows.tolist()
    return movie_rows


def reasons_of(answer: RecommendationList) -> list[list[Reason]]:
    return [recommendation.reasons for recommendation in answer.recommendations]


movies = st.integers(0, N - 1)


@given(
    st.integers(0, 2**20),
    st.lists(movies, max_size=N, unique=True),
    st.sets(movies),
    st.sets(movies),
    st.integers(1, N + 3),
)
def test_lists_are_the_best_unseen_movies(
    seed: int, history: list[int], copied: set[int], remade: set[int], k: int
) -> None:
    catalogue = checkerboard().movies
    unseen = [row for row in range(N) if row not in history]
    if history:  # some unseen ids are listings of seen movies, others are later movies of the same title
        seen = {row: history[row % len(history)] for row in unseen}
        first = {row: (f"Movie {FIRST_MOVIE_ID + seen_row}", 1970 + seen_row) for row, seen_row in seen.items()}
        catalogue = with_titles(catalogue, {row: first[row] for row in unseen if row in copied})
        later = {row: (first[row][0], 2030 + row) for row in unseen if row in remade - copied}
        catalogue = with_titles(catalogue, later)
        unseen = [row for row in unseen if row not in copied]
    weights = np.random.default_rng(seed).normal(size=(N, N))
    scores = np.arange(N) + weights[history].sum(axis=0)
    rated = np.arange(N) * 7 % N  # the order of a new user's list
    engine = engine_of(Linear(weights, np.arange(N)), catalogue, rating_counts=rated)
    answer = recommend(engine, Request(Histories.of([history]), k))
    expected = scores if history else rated
    recommendations = answer.recommendations
    assert listed(answer) == sorted(unseen, key=lambda row: -expected[row])[:k]
    assert [movie.title for movie in recommendations] == [catalogue["title"][row] for row in listed(answer)]
    assert [movie.year for movie in recommendations] == [catalogue["year"][row] for row in listed(answer)]
    assert [movie.score for movie in recommendations] == pytest.approx(
        [expected[row] for row in listed(answer)], abs=1e-5
    )


def test_a_seen_movie_is_left_out_under_every_id() -> None:
    twice = with_titles(
        checkerboard().movies, {2: ("Chasing Amy", 1997), 9: ("Chasing Amy", 1997), 5: ("Chasing Amy", 2027)}
    )
    engine = engine_of(Linear(np.eye(N), np.arange(N)), twice)
    assert listed(recommend(engine, Request(Histories.of([[2, 3]]), N))) == [11, 10, 8, 7, 6, 5, 4, 1, 0]


def test_no_movie_is_listed_twice() -> None:
    twice = with_titles(checkerboard().movies, {2: ("Chasing Amy", 1997), 9: ("Chasing Amy", 1997)})
    model = Linear(np.eye(N), [0, 0, 5, 0, 0, 0, 0, 0, 0, 4, 0, 0])
    answer = recommend(engine_of(model, twice), Request(Histories.of([[1]]), N))
    titles = [movie.title for movie in answer.recommendations]
    assert len(set(titles)) == len(titles) == N - 2
    assert listed(answer)[0] == 2


@pytest.mark.parametrize(
    "options", [{}, {"diversity": 0.5}, {"exploration": 1.0}, {"diversity": 1.0, "exploration": 1.0}]
)
def test_after_seeing_everything_the_list_is_empty(options: dict[str, float]) -> None:
    engine = engine_of(Linear(np.eye(N)), rating_model=Constant(3.0, N))
    answer = recommend(engine, Request(Histories.of([list(range(N))]), **options))
    assert listed(answer) == answer.recommendations == []


def test_a_new_user_gets_a_list_and_a_reason() -> None:
    engine = engine_of(Linear(np.eye(N), np.arange(N)), rating_counts=[*range(9), 3, 3, 3], questions=[10, 2])
    answer = recommend(engine, Request(Histories.of([[]]), 5))
    assert listed(answer) == [10, 2, 8, 7, 6]
    assert [movie.reasons for movie in answer.recommendations] == [[Reason("start")]] * 5
    assert answer.recommendations[0].sources == {"ranking": 1}


def test_reasons_belong_to_their_movies() -> None:
    weights = np.zeros((N, N))
    weights[1, 3], weights[2, 4] = 2, 1
    answer = recommend(engine_of(Linear(weights)), Request(Histories.of([[1, 2]]), 2))
    assert listed(answer) == [3, 4]
    assert [movie.reasons for movie in answer.recommendations] == [
        [Reason("watched", (1,))],
        [Reason("watched", (2,))],
    ]


@given(
    st.integers(0, 2**20), st.lists(st.sampled_from([0.5, 1.0, 3.0, 4.5, 5.0]), min_size=1, max_size=6), st.booleans()
)
def test_named_movies_have_an_effect_and_are_not_disliked(seed: int, ratings: list[float], with_credits: bool) -> None:
    catalogue = checkerboard().movies
    if with_credits:
        same_names = pl.Series([["D"]] * N, dtype=pl.List(pl.String))
        catalogue = catalogue.with_columns(director=same_names, cast=same_names)
    model = Linear(np.random.default_rng(seed).normal(size=(N, N)))
    history = Histories.of([list(range(len(ratings)))], [ratings])
    answer = recommend(engine_of(model, catalogue), Request(history, N))
    low = {
        row for row, rating in enumerate(ratings) if rating <= 1.85 and (rating < np.median(ratings) or rating == 0.5)
    }
    not_disliked = [row for row in range(len(ratings)) if row not in low]
    for movie, reasons in zip(listed(answer), reasons_of(answer), strict=True):
        for reason in reasons:
            assert not set(reason.movies) & low
            if reason.kind == "liked":
                assert all(model.weights[row, movie] > 0 for row in reason.movies)
        if not not_disliked:
            assert reasons == [Reason("start")]  # no liked movie is known
            continue
        strongest = max(
            (model.weights[row, movie] for row in not_disliked if ratings[row] >= np.median(ratings)), default=0
        )
        assert (reasons[0].kind == "liked") == (strongest > 1e-5) or abs(strongest) < 1e-5


def test_ratings_are_predicted_by_models_that_can() -> None:
    request = Request(Histories.of([[1]]), 3)
    alone = recommend(engine_of(Constant(3.456, N)), request)
    assert {movie.predicted_rating for movie in alone.recommendations} == {3.46}
    ranker = Linear(np.eye(N))
    assert recommend(engine_of(ranker), request).recommendations[0].predicted_rating is None
    beside = recommend(engine_of(ranker, rating_model=Constant(2.0, N)), request)
    assert {movie.predicted_rating for movie in beside.recommendations} == {2.0}
    assert listed(beside) == listed(recommend(engine_of(ranker), request))


class CountsStars(Constant):
    """Predicts for every movie the number of ratings in the history; for movie 3 half a star more."""

    def score(self, histories: Histories) -> npt.NDArray[np.float32]:
        scores = np.repeat(histories.without_gaps().lengths[:, None], self.n_movies, axis=1).astype(np.float32)
        scores[:, 3] += 0.5
        return scores


def test_ratings_are_predicted_from_the_whole_history() -> None:
    engine = engine_of(Linear(np.eye(N)), rating_model=CountsStars(0.0, N))
    answer = recommend(engine, Request(Histories.of([[1, 2, 4]], [[0.5, 5, 5]]), 3))
    assert listed(answer) == [0, 3, 5]
    assert [movie.predicted_rating for movie in answer.recommendations] == [3.0, 3.5, 3.0]


def test_each_movie_has_its_rank_in_each_source() -> None:
    no_year = with_titles(checkerboard().movies, {3: ("Heat", None)})
    engine = engine_of(Linear(np.eye(N)), no_year, content_model=Linear(np.eye(N)), rating_counts=3)
    recommendations = recommend(engine, Request(Histories.of([[1]]), N)).recommendations
    assert [movie.year for movie in recommendations if movie.title == "Heat"] == [None]
    assert recommendations[0].sources == {"ranking": 1, "recently popular": 1, "content": 1, "new": 1}


def test_rarely_rated_movies_are_explained_by_the_content_model() -> None:
    by_taste, by_content = np.zeros((N, N)), np.zeros((N, N))
    by_taste[1, [3, 4]] = 3, 1
    by_content[2, 4] = 5
    rated = np.where(np.isin(np.arange(N), [4, 6]), [4] * N, 100)
    request = Request(Histories.of([[1, 2]]), N)
    with_content = engine_of(Linear(by_taste), genreless(), rating_counts=rated, content_model=Linear(by_content))
    answer = recommend(with_content, request)
    reasons_by_row = dict(zip(listed(answer), reasons_of(answer), strict=True))
    assert reasons_by_row[3] == [Reason("watched", (1,))]
    assert reasons_by_row[4] == [Reason("watched", (2,)), Reason("unrated")]
    assert reasons_by_row[6] == [Reason("together"), Reason("unrated")]
    assert reasons_by_row[5] == [Reason("together")]
    without = recommend(engine_of(Linear(by_taste), genreless(), rating_counts=rated), request)
    assert listed(without)[:2] == [3, 4]
    assert reasons_of(without)[1] == [Reason("watched", (1,))]


def genreless() -> pl.DataFrame:
    return checkerboard().movies.with_columns(genres=pl.lit([], dtype=pl.List(pl.String)))


def taste() -> Engine:
    """An engine that ranks the even movies first; movie 2 is the best after 0."""
    bias = [9 - row / 9 if row % 2 == 0 else 3 - row / 9 for row in range(N)]
    return engine_of(Linear(np.zeros((N, N)), bias))


def test_diversity_mixes_genres_and_keeps_the_first() -> None:
    history = Histories.of([[0]])
    assert listed(recommend(taste(), Request(history, 4))) == [2, 4, 6, 8]
    assert listed(recommend(taste(), Request(history, 4, diversity=1.0))) == [2, 1, 4, 6]
    some = listed(recommend(taste(), Request(history, 4, diversity=0.3)))
    assert some[0] == 2
    assert 1 in some


def test_exploration_depends_on_the_seed_only() -> None:
    history = Histories.of([[0]])

    def of(exploration: float, seed: int) -> list[int]:
        return listed(recommend(taste(), Request(history, N, exploration=exploration, seed=seed)))

    assert of(0.0, 5) == of(0.0, 6) == [2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]
    assert of(1.0, 5) == of(1.0, 5)
    assert len({tuple(of(1.0, seed)) for seed in range(20)}) == 20
    assert all(sorted(of(1.0, seed)) == list(range(1, N)) for seed in range(3))
    nearly = [of(1e-6, seed) for seed in range(3)]
    assert nearly == [of(0.0, 0)] * 3


@pytest.mark.parametrize("seed", range(12))
def test_reranked_movies_keep_their_scores_and_sources(seed: int) -> None:
    engine = taste()
    answer = recommend(engine, Request(Histories.of([[0]]), 4, diversity=1.0, exploration=2.0, seed=seed))
    first, second = listed(answer)[:2]
    assert first % 2 != second % 2  # the second has the other genre
    for row, movie in zip(listed(answer), answer.recommendations, strict=True):
        assert movie.score == pytest.approx(engine.ranker.score(Histories.of([[0]]))[0, row], abs=1e-6)
        assert movie.sources["ranking"] == [2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11].index(row) + 1


def test_exploration_reaches_beyond_the_first_k_and_filters_hold() -> None:
    request = Request(Histories.of([[0]]), 1, Filters(genres=("Odd",)), exploration=3.0)
    firsts = {
        listed(recommend(taste(), Request(request.history, 1, request.filters, exploration=3.0, seed=seed)))[0]
        for seed in range(60)
    }
    assert len(firsts) > 3
    assert all(row % 2 for row in firsts)


@pytest.mark.parametrize("name", ["item_cf", "ease", "slist", "blend"])
def test_fitted_models_recommend_movies_of_the_same_kind(name: str) -> None:
    model: Recommender = make(name).fit(checkerboard())
    engine = engine_of(model, rating_counts=checkerboard().counts)
    answer = recommend(engine, Request(Histories.of([[0, 2, 4, 1]], [[5.0, 4.0, 5.0, 0.5]]), 3))
    assert set(listed(answer)) == {6, 8, 10}
    for movie in answer.recommendations:
        assert movie.reasons[0].kind == "liked"
        assert set(movie.reasons[0].movies) <= {0, 2, 4}
        assert movie.score == pytest.approx(
            model.score(answer.candidates.scored_history)[0, int(movie.movie_id) - FIRST_MOVIE_ID], abs=1e-5
        )


def test_recommendations_need_no_ratings_and_sources() -> None:
    engine = engine_of(Linear(np.eye(N)))
    (only,) = build_recommendations(engine, rows(3), np.array([0.25]), [[Reason("together")]])
    assert only.title == "Movie 103"
    assert only.reasons == [Reason("together")]
    assert only.sources == {}
    assert only.predicted_rating is None
