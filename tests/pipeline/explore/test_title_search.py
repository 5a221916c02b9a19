import time

import numpy as np
import polars as pl
import pytest

from matinee.models.registry import make
from matinee.pipeline.explore.title_search import TitleSearch
from tests.datasets import checkerboard
from tests.engines import engine_of, with_titles

MOVIES = [
    ("Heat", 1995),
    ("The Heat", 2013),
    ("In the Heat of the Night", 1967),
    ("Amélie (Fabuleux destin d'Amélie Poulain, Le)", 2001),
    ("The Shawshank Redemption", 1994),
    ("2001: A Space Odyssey", 1968),
    ("Alien", 1979),
    ("Aliens", 1986),
    ("Alien", 1979),
    ("WALL·E", 2008),
    ("七人の侍", 1954),
    ("M", 1931),
    ("Star Wars", 1977),
]
DIRECTORS = {
    0: ["Michael Mann"],
    2: ["Norman Jewison"],
    5: ["Stanley Kubrick"],
    6: ["Ridley Scott"],
    11: ["Fritz Lang"],
}
CAST = {0: ["Al Pacino", "Robert De Niro"], 6: ["Sigourney Weaver"], 7: ["Sigourney Weaver", "Lance Henriksen"]}


@pytest.fixture(scope="module")
def search() -> TitleSearch:
    data = checkerboard(n_movies=len(MOVIES))
    movies = with_titles(data.movies, dict(enumerate(MOVIES)))
    credits_by_column = {
        name: pl.Series([by_row.get(row) for row in range(len(MOVIES))], dtype=pl.List(pl.String))
        for name, by_row in (("director", DIRECTORS), ("cast", CAST))
    }
    movies = movies.with_columns(**credits_by_column)
    rated = [100, 50, 70, 10, 10, 10, 5, 90, 20, 10, 10, 10, 10]
    return TitleSearch(engine_of(make("popularity").fit(data), movies, rating_counts=rated))


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("heat", [0, 1, 2]),  # whole titles by number of ratings, then titles that contain it
        ("the heat", [0, 1, 2]),
        ("hea", [0, 1, 2]),
        ("heat ni", [2, 0]),  # the second for De Niro
        ("heat 2013", [1]),
        ("Heat (1995)", [0]),
        ("amelie", [3]),
        ("poulain fab", [3]),
        ("shaw", [4]),
        ("REDEMPTION shawshank", [4]),
        ("2001", [5, 3]),  # a title before a year
        ("alien", [8, 7]),  # a movie listed twice comes once, under its most rated listing
        ("wall e", [9]),
        ("七人", [10]),
        ("m", [11, 0]),  # a title before a name
        ("michael m", [0]),
        ("mann", [0]),
        ("de niro", [0]),
        ("sigourney weaver", [7, 6]),
        ("aliens henriksen", [7]),  # a title and a name
        ("lang", [11]),
    ],
)
def test_queries_by_hand(search: TitleSearch, typed: str, rows: list[int]) -> None:
    assert search.find(typed) == rows


@pytest.mark.parametrize(
    ("typed", "row"),
    [("shawshenk", 4), ("redemtpion", 4), ("oddyssey", 5), ("alein", 8), ("starwars", 12), ("pachino", 0)],
)
def test_typing_mistakes_are_corrected(search: TitleSearch, typed: str, row: int) -> None:
    assert search.find(typed)[0] == row


@pytest.mark.parametrize("typed", ["", " ", "()", "(1888)", "qqqqq", "!!!", "x" * 5000, "\x00"])
def test_a_query_without_letters_finds_nothing(search: TitleSearch, typed: str) -> None:
    assert search.find(typed) == []


def test_matches_say_whether_they_are_as_typed(search: TitleSearch) -> None:
    assert search.search("alien").as_typed
    assert not search.search("alein").as_typed
    assert search.search("").as_typed


def test_at_most_k_movies_are_found(search: TitleSearch) -> None:
    assert search.find("heat", 1) == [0]


def test_four_thousand_titles_take_less_than_five_milliseconds() -> None:
    rng = np.random.default_rng(0)
    syllables = np.array(["ba", "ro", "min", "tel", "so", "ka", "lun", "ver", "di", "as", "th", "or"])
    words = ["".join(rng.choice(syllables, rng.integers(1, 4))) for _ in range(3000)]
    titles = [" ".join(rng.choice(words, rng.integers(1, 5))).title() for _ in range(4000)]
    data = checkerboard(n_movies=4000, n_users=2)
    engine = engine_of(make("popularity").fit(data), data.movies.with_columns(pl.Series("title", titles)))
    search = TitleSearch(engine)
    seconds: list[float] = []
    for title in titles[:60]:
        for end in range(1, min(len(title), 12)):
            start = time.perf_counter()
            search.find(title[:end])
            seconds.append(time.perf_counter() - start)
    assert np.median(seconds) < 0.005
