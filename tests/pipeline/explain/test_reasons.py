import tracemalloc
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.pipeline.explain.reasons import Reason, find_reasons, history_reason, leave_one_out_effect
from tests.datasets import checkerboard
from tests.toy_models import Linear

N = 12
TOGETHER = [Reason("together")]
Rows = npt.NDArray[np.int32]


def rows(*movies: int) -> Rows:
    return np.array(movies, dtype=np.int32)


@pytest.fixture
def catalogue() -> pl.DataFrame:
    """The checkerboard without genres, so that they are no reason."""
    return without_genres()


def without_genres() -> pl.DataFrame:
    return checkerboard().movies.with_columns(genres=pl.lit([], dtype=pl.List(pl.String)))


def gapped(history: Sequence[int], entry: int, stars: Sequence[float] | None = None) -> Histories:
    """The history with a gap in place of one entry."""
    movies = [GAP if position == entry else row for position, row in enumerate(history)]
    return Histories.of([movies], None if stars is None else [stars])


@given(st.integers(0, 2**20), st.lists(st.integers(0, N - 1), min_size=1, max_size=6, unique=True))
def test_effects_of_a_linear_model_are_its_weights(seed: int, history: list[int]) -> None:
    weights = np.random.default_rng(seed).normal(size=(N, N))
    entries, effects = leave_one_out_effect(Linear(weights, 0.3), Histories.of([history]), rows(3, 7, 0))
    assert entries.tolist() == list(range(len(history)))
    np.testing.assert_allclose(effects, weights[history][:, [3, 7, 0]], atol=1e-5)


@pytest.mark.parametrize("n", [99, 100, 101, 250])
def test_the_latest_hundred_liked_movies_are_considered(n: int) -> None:
    weights = np.arange(n, dtype=np.float32)[:, None] * np.ones((1, n), dtype=np.float32) / n
    entries, effects = leave_one_out_effect(Linear(weights), Histories.of([list(range(n))]), rows(0))
    assert entries.tolist() == list(range(max(0, n - 100), n))
    np.testing.assert_allclose(effects[:, 0], entries / n, atol=1e-4)
    stars = [5.0 if row % 2 else 1.0 for row in range(n)]
    odd = list(range(1, n, 2)) if n % 2 == 0 else list(range(n))  # one more is even: then the median is 1
    assert (
        leave_one_out_effect(Linear(weights), Histories.of([list(range(n))], [stars]), rows(0))[0].tolist()
        == odd[-100:]
    )


def test_entries_are_replaced_by_gaps() -> None:
    scored: list[list[int]] = []

    class Listening(Linear):
        def score(self, histories: Histories) -> npt.NDArray[np.float32]:
            scored.extend(histories.block(i, i + 1).movies.tolist() for i in range(len(histories)))
            return super().score(histories)

    leave_one_out_effect(Listening(np.eye(N)), Histories.of([[5, 2, 9]], [[5, 1, 4]]), rows(1))
    assert scored == [[5, 2, 9], [GAP, 2, 9], [5, 2, GAP]]  # movie 2 is not liked, so it is not tried


def test_rounding_errors_are_no_reason() -> None:
    weights = np.zeros((N, N))
    weights[1:4, 8] = 1e4, 1e-3, 1.0  # one in ten million, and one in ten thousand
    _, effects = leave_one_out_effect(Linear(weights), Histories.of([[1, 2, 3]]), rows(8))
    assert (effects[:, 0] > 0).tolist() == [True, False, True]


@cache
def fitted(name: str) -> Recommender:
    settings = {"ease, fading": {"half_life": 3.0}, "item_cf, fading": {"half_life": 2.0}}.get(name, {})
    return make(name.split(",")[0], **settings).fit(checkerboard())


MODELS = ["item_cf", "item_cf, fading", "ease", "ease, fading", "slist", "blend"]
histories = st.lists(st.integers(0, N - 1), min_size=1, max_size=7, unique=True)
half_stars = st.integers(1, 10).map(lambda n: n / 2)


@pytest.mark.parametrize("name", MODELS)
@given(histories, st.data())
def test_effects_match_scoring_again_with_a_gap(name: str, history: list[int], data: st.DataObject) -> None:
    model = fitted(name)
    gap = data.draw(st.integers(-1, len(history) - 1))  # some have a gap already
    with_gap = gapped(history, gap)
    movies = rows(*range(N))
    entries, effects = leave_one_out_effect(model, with_gap, movies)
    assert entries.tolist() == [position for position in range(len(history)) if position != gap]
    whole = model.score(with_gap)[0]
    for position, entry in enumerate(entries.tolist()):
        again = model.score(gapped(with_gap.movies.tolist(), entry))[0]
        np.testing.assert_allclose(effects[position], whole - again, rtol=1e-3, atol=1e-5 * np.abs(whole).max())


