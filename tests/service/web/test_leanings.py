from datetime import UTC, datetime

from matinee.pipeline.request import no_rows
from matinee.service.schemas.requests import ListQuery
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedback, history_of
from matinee.service.web.leanings import favourite_genre, last_liked_movie, popular_and_varied, rarely_rated
from matinee.store.ratings import Rating


def taste(run: ServedRun, *ratings: tuple[str, float]) -> UserFeedback:
    given = [Rating(movie, stars, datetime(2026, 1, 1, tzinfo=UTC), "web", 1) for movie, stars in ratings]
    return UserFeedback(history_of(run, given), (), no_rows(), no_rows(), 1, 0)


def test_the_film_liked_last_is_the_latest_of_four_stars_or_more(run: ServedRun) -> None:
    assert last_liked_movie(run, taste(run)) is None
    assert last_liked_movie(run, taste(run, ("100", 2))) is None
    assert last_liked_movie(run, taste(run, ("100", 5), ("103", 4.5), ("104", 1))) == 3


def test_the_favourite_genre_is_the_one_liked_more_than_it_is_common(run: ServedRun) -> None:
    assert favourite_genre(run, taste(run)) is None
    assert favourite_genre(run, taste(run, ("101", 1))) is None
    assert favourite_genre(run, taste(run, ("101", 5), ("103", 5), ("100", 5), ("104", 1))) == "Odd"


def test_films_for_nobody_are_of_all_kinds_and_pass_what_is_asked(run: ServedRun) -> None:
    rows = popular_and_varied(run, ListQuery(), 6)
    assert len(set(rows)) == 6
    assert {row % 2 for row in rows} == {0, 1}
    only = popular_and_varied(run, ListQuery(genre=("Odd",)), 6)
    assert all(row % 2 for row in only)


def test_films_are_rarely_rated_by_the_catalogues_own_measure(run: ServedRun) -> None:
    assert rarely_rated(run, 0.0) <= rarely_rated(run, 0.5) <= rarely_rated(run, 1.0)
    assert rarely_rated(run, 1.0) == run.engine.rated.max()
