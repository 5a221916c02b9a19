import contextlib
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import NotFoundError
from matinee.pipeline.title_lookup import TitleLookup

Movie = tuple[str, int | None]
MOVIES: list[Movie] = [
    ("Heat", 1995),
    ("The Usual Suspects", 1995),
    ("Amélie", 2001),
    ("Seven (a.k.a. Se7en)", 1995),
    ("Hamlet", 1948),
    ("Hamlet", 1996),
    ("The Shawshank Redemption", 1994),
    ("2001: A Space Odyssey", 1968),
    ("Shrek", None),
    ("Toy Story", 1995),
    ("Toy Story 2", 1999),
]


def lookup_of(movies: Sequence[Movie]) -> TitleLookup:
    titles, years = zip(*movies, strict=True)
    return TitleLookup(pl.DataFrame({"title": titles, "year": pl.Series(years, dtype=pl.Int32)}))


@pytest.fixture(scope="module")
def lookup() -> TitleLookup:
    return lookup_of(MOVIES)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("heat", 0),
        (" HEAT ", 0),
        ("Heat (1995)", 0),
        ("usual suspects", 1),
        ("Usual Suspects, The (1995)", 1),
        ("amelie", 2),
        ("se7en", 3),
        ("Seven (1995)", 3),
        ("Hamlet (1996)", 5),
        ("hamlet (1948)", 4),
        ("Shawshenk Redemption", 6),
        ("2001 a space odyssey", 7),
        ("shrek", 8),
        ("Shrek (2001)", 8),
        ("toy story", 9),
        ("Toy Story 2", 10),
    ],
)
def test_titles_are_found_as_typed(lookup: TitleLookup, text: str, row: int) -> None:
    assert lookup.find(text) == row


def test_an_ambiguous_title_is_refused_with_the_choices(lookup: TitleLookup) -> None:
    with pytest.raises(NotFoundError, match="'hamlet' matches 2 movies") as refusal:
        lookup.find("hamlet")
    assert str(refusal.value).endswith("Hamlet (1948); Hamlet (1996).")


@pytest.mark.parametrize("text", ["Shark", "Casablanca", "(1995)", "", "???", "heat heat heat", "xyz (2020)"])
def test_an_unknown_title_is_refused_with_the_nearest(lookup: TitleLookup, text: str) -> None:
    with pytest.raises(NotFoundError, match="The nearest titles are ") as refusal:
        lookup.find(text)
    assert "\n" not in str(refusal.value)
    assert f"'{text}'" in str(refusal.value)


def test_labels_have_the_year_if_known(lookup: TitleLookup) -> None:
    assert lookup.label(0) == "Heat (1995)"
    assert lookup.label(8) == "Shrek"


words = st.sampled_from(["red", "blue", "green", "old", "new", "sea", "sun", "king", "city", "night"])
titles = st.lists(words, min_size=2, max_size=4).map(lambda words_of_title: " ".join(words_of_title).title())


@given(st.lists(st.tuples(titles, st.integers(1950, 1953)), min_size=1, max_size=8, unique=True))
def test_every_label_finds_its_own_movie(movies: list[Movie]) -> None:
    lookup = lookup_of(movies)
    assert [lookup.find(lookup.label(row)) for row in range(len(movies))] == list(range(len(movies)))


@given(st.text(max_size=20))
def test_any_text_finds_a_movie_or_is_refused(text: str) -> None:
    with contextlib.suppress(NotFoundError):
        assert 0 <= lookup_of(MOVIES).find(text) < len(MOVIES)


@pytest.mark.parametrize(
    "movies",
    [
        [("The Man", 2000), ("A Man", 2000)],
        [("Heat", 1995), ("Fire (Heat)", 1995)],
        [("Hamlet", None), ("Hamlet", 1996)],
    ],
)
def test_similar_labels_find_their_own_movies(movies: list[Movie]) -> None:
    lookup = lookup_of(movies)
    assert [lookup.find(lookup.label(row)) for row in range(len(movies))] == list(range(len(movies)))


def test_a_movie_listed_twice_can_be_found() -> None:
    assert lookup_of([("Heat", 1995), ("Chasing Amy", 1997), ("Chasing Amy", 1997)]).find("Chasing Amy (1997)") in (
        1,
        2,
    )


def test_a_wrong_year_is_refused(lookup: TitleLookup) -> None:
    with pytest.raises(NotFoundError):
        lookup.find("Heat (1986)")  # a year may be off by one between catalogues, hardly by nine
