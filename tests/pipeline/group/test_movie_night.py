from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories
from matinee.errors import ConfigError, NotFoundError
from matinee.pipeline.engine import Engine
from matinee.pipeline.explain.reasons import Reason
from matinee.pipeline.filters import Filters
from matinee.pipeline.group.aggregation import STRATEGIES, Strategy
from matinee.pipeline.group.guests import Guest, GuestSatisfaction
from matinee.pipeline.group.movie_night import Night, plan_night
from matinee.pipeline.recommend import recommend
from matinee.pipeline.request import Request
from tests.datasets import checkerboard
from tests.engines import engine_of, with_titles
from tests.toy_models import Linear

N = 15  # so that a satisfaction is 1 - log2(rank) / 4
ANN, BOB = N - 1, N - 2  # the movie that each guest has seen, which decides their scores


class Stars(Linear):
    """A linear model whose scores are predicted ratings."""

    predicts_ratings = True


def rows(*movies: int) -> npt.NDArray[np.int32]:
    return np.array(movies, dtype=np.int32)


def orders(**lists: Sequence[int]) -> npt.NDArray[np.float64]:
    """Scores (N, N) that put movies in this order for a user who has seen ANN or BOB; the others come after."""
    weights = np.zeros((N, N))
    for name, best in lists.items():
        rest = [row for row in range(N) if row not in best]
        weights[{"ann": ANN, "bob": BOB}[name], [*best, *rest]] = np.arange(N, 0, -1)
    return weights


def ann(*seen: int, **more: npt.NDArray[np.int32]) -> Guest:
    return Guest("Ann", Histories.of([[*seen, ANN]]), **more)


def bob(*seen: int, **more: npt.NDArray[np.int32]) -> Guest:
    return Guest("Bob", Histories.of([[*seen, BOB]]), **more)


def shown(night: Night) -> list[int]:
    return [movie.row for movie in night.movies]


def satisfaction_of(night: Night, row: int, guest: str) -> GuestSatisfaction:
    (movie,) = (movie for movie in night.movies if movie.row == row)
    return next(satisfaction for satisfaction in movie.satisfactions if satisfaction.guest == guest)


def test_satisfactions_ranks_and_choices_by_hand() -> None:
    engine = engine_of(Linear(orders(ann=[0, 1, 2, 3], bob=[12, 3, 5, 0])))
    night = plan_night(engine, [ann(), bob()], k=13, strategy="average")
    # Ann has 0 first and 3 fourth, Bob 3 second and 0 fourth: 1 and 1/2, 1/2 and 3/4.
    assert shown(night)[:2] == [0, 3]
    first = night.movies[0].satisfactions
    assert [(guest.guest, guest.satisfaction, guest.own_rank, guest.choice_rank) for guest in first] == [
        ("Ann", 1, 1, 1),
        ("Bob", 0.5, 4, 4),
    ]
    assert [guest.best_satisfaction for guest in first] == [1, 1]
    assert [guest.cost for guest in first] == [0, 0.5]
    assert night.n_candidates == N - 2
    assert night.unknown_guests == ()
    assert (night.movies[0].movie_id, night.movies[0].title, night.movies[0].year) == (100, "Movie 100", 1970)


def test_a_movie_seen_by_another_guest_is_no_choice() -> None:
    engine = engine_of(Linear(orders(ann=[0, 1, 2, 3], bob=[4, 3, 5, 0])))
    night = plan_night(engine, [ann(), bob(0, 1, 2)], k=1, strategy="least-misery")
    assert shown(night) == [3]
    of_ann = satisfaction_of(night, 3, "Ann")
    assert (of_ann.own_rank, of_ann.choice_rank) == (4, 1)
    assert of_ann.satisfaction == of_ann.best_satisfaction == 0.5


def test_predicted_ratings_count_as_much_as_the_list() -> None:
    list_scores = orders(ann=[3, 2, 1, 0], bob=[3, 2, 1, 0])
    rating_weights = np.zeros((N, N))
    rating_weights[ANN, [0, 1, 2, 3]] = rating_weights[BOB, [0, 1, 2, 3]] = [5, 4, 3, 2]
    engine = engine_of(Linear(list_scores), rating_model=Stars(rating_weights))
    night = plan_night(engine, [ann(), bob()], k=4, strategy="average")
    # Ranks 1 and 4, 2 and 3, 3 and 2, 4 and 1: 1 - log2(4) / 8 and 1 - log2(6) / 8, twice each.
    assert shown(night) == [0, 3, 1, 2]
    assert [satisfaction_of(night, row, "Ann").satisfaction for row in (0, 3)] == [0.75, 0.75]
    assert satisfaction_of(night, 1, "Bob").satisfaction == pytest.approx(1 - np.log2(6) / 8)
    # Of equal satisfactions, the movie with the better rank is the choice.
    assert [satisfaction_of(night, row, "Ann").choice_rank for row in (3, 0, 2, 1)] == [1, 2, 3, 4]
    assert [satisfaction_of(night, row, "Ann").own_rank for row in (3, 0, 2, 1)] == [1, 4, 2, 3]
    assert [satisfaction_of(night, row, "Bob").predicted_rating for row in (0, 1, 2, 3)] == [5, 4, 3, 2]