@pytest.mark.parametrize("name", ["linear", *MODELS])
@given(st.integers(0, 2**20), histories, st.data())
def test_every_named_movie_raises_the_score(name: str, seed: int, history: list[int], data: st.DataObject) -> None:
    model = Linear(np.random.default_rng(seed).normal(size=(N, N))) if name == "linear" else fitted(name)
    stars = data.draw(st.lists(half_stars, min_size=len(history), max_size=len(history)))
    recommended = [movie for movie in range(N) if movie not in history]
    expected_reasons = find_reasons(model, Histories.of([history], [stars]), rows(*recommended), without_genres())
    assert len(expected_reasons) == len(recommended)
    whole = model.score(Histories.of([history], [stars]))[0]
    liked = [entry for entry, rating in enumerate(stars) if rating >= np.median(stars)]
    effects = {entry: whole - model.score(gapped(history, entry, stars))[0] for entry in liked}
    rounding = 2e-6 * np.abs(whole[recommended]).max()
    for movie, results in zip(recommended, expected_reasons, strict=True):
        names = [history.index(row) for reason in results for row in reason.movies]
        assert [reason.ratings for reason in results] == [tuple(stars[entry] for entry in names)]
        assert set(names) <= set(liked)
        assert all(effects[entry][movie] > 0 for entry in names)
        others = [effects[entry][movie] for entry in liked if entry not in names]
        carrying = [effects[entry][movie] for entry in names]
        # The strongest are named; a second one only if it carries at least a quarter of what the first does.
        least = min(carrying) if len(names) == 2 else max(carrying, default=0) / 4
        assert len(names) < 2 or min(carrying) >= max(carrying) / 4 - rounding
        assert max(others, default=0) <= least + rounding
        assert results[0].kind == ("liked" if names else "together")
        assert len(names) <= 2


def test_reasons_have_ratings_if_known(catalogue: pl.DataFrame) -> None:
    weights = np.zeros((N, N))
    weights[[2, 4, 6], 8] = [1, 3, 2]
    expected_reasons = find_reasons(Linear(weights), Histories.of([[2, 4, 6]], [[4, 4.5, 5]]), rows(8), catalogue)
    assert expected_reasons == [[Reason("liked", (4, 6), (4.5, 5.0))]]
    expected_reasons = find_reasons(Linear(weights), Histories.of([[2, 4, 6]]), rows(8), catalogue)
    assert expected_reasons == [[Reason("watched", (4, 6))]]
    assert history_reason(Histories.of([[2, 4, 6]], [[4, 4.5, 5]]), np.array([2])) == Reason("liked", (6,), (5.0,))


@pytest.mark.parametrize(("second", "named"), [(4.0, (2, 4)), (1.0, (2, 4)), (0.9, (2,))])
def test_a_second_movie_needs_a_quarter_of_the_effect(
    catalogue: pl.DataFrame, second: float, named: tuple[int, ...]
) -> None:
    weights = np.zeros((N, N))
    weights[[2, 4], 8] = 4, second
    expected_reasons = find_reasons(Linear(weights), Histories.of([[2, 4]]), rows(8), catalogue)
    assert expected_reasons == [[Reason("watched", named)]]


def test_disliked_movies_are_no_reason(catalogue: pl.DataFrame) -> None:
    weights = np.zeros((N, N))
    weights[[2, 4, 6], 8] = [9, 2, 1]
    expected_reasons = find_reasons(Linear(weights), Histories.of([[2, 4, 6]], [[1, 4, 5]]), rows(8), catalogue)
    assert expected_reasons[0][0].movies == (4, 6)


def test_without_positive_effects_the_reason_is_together(catalogue: pl.DataFrame) -> None:
    weights = -np.ones((N, N))
    assert find_reasons(Linear(weights), Histories.of([[2, 4]]), rows(8, 9), catalogue) == [TOGETHER, TOGETHER]


@pytest.mark.parametrize("history", [[], [GAP], [GAP, GAP]])
def test_a_new_user_gets_the_start_reason(catalogue: pl.DataFrame, history: list[int]) -> None:
    expected_reasons = find_reasons(Linear(np.eye(N)), Histories.of([history]), rows(8, 9), catalogue)
    assert expected_reasons == [[Reason("start")], [Reason("start")]]
    assert find_reasons(Linear(np.eye(N)), Histories.of([history]), rows(), catalogue) == []


def test_no_movies_need_no_reasons(catalogue: pl.DataFrame) -> None:
    assert find_reasons(Linear(np.eye(N)), Histories.of([[1, 2]]), rows(), catalogue) == []


def reasons_for_movie(catalogue: pl.DataFrame, **columns: pl.Series) -> list[Reason]:
    """The reasons to recommend movie 0 to a user who liked movie 1, with these columns in the catalogue."""
    weights = np.zeros((N, N))
    return find_reasons(Linear(weights), Histories.of([[1]]), rows(0), catalogue.with_columns(**columns))[0]


def lists(*first: list[str] | None) -> pl.Series:
    return pl.Series([*first] + [None] * (N - len(first)), dtype=pl.List(pl.String))


