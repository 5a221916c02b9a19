import re
from typing import get_args

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.pipeline.explain.reasons import Kind, Reason
from matinee.pipeline.words import Language, joined, say, say_without

MOVIES = pl.DataFrame({"title": ["Heat", "Ran", "Up {names} {0}", "2012"]})

SAID = [
    (
        Reason("liked", (0,), (4.5,)),
        "because you liked Heat (4.5 stars)",
        "因为你喜欢《Heat》（4.5星）",
    ),
    (
        Reason("liked", (0, 1), (4.0, 5.0)),
        "because you liked Heat (4 stars) and Ran (5 stars)",
        "因为你喜欢《Heat》（4星）、《Ran》（5星）",
    ),
    (Reason("watched", (1, 0)), "because you watched Ran and Heat", "因为你看过《Ran》、《Heat》"),
    (
        Reason("director", (1,), names=("Akira Kurosawa",)),
        "directed by Akira Kurosawa, like Ran",
        "与《Ran》同为Akira Kurosawa导演",
    ),
    (
        Reason("cast", (0,), names=("Al Pacino", "Robert De Niro")),
        "with Al Pacino and Robert De Niro, like Heat",
        "与《Heat》一样，有Al Pacino、Robert De Niro出演",
    ),
    (
        Reason("genres", names=("Crime", "Drama", "War")),
        "Crime, Drama and War, as much of what you like",
        "Crime、Drama、War，你常喜欢的类型",
    ),
    (
        Reason("unrated"),
        "hardly anybody has rated it here: placed by what it is about",
        "评分的人还很少，按内容推荐",
    ),
    (
        Reason("start"),
        "a good place to start: nothing is known of your taste yet",
        "适合从这里开始：还不了解你的口味",
    ),
    (
        Reason("together"),
        "no movie you liked carries it by itself",
        "不是因为某一部，而是你喜欢的影片合在一起",
    ),
]


@pytest.mark.parametrize(("reason", "english", "chinese"), SAID, ids=lambda value: getattr(value, "kind", ""))
def test_each_reason_is_said_in_both_languages(reason: Reason, english: str, chinese: str) -> None:
    assert say(reason, MOVIES) == english
    assert say(reason, MOVIES, "en") == english
    assert say(reason, MOVIES, "zh") == chinese


@pytest.mark.parametrize(("reason", "english", "chinese"), SAID, ids=lambda value: getattr(value, "kind", ""))
def test_each_reason_can_be_told_of_somebody(reason: Reason, english: str, chinese: str) -> None:
    of_bob = english.replace("your", "Bob’s").replace("you like", "Bob like").replace("you watched", "Bob watched")
    assert say(reason, MOVIES, "en", "Bob") == of_bob.replace("what Bob like", "what Bob likes")
    assert say(reason, MOVIES, "zh", "Bob") == chinese.replace("你", "Bob")


def test_no_kind_of_reason_is_forgotten() -> None:
    assert {reason.kind for reason, _, _ in SAID} == set(get_args(Kind))


names = st.lists(st.text(st.sampled_from("ABC {}%"), min_size=1, max_size=5), min_size=1, max_size=3).map(tuple)
some = st.lists(st.integers(0, 3), min_size=1, max_size=2).map(tuple)


@given(st.sampled_from(get_args(Kind)), some, names, st.booleans(), st.sampled_from(get_args(Language)))
def test_titles_and_names_stand_as_they_are_and_nothing_is_left_unfilled(
    kind: Kind, movies: tuple[int, ...], people: tuple[str, ...], starred: bool, language: Language
) -> None:
    stars = tuple(3.5 for _ in movies) if starred else ()
    said = say(Reason(kind, movies, stars, people), MOVIES, language)
    told = said
    if kind in ("liked", "watched", "director", "cast"):
        assert all(MOVIES["title"][row] in said for row in movies)
        for row in movies:
            told = told.replace(MOVIES["title"][row], "")
    if kind in ("director", "cast", "genres"):
        listed = joined(people, language)
        assert listed in said
        told = told.replace(listed, "")
    assert not set("{}") & set(told)
    if language == "zh":
        assert not re.search(r"[A-Za-z]", told), told


@pytest.mark.parametrize(
    ("listed", "english", "chinese"),
    [([], "", ""), (["A"], "A", "A"), (["A", "B"], "A and B", "A、B"), (["A", "B", "C"], "A, B and C", "A、B、C")],
)
def test_names_are_joined_as_the_language_does(listed: list[str], english: str, chinese: str) -> None:
    assert joined(listed, "en") == english
    assert joined(listed, "zh") == chinese


def test_a_number_for_a_title_is_a_title() -> None:
    assert say(Reason("watched", (3,)), MOVIES) == "because you watched 2012"


@pytest.mark.parametrize(
    ("stars", "place", "other", "english", "chinese"),
    [
        (
            4.5,
            3,
            10,
            "without your 4.5 for Heat it would fall from 3 to 10",
            "如果你没有给《Heat》打4.5星，它会从第3位降到第10位",
        ),
        (
            4.0,
            3,
            2,
            "without your 4 for Heat it would rise from 3 to 2",
            "如果你没有给《Heat》打4星，它会从第3位升到第2位",
        ),
        (None, 3, 3, "without Heat it would still be number 3", "如果你没看过《Heat》，它仍会排在第3位"),
        (
            5.0,
            1,
            None,
            "without your 5 for Heat it would still be number 1",
            "如果你没有给《Heat》打5星，它仍会排在第1位",
        ),
    ],
)
def test_what_would_be_without_a_film_is_said_in_both_languages(
    stars: float | None, place: int, other: int | None, english: str, chinese: str
) -> None:
    assert say_without("Heat", stars, place, other) == english
    assert say_without("Heat", stars, place, other, "zh") == chinese


def test_braces_in_a_title_stay() -> None:
    assert say_without("Up {place}", None, 1, 2) == "without Up {place} it would fall from 1 to 2"