def test_a_ranker_that_predicts_ratings_counts_once() -> None:
    scores = orders(ann=[0, 1], bob=[0, 1]) / 3
    hardly = np.where(np.arange(N) == 1, 0, 100)  # movie 1 is ranked by content: third, with a penalty
    content = Linear(orders(ann=[3, 2, 1], bob=[3, 2, 1]))
    built = [engine_of(ranker(scores), rating_counts=hardly, content_model=content) for ranker in (Stars, Linear)]
    night, unrated_night = (plan_night(engine, [ann(), bob()], k=2) for engine in built)
    assert shown(night) == shown(unrated_night) == [0, 2]
    assert [guest.predicted_rating for guest in night.movies[0].satisfactions] == [5, 5]
    assert [guest.predicted_rating for guest in unrated_night.movies[0].satisfactions] == [None, None]
    assert [guest.satisfaction for guest in night.movies[1].satisfactions] == [
        guest.satisfaction for guest in unrated_night.movies[1].satisfactions
    ]


def test_seen_movies_are_shown_if_the_guest_would_rewatch() -> None:
    engine = engine_of(Linear(orders(ann=[0], bob=[0])))
    assert shown(plan_night(engine, [ann(), bob()]))[0] == 0
    assert 0 not in shown(plan_night(engine, [ann(0), bob()], k=N))
    rewatching = plan_night(engine, [ann(0, rewatch=rows(0)), bob()], k=N)
    assert shown(rewatching)[0] == 0
    assert [(guest.seen, bool(guest.reasons)) for guest in rewatching.movies[0].satisfactions] == [
        (True, False),
        (False, True),
    ]
    assert 0 not in shown(plan_night(engine, [ann(0, rewatch=rows(0)), bob(0)], k=N))
    assert shown(plan_night(engine, [ann(0, rewatch=rows(0)), bob(0, rewatch=rows(0))]))[0] == 0


def test_a_movie_hidden_by_one_guest_is_hidden_from_all() -> None:
    engine = engine_of(Linear(orders(ann=[0, 1], bob=[0, 1])))
    night = plan_night(engine, [ann(not_interested=rows(0)), bob()], k=N)
    assert 0 not in shown(night)
    assert satisfaction_of(night, 1, "Bob").own_rank == 2  # Bob's own list still has it


def test_movies_similar_to_a_hidden_one_rank_lower_for_the_guest() -> None:
    weights = orders(ann=[0, 4, 1, 2], bob=[0, 4, 1, 2])
    weights[0, 1] = 1  # movie 1 is similar to movie 0
    night = plan_night(engine_of(Linear(weights)), [ann(not_interested=rows(0)), bob()], k=N)
    assert [satisfaction_of(night, row, "Ann").own_rank for row in (4, 2, 1)] == [1, 2, 3]
    assert [satisfaction_of(night, row, "Bob").own_rank for row in (4, 1, 2)] == [2, 3, 4]


def test_every_movie_of_a_large_catalogue_has_a_rank() -> None:
    ranker = Linear(np.zeros((500, 500)), -np.arange(500))
    night = plan_night(engine_of(ranker), guests_called("A", "B"), k=499)
    assert night.n_candidates == 499
    assert [movie.satisfactions[0].own_rank for movie in night.movies] == list(range(1, 500))


def test_of_several_listings_the_most_rated_is_shown() -> None:
    movies = with_titles(checkerboard(n_movies=N).movies, {0: ("Heat", 1995), 5: ("Heat", 1995), 6: ("Heat", 1995)})
    # Ann's model has the listing 0 as her first, Bob's has 6; 5 has the most ratings.
    engine = engine_of(Linear(orders(ann=[0], bob=[6])), movies, rating_counts=np.where(np.arange(N) == 5, 200, 100))
    night = plan_night(engine, [ann(), bob()], k=N)
    assert shown(night)[0] == 5
    assert [guest.own_rank for guest in night.movies[0].satisfactions] == [1, 1]
    assert not {0, 6} & set(shown(night))
    assert night.n_candidates == len(night.movies) == N - 4
    assert not {0, 5, 6} & set(shown(plan_night(engine, [ann(0), bob()], k=N)))
    again = plan_night(engine, [ann(0, rewatch=rows(6)), bob()])
    assert shown(again)[0] == 5
    assert [guest.seen for guest in again.movies[0].satisfactions] == [True, False]
    assert shown(plan_night(engine, [ann(), bob()], filters=Filters(without=(5,))))[0] == 0


