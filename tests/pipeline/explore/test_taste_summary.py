import polars as pl
import pytest

from matinee.data.histories import Histories
from matinee.pipeline.engine import Engine
from matinee.pipeline.explore.taste_summary import (
    CategoryShare,
    category_shares,
    favourite_genre,
    last_liked_movie,
    popular_and_varied,
    rating_count_quantile,
)
from matinee.pipeline.filters import Filters
from tests.datasets import checkerboard
from tests.engines import engine_of
from tests.toy_models import Constant

N = 16


@pytest.fixture
def engine() -> Engine:
    """An engine of 16 movies, even rows with the genre Even, odd ones with Odd."""
    return engine_of(Constant(3.0, N), rating_counts=range(N, 0, -1))


@pytest.fixture
def catalogue() -> Engine:
    """Of 16 movies, 8 from 1950, 4 from 1972 and 4 without a year; two directors of four movies each and two joint."""
    years = [1950] * 8 + [1972] * 4 + [None] * 4
    directors = [["Ida"]] * 4 + [["Ida", "Kay"]] * 2 + [["Kay"]] * 2 + [None] * 8
    genres = [["Drama", "War"]] * 8 + [["Drama"]] * 8
    movies = checkerboard(n_movies=N).movies.with_columns(
        pl.Series("year", years, dtype=pl.Int32), pl.Series("genres", genres), pl.Series("director", directors)
    )
    return engine_of(Constant(3.0, N), movies)


def history(ratings: dict[int, float]) -> Histories:
    return Histories.of([list(ratings)], [list(ratings.values())])


def shares(engine: Engine, ratings: dict[int, float]) -> dict[str, list[CategoryShare]]:
    return category_shares(engine, history(ratings))


def test_the_last_liked_movie_has_four_stars_or_more(engine: Engine) -> None:
    assert last_liked_movie(engine, history({})) is None
    assert last_liked_movie(engine, history({0: 2})) is None
    assert last_liked_movie(engine, history({0: 5, 3: 4.5, 4: 1})) == 3


def test_the_favourite_genre_is_over_represented(engine: Engine) -> None:
    assert favourite_genre(engine, history({})) is None
    assert favourite_genre(engine, history({1: 1})) is None
    assert favourite_genre(engine, history({1: 5, 3: 5, 0: 5, 4: 1})) == "Odd"


def test_popular_movies_are_varied_and_filtered(engine: Engine) -> None:
    rows = popular_and_varied(engine, Filters(), 6)
    assert len(set(rows)) == 6
    assert {row % 2 for row in rows} == {0, 1}
    assert rows[0] == 0  # the most rated movie
    odd = popular_and_varied(engine, Filters(genres=("Odd",)), 6)
    assert all(row % 2 for row in odd)


def test_quantiles_are_of_the_rated_movies(engine: Engine) -> None:
    counts = [rating_count_quantile(engine, quantile) for quantile in (0.0, 0.5, 1.0)]
    assert counts == [1, 8, 16]
    rarely_rated = engine_of(Constant(3.0, 4), rating_counts=[0, 0, 2, 2])
    assert rating_count_quantile(rarely_rated, 0.0) == 2
    assert rating_count_quantile(engine_of(Constant(3.0, 4), rating_counts=0), 0.5) == 0


def test_a_movie_with_two_genres_is_half_in_each(catalogue: Engine) -> None:
    war, drama = sorted(shares(catalogue, {0: 5, 8: 3})["genres"], key=lambda share: share.user_share)
    assert (war.name, war.movies, war.user_share, war.catalogue_share, war.mean_rating) == ("War", 0.5, 0.25, 0.25, 5)
    assert (drama.movies, drama.user_share, drama.catalogue_share) == (1.5, 0.75, 0.75)
    assert drama.mean_rating == pytest.approx((0.5 * 5 + 3) / 1.5)


def test_decades_are_in_order_without_undated_movies(catalogue: Engine) -> None:
    fifties, seventies = shares(catalogue, {0: 5, 1: 3, 9: 1, 12: 4})["decades"]
    assert (fifties.name, fifties.movies, fifties.mean_rating) == ("1950", 2, 4)
    assert fifties.catalogue_share == pytest.approx(8 / 12)
    assert (seventies.name, seventies.user_share) == ("1970", pytest.approx(1 / 3))


def test_directors_need_two_rated_movies(catalogue: Engine) -> None:
    assert shares(catalogue, {0: 5, 6: 3})["directors"] == []
    (ida,) = shares(catalogue, {0: 5, 4: 4})["directors"]
    assert (ida.name, ida.movies, ida.catalogue_movies, ida.mean_rating, ida.user_share) == ("Ida", 2, 6, 4.5, 1)
    directors = shares(catalogue, {0: 1, 1: 1, 6: 5, 7: 5})["directors"]
    assert [director.name for director in directors] == ["Kay", "Ida"]


def test_without_ratings_there_are_no_shares(catalogue: Engine) -> None:
    assert shares(catalogue, {}) == {"genres": [], "decades": [], "directors": []}
