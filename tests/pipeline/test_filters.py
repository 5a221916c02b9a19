from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import NotFoundError
from matinee.pipeline.filters import Filters

MOVIES = pl.DataFrame(
    {
        "title": ["old", "new", "undated", "bare", "long"],
        "year": pl.Series([1950, 2000, None, 1980, 1980], dtype=pl.Int32),
        "genres": pl.Series([["Drama"], ["Comedy", "Drama"], ["Sci-Fi"], None, ["Comedy"]], dtype=pl.List(pl.String)),
        "language": ["fr", "en", "en", None, "EN"],
        "runtime": pl.Series([90, 120, 121, None, 300], dtype=pl.Int32),
    }
)

EACH = [
    (Filters(), "old new undated bare long"),
    (Filters(years=(1980, None)), "new bare long"),
    (Filters(years=(None, 1980)), "old bare long"),
    (Filters(years=(1951, 1999)), "bare long"),
    (Filters(years=(1950, 1950)), "old"),
    (Filters(years=(2000, 1950)), ""),
    (Filters(genres=("Drama",)), "old new"),
    (Filters(genres=("sci-fi",)), "undated"),
    (Filters(genres=("SCI-FI", "comedy")), "new undated long"),
    (Filters(without_genres=("Drama",)), "undated long"),
    (Filters(without_genres=("drama", "Comedy")), "undated"),
    (Filters(genres=("Comedy",), without_genres=("Drama",)), "long"),
    (Filters(languages=("fr",)), "old"),
    (Filters(languages=("en",)), "new undated long"),  # in upper or lower case
    (Filters(languages=("fr", "EN")), "old new undated long"),
    (Filters(max_runtime=120), "old new"),
    (Filters(max_runtime=89), ""),
    (Filters(without=(0, 3)), "new undated long"),
    (Filters(years=(1980, None), max_runtime=200, genres=("drama",)), "new"),
]


@pytest.mark.parametrize(("filters", "titles"), EACH, ids=lambda value: value if isinstance(value, str) else "")
def test_each_filter_by_hand(filters: Filters, titles: str) -> None:
    allowed = filters.allowed(MOVIES)
    assert MOVIES.filter(pl.Series(allowed))["title"].to_list() == titles.split()


UNKNOWN = pl.DataFrame(
    {
        "year": pl.Series([None, 1990], dtype=pl.Int32),
        "genres": pl.Series([[], ["Drama"]], dtype=pl.List(pl.String)),
        "language": [None, "en"],
        "runtime": pl.Series([None, 90], dtype=pl.Int32),
    }
)


COLUMN_OF = {"years": "year", "genres": "genres", "languages": "language", "max_runtime": "runtime"}


@pytest.mark.parametrize(
    "conditions",
    [
        {"years": (1900, None)},
        {"years": (None, 2100)},
        {"genres": ("Drama",)},
        {"languages": ("en",)},
        {"max_runtime": 1000},
    ],
    ids=str,
)
def test_unknown_values_do_not_pass_a_filter_on_them(conditions: dict[str, object]) -> None:
    assert Filters(**conditions).allowed(UNKNOWN).tolist() == [False, True]
    column = COLUMN_OF[next(iter(conditions))]
    bare = UNKNOWN[:1].with_columns(UNKNOWN[1:][column])  # only this column is known
    assert Filters(**conditions).allowed(bare).tolist() == [True]


def test_movies_without_genres_do_not_pass_an_excluded_genre() -> None:
    movies = pl.DataFrame({"genres": pl.Series([["Horror"], ["Drama"], [], None], dtype=pl.List(pl.String))})
    assert Filters(without_genres=("Horror",)).allowed(movies).tolist() == [False, True, False, False]


def test_genres_ignore_case() -> None:
    movies = pl.DataFrame({"genres": [["Drama"], ["drama"], ["DRAMA", "War"], ["War"]]})
    assert Filters(genres=("drama",)).allowed(movies).tolist() == [True, True, True, False]
    assert Filters(without_genres=("Drama",)).allowed(movies).tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("filters", "fragments"),
    [
        (Filters(genres=("Drama", "Westren")), ["genres 'Westren'", "Comedy, Drama, Sci-Fi"]),
        (Filters(without_genres=("",)), ["genres ''", "Comedy, Drama, Sci-Fi"]),
        (Filters(languages=("de",)), ["language 'de'", "EN", "fr"]),
    ],
)
def test_an_unknown_name_is_refused_with_the_choices(filters: Filters, fragments: list[str]) -> None:
    with pytest.raises(NotFoundError) as refusal:
        filters.allowed(MOVIES)
    assert all(fragment in str(refusal.value) for fragment in fragments)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("filters", "column"), [(Filters(languages=("en",)), "language"), (Filters(max_runtime=90), "runtime")]
)
def test_a_filter_on_a_missing_column_is_refused(filters: Filters, column: str) -> None:
    with pytest.raises(NotFoundError, match=f"no column '{column}'.*genres, title, year.$"):
        filters.allowed(MOVIES.drop("language", "runtime"))
    Filters(years=(1980, None)).allowed(MOVIES.drop("language", "runtime"))


@pytest.mark.parametrize(
    "column", [pl.Series([None, None], dtype=pl.String), pl.Series([None, None])], ids=["text", "nothing"]
)
def test_a_filter_on_an_empty_column_is_refused(column: pl.Series) -> None:
    with pytest.raises(NotFoundError, match=r"No movie has language 'en'. No values are known.$"):
        Filters(languages=("en",)).allowed(pl.DataFrame({"language": column}))


def test_languages_may_be_lists() -> None:
    movies = pl.DataFrame({"language": [["en", "fr"], ["de"], []]})
    assert Filters(languages=("FR",)).allowed(movies).tolist() == [True, False, False]


def passes(filters: Filters, row: int, movie: dict[str, Any]) -> bool:
    """The same in plain Python."""
    first, last = filters.years
    genres = {name.lower() for name in movie["genres"] or []}
    return (
        (first is None or (movie["year"] is not None and movie["year"] >= first))
        and (last is None or (movie["year"] is not None and movie["year"] <= last))
        and (not filters.genres or bool(genres & {name.lower() for name in filters.genres}))
        and (
            not filters.without_genres
            or (bool(genres) and not genres & {name.lower() for name in filters.without_genres})
        )
        and (
            not filters.languages or (movie["language"] or "?").lower() in {name.lower() for name in filters.languages}
        )
        and (filters.max_runtime is None or (movie["runtime"] is not None and movie["runtime"] <= filters.max_runtime))
        and row not in filters.without
    )


years = st.none() | st.sampled_from([1949, 1950, 1980, 1990, 2000, 2001])
genres = st.lists(st.sampled_from(["drama", "Comedy", "SCI-FI"]), max_size=2).map(tuple)
languages = st.lists(st.sampled_from(["en", "FR"]), max_size=2).map(tuple)
longest = st.none() | st.integers(85, 310)
without = st.lists(st.integers(0, 4), max_size=2).map(tuple)


@given(st.builds(Filters, st.tuples(years, years), genres, genres, languages, longest, without))
def test_combined_filters_match_plain_python(filters: Filters) -> None:
    expected = [passes(filters, row, movie) for row, movie in enumerate(MOVIES.iter_rows(named=True))]
    assert filters.allowed(MOVIES).tolist() == expected