def test_filters_do_not_change_satisfactions() -> None:
    engine = engine_of(Linear(orders(ann=[0, 1, 2, 3], bob=[4, 3, 5, 0])))
    whole = plan_night(engine, [ann(), bob()], k=N)
    odd = plan_night(engine, [ann(), bob()], k=N, filters=Filters(genres=("odd",)))
    assert sorted(shown(odd)) == [1, 3, 5, 7, 9, 11]
    for movie in odd.movies:
        for guest in movie.satisfactions:
            assert (guest.satisfaction, guest.own_rank) == (
                satisfaction_of(whole, movie.row, guest.guest).satisfaction,
                satisfaction_of(whole, movie.row, guest.guest).own_rank,
            )
    assert [satisfaction_of(odd, row, "Ann").choice_rank for row in (1, 3, 5)] == [1, 2, 3]
    assert satisfaction_of(odd, 1, "Ann").best_satisfaction == 0.75  # the best movie left for her is her second


def test_guests_without_ratings_are_new_users() -> None:
    engine = engine_of(Linear(orders(ann=[0, 1])), rating_counts=np.arange(N) + 1, questions=[7, 3])
    night = plan_night(engine, [ann(), Guest("Cyd", Histories.of([[]])), Guest("Dee", Histories.of([[GAP]]))], k=N)
    assert night.unknown_guests == ("Cyd", "Dee")
    assert [satisfaction_of(night, row, "Cyd").own_rank for row in (7, 3)] == [1, 2]
    assert {guest.reasons for movie in night.movies for guest in movie.satisfactions if guest.guest == "Cyd"} == {
        (Reason("start"),)
    }


def test_reasons_are_those_of_the_own_list() -> None:
    weights = np.random.default_rng(0).uniform(size=(N, N))
    unrated = np.where(np.arange(N) % 3, 100, 0)
    engine = engine_of(Linear(weights), rating_counts=unrated, content_model=Linear(weights[::-1]))
    guests = [Guest("Ann", Histories.of([[1, 2, 4]])), Guest("Bob", Histories.of([[5, 7]]))]
    night = plan_night(engine, guests, k=N)
    for guest in guests:
        own = recommend(engine, Request(guest.history, k=N))
        reasons_by_row = dict(zip(own.rows.tolist(), [movie.reasons for movie in own.recommendations], strict=True))
        for movie in night.movies:
            satisfaction = satisfaction_of(night, movie.row, guest.name)
            assert list(satisfaction.reasons) == reasons_by_row[movie.row]
            assert satisfaction.own_rank == own.candidates.rank_of(movie.row)
    assert any(Reason("unrated") in guest.reasons for movie in night.movies for guest in movie.satisfactions)


def groups() -> st.SearchStrategy[tuple[Engine, list[Guest]]]:
    return st.builds(_group, st.integers(0, 2**20), st.integers(2, 8), st.booleans())


def _group(seed: int, n_guests: int, starred: bool) -> tuple[Engine, list[Guest]]:
    rng = np.random.default_rng(seed)
    rating_weights = Stars(rng.uniform(0, 1, (N, N))) if starred else None
    engine = engine_of(Linear(rng.normal(size=(N, N)).round(1)), rating_model=rating_weights)
    seen = [rng.choice(8, rng.integers(0, 3), replace=False).astype(np.int32) for _ in range(n_guests)]
    guests = [
        Guest(
            f"guest {number}",
            Histories.of([movies.tolist()], [rng.integers(1, 6, len(movies)).tolist()]),
            rewatch=movies[:1] if rng.integers(2) else rows(),
            not_interested=rows(8) if rng.integers(8) == 0 else rows(),
        )
        for number, movies in enumerate(seen)
    ]
    return engine, guests


