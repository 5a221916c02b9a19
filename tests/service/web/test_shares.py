import polars as pl
import pytest

from matinee.pipeline.engine import Engine
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import history_of
from matinee.service.web.shares import CategoryShare, category_shares
from tests.service.conftest import DATA


@pytest.fixture
def catalogue(run: ServedRun) -> ServedRun:
    """Of 16 films 8 of 1950, 4 of 1972 and 4 without a year; two directors who made four each."""
    years = [1950] * 8 + [1972] * 4 + [None] * 4
    directors = [["Ida"]] * 4 + [["Ida", "Kay"]] * 2 + [["Kay"]] * 2 + [None] * 8
    genres = [["Drama", "War"]] * 8 + [["Drama"]] * 8
    movies = run.engine.movies.with_columns(
        pl.Series("year", years, dtype=pl.Int32), pl.Series("genres", genres), pl.Series("director", directors)
    )
    return ServedRun(
        run.paths, Engine(movies, run.engine.ranker, (1, 5)), None, "", run.run_settings, "made", None, None
    )


def shares(run: ServedRun, given: dict[int, float]) -> dict[str, list[CategoryShare]]:
    from datetime import UTC, datetime

    import numpy as np

    from matinee.service.state.user_feedback import UserFeedback
    from matinee.store.ratings import Rating

    nothing = np.zeros(0, dtype=np.int32)
    ratings = [Rating(str(100 + row), stars, datetime.now(UTC), "web", 1) for row, stars in given.items()]
    return category_shares(run, UserFeedback(history_of(run, ratings), (), nothing, nothing, 1, 0))


def test_a_film_of_two_genres_is_half_in_each(catalogue: ServedRun) -> None:
    war, drama = sorted(shares(catalogue, {0: 5, 8: 3})["genres"], key=lambda one: one.yours)
    assert (war.name, war.films, war.yours, war.catalogue, war.stars) == ("War", 0.5, 0.25, 0.25, 5)
    assert (drama.films, drama.yours, drama.catalogue) == (1.5, 0.75, 0.75)
    assert drama.stars == pytest.approx((0.5 * 5 + 3) / 1.5)


def test_decades_stand_in_order_and_films_without_a_year_in_none(catalogue: ServedRun) -> None:
    fifties, seventies = shares(catalogue, {0: 5, 1: 3, 9: 1, 12: 4})["decades"]
    assert (fifties.name, fifties.films, fifties.stars, fifties.catalogue) == ("1950", 2, 4, pytest.approx(8 / 12))
    assert (seventies.name, seventies.yours) == ("1970", pytest.approx(1 / 3))


def test_directors_are_named_from_the_second_film_on(catalogue: ServedRun) -> None:
    assert shares(catalogue, {0: 5, 6: 3})["directors"] == []
    (ida,) = shares(catalogue, {0: 5, 4: 4})["directors"]
    assert (ida.name, ida.films, ida.of, ida.stars, ida.yours) == ("Ida", 2, 6, 4.5, 1)
    assert [one.name for one in shares(catalogue, {0: 1, 1: 1, 6: 5, 7: 5})["directors"]] == ["Kay", "Ida"]


def test_who_rated_nothing_has_no_shares(catalogue: ServedRun) -> None:
    assert shares(catalogue, {}) == {"genres": [], "decades": [], "directors": []}
    assert len(DATA.movies) == 16