def test_without_credits_no_names_are_shared(catalogue: pl.DataFrame) -> None:
    assert reasons_for_movie(catalogue) == TOGETHER
    assert reasons_for_movie(catalogue, director=lists(), cast=lists()) == TOGETHER


@pytest.mark.parametrize(
    ("director", "cast", "expected_reasons"),
    [
        ((["Ann Lee"], ["Ann Lee"]), ([], []), ("director", "Ann Lee")),
        ((["Ann Lee"], ["Bob Eel"]), ([], []), ()),
        ((["A", "B", "C"], ["C", "B", "A"]), ([], []), ("director", "A", "B")),
        (([], []), (["A", "B"], ["B", "C", "A"]), ("cast", "A", "B")),
        (([], []), (["A", "B"], ["B", "C"]), ()),
        ((["D"], ["D"]), (["A", "B"], ["A", "B"]), ("director", "D")),
        ((["D"], None), (["A", "B"], ["A", "B"]), ("cast", "A", "B")),
        ((None, ["D"]), (None, ["A", "B"]), ()),
    ],
)
def test_shared_names_by_hand(
    catalogue: pl.DataFrame,
    director: tuple[list[str] | None, ...],
    cast: tuple[list[str] | None, ...],
    expected_reasons: tuple[str, ...],
) -> None:
    expected = [Reason(expected_reasons[0], (1,), names=expected_reasons[1:])] if expected_reasons else TOGETHER
    assert reasons_for_movie(catalogue, director=lists(*director), cast=lists(*cast)) == expected


def test_names_are_shared_with_the_latest_liked_movie(catalogue: pl.DataFrame) -> None:
    weights = np.zeros((N, N))
    weights[1, 0] = 1
    with_credits = catalogue.with_columns(director=lists(["D"], ["D"], ["D"], ["D"]))
    expected_reasons = find_reasons(Linear(weights), Histories.of([[1, 2, 3]], [[5, 5, 1]]), rows(0), with_credits)
    assert expected_reasons == [[Reason("liked", (1,), (5.0,)), Reason("director", (2,), names=("D",))]]


def test_a_movie_shares_no_names_with_itself(catalogue: pl.DataFrame) -> None:
    with_credits = catalogue.with_columns(director=lists(["D"], ["D"], ["E"]), cast=lists(["A", "B"], None, ["A", "B"]))
    expected_reasons = find_reasons(Linear(np.zeros((N, N))), Histories.of([[0, 1, 2]]), rows(0, 2), with_credits)
    assert expected_reasons == [
        [Reason("director", (1,), names=("D",))],
        [Reason("cast", (0,), names=("A", "B"))],
    ]


@pytest.mark.parametrize(
    ("genres", "expected_reasons"),
    [
        ([["Drama"], ["Drama"], ["War"], ["Comedy"]], []),  # one of three is less than half
        ([["Drama"], ["Drama"], ["Drama"], ["Comedy"]], ["Drama"]),
        ([["War", "Drama", "Noir"], ["Drama", "War"], ["Drama"], ["War"]], ["Drama", "War"]),
        ([["Drama"], ["Drama"], ["Drama"], None], ["Drama"]),
        ([None, ["Drama"], ["Drama"], ["Drama"]], []),
        ([[], [], [], []], []),
        ([["Drama"], ["Drama"], [], ["Comedy"]], []),
    ],
)
def test_genres_are_a_reason_without_a_movie(
    catalogue: pl.DataFrame, genres: list[list[str] | None], expected_reasons: list[str]
) -> None:
    catalogue_with_genres = catalogue.with_columns(genres=lists(*genres))
    results = find_reasons(Linear(np.zeros((N, N))), Histories.of([[1, 2, 3]]), rows(0), catalogue_with_genres)
    assert results == [[Reason("genres", names=tuple(expected_reasons))] if expected_reasons else TOGETHER]


def test_genres_of_half_the_liked_movies_are_a_reason(
    catalogue: pl.DataFrame,
) -> None:
    catalogue_with_genres = catalogue.with_columns(
        genres=lists(["Drama", "War"], ["Drama"], ["Comedy"], ["War"], ["War"])
    )
    history = Histories.of([[1, 2, 3, 4]], [[5, 5, 1, 1]])
    results = find_reasons(Linear(np.zeros((N, N))), history, rows(0), catalogue_with_genres)
    assert results == [[Reason("genres", names=("Drama",))]]
    weights = np.zeros((N, N))
    weights[1, 0] = 1  # now a movie carries it
    assert find_reasons(Linear(weights), history, rows(0), catalogue_with_genres) == [[Reason("liked", (1,), (5.0,))]]


def test_memory_does_not_grow_with_the_history() -> None:
    n = 2000
    model = Linear(np.zeros((n, 1)))
    tracemalloc.start()
    leave_one_out_effect(model, Histories.of([list(range(n))]), rows(0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30 * 100 * n  # bytes: a hundred histories of n entries, each with a few numbers