@given(groups(), st.sampled_from(STRATEGIES))
def test_no_guest_is_shown_a_forbidden_movie(case: tuple[Engine, list[Guest]], strategy: Strategy) -> None:
    engine, guests = case
    night = plan_night(engine, guests, N, strategy)
    forbidden: set[int] = set()
    for guest in guests:
        forbidden |= set(guest.history.movies.tolist()) - set(guest.rewatch.tolist())
        forbidden |= set(guest.not_interested.tolist())
    assert sorted(shown(night)) == sorted(set(range(N)) - forbidden)
    assert night.n_candidates == len(night.movies)
    for number, guest in enumerate(guests):
        of_guest = [movie.satisfactions[number] for movie in night.movies]
        assert {guest.guest for guest in of_guest} == {guest.name}
        assert sorted(guest.choice_rank for guest in of_guest) == list(range(1, len(night.movies) + 1))
        by_choice = sorted(of_guest, key=lambda guest: guest.choice_rank)
        assert [guest.satisfaction for guest in by_choice] == sorted(
            (guest.satisfaction for guest in of_guest), reverse=True
        )
        assert {guest.best_satisfaction for guest in of_guest} == {by_choice[0].satisfaction}
        assert all(0 < guest.satisfaction <= 1 and guest.cost >= 0 for guest in of_guest)


@given(groups(), st.sampled_from(STRATEGIES), st.randoms(use_true_random=False))
def test_order_of_guests_and_repetition_change_nothing(
    case: tuple[Engine, list[Guest]], strategy: Strategy, random: Random
) -> None:
    engine, guests = case
    night = plan_night(engine, guests, 4, strategy)
    assert plan_night(engine, guests, 4, strategy) == night
    order = list(range(len(guests)))
    random.shuffle(order)
    other = plan_night(engine, [guests[number] for number in order], 4, strategy)
    assert other.movies == tuple(
        replace(movie, satisfactions=tuple(movie.satisfactions[number] for number in order)) for movie in night.movies
    )


@given(groups(), st.sampled_from(STRATEGIES))
def test_another_guest_does_not_change_satisfactions(case: tuple[Engine, list[Guest]], strategy: Strategy) -> None:
    engine, guests = case
    more = plan_night(engine, [*guests[:7], Guest("late", Histories.of([[9]]))], N, strategy)
    fewer = plan_night(engine, [*guests[:7], Guest("new", Histories.of([[]]))], N, strategy)
    for row in set(shown(more)) & set(shown(fewer)):
        for guest in guests[:7]:
            assert (
                satisfaction_of(more, row, guest.name).satisfaction
                == satisfaction_of(fewer, row, guest.name).satisfaction
            )


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(st.integers(0, 2**20), st.integers(2, 8), st.integers(0, 4))
def test_the_first_of_all_lists_is_first(strategy: Strategy, seed: int, n_guests: int, favourite: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(N, N))
    weights[:, favourite] = 9
    guests = [Guest(str(number), Histories.of([[5 + number]])) for number in range(n_guests)]
    night = plan_night(engine_of(Linear(weights)), guests, 1, strategy)
    assert shown(night) == [favourite]
    assert all(
        guest.choice_rank == guest.own_rank == guest.satisfaction == 1 for guest in night.movies[0].satisfactions
    )


def guests_called(*names: str) -> list[Guest]:
    return [Guest(name, Histories.of([[1]])) for name in names]


@pytest.mark.parametrize(
    ("guests", "k", "problem"),
    [
        ([], 3, "A movie night with 0 guests is not possible. Invite 2 to 8."),
        (guests_called("A"), 3, "A movie night with 1 guests is not possible. Invite 2 to 8."),
        (guests_called(*"ABCDEFGHI"), 3, "A movie night with 9 guests is not possible. Invite 2 to 8."),
        (guests_called("A", "B", "A"), 3, "Two guests are called 'A'. Give each guest a different name."),
        (guests_called("A", "B"), 0, "k=0 movies cannot be proposed. Use 1 or more."),
        ([*guests_called("A"), Guest("B", Histories.of([[1], [2]]))], 3, "A request takes one history, not 2."),
    ],
)
def test_invalid_groups_are_refused(guests: list[Guest], k: int, problem: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        plan_night(engine_of(Linear(np.eye(N))), guests, k)
    assert str(refusal.value).startswith(problem)
    assert "\n" not in str(refusal.value)


def test_a_night_without_candidates_is_refused() -> None:
    engine = engine_of(Linear(np.eye(N)))
    with pytest.raises(NotFoundError, match="No movie passes the filters and may be shown to all of Ann, Bob"):
        plan_night(engine, [ann(), bob(0)], filters=Filters(years=(None, 1970)))
    assert len(plan_night(engine, [ann(), bob()], k=3, filters=Filters(years=(None, 1971))).movies) == 2
    with pytest.raises(NotFoundError, match="No movie has genres 'Noir'"):
        plan_night(engine, [ann(), bob()], filters=Filters(genres=("Noir",)))
