import json
from random import Random
from typing import get_args

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.pipeline.explain.reasons import Reason
from matinee.pipeline.group.movie_night import GuestSatisfaction, Night, NightMovie
from matinee.pipeline.night_words import Kind, as_json, ordinal, say_movie, say_share, say_unknown, verdict
from matinee.pipeline.words import Language

MOVIES = pl.DataFrame({"title": ["Heat", "Ran"]})


def one(guest: str, delight: float, choice: int, best: float = 1.0, seen: bool = False) -> GuestSatisfaction:
    reasons = () if seen else (Reason("liked", (1,), (5.0,)), Reason("watched", (0,)))
    return GuestSatisfaction(guest, delight, choice, best, choice + 10, seen, 4.2, reasons)


def heat(*shares: GuestSatisfaction) -> NightMovie:
    return NightMovie(0, 100, "Heat", 1995, shares)


SAID: list[tuple[list[GuestSatisfaction], Kind, str, str, str]] = [
    ([one("Ann", 1, 1), one("Bob", 0.3, 1, 0.3)], "first", "", "everyone's first choice", "大家的首选"),
    (
        [one("Ann", 0.9, 2), one("Bob", 0.5, 41)],
        "high",
        "",
        "high on everyone's list: Ann's 2nd choice and Bob's 41st",
        "在每个人的片单里都靠前：Ann的第2选择，Bob的第41选择",
    ),
    (
        [one("Ann", 1, 1), one("Bob", 0.49, 41)],
        "costly",
        "Bob",
        "Bob gives way most: Ann's 1st choice and Bob's 41st",
        "Bob让步最多：Ann的首选，Bob的第41选择",
    ),
    (  # Cyd has less, but would have no more of anything else
        [one("Ann", 0.6, 12), one("Bob", 0.45, 3), one("Cyd", 0.2, 2, 0.25)],
        "costly",
        "Bob",
        "Bob gives way most: Ann's 12th choice, Bob's 3rd and Cyd's 2nd",
        "Bob让步最多：Ann的第12选择，Bob的第3选择，Cyd的第2选择",
    ),
    (
        [one("Ann", 0.95, 2), one("Cyd", 0.2, 2, 0.25)],
        "poor",
        "Cyd",
        "not Cyd's taste, but hardly anything tonight is: Ann's 2nd choice and Cyd's 2nd",
        "不太合Cyd的口味，不过今晚也没有更合适的：Ann的第2选择，Cyd的第2选择",
    ),
    (
        [one("Ann", 0.9, 2), one("Bob", 1, 1), one("Cyd", 0.6, 8), one("Dee", 0.4, 1021), one("Eve", 0.8, 9)],
        "costly",
        "Dee",
        "Dee gives way most: from Bob's 1st choice to Dee's 1,021st",
        "Dee让步最多：最合Bob口味（首选），最不合Dee口味（第1021选择）",
    ),
]


@pytest.mark.parametrize(("shares", "kind", "who", "english", "chinese"), SAID)
def test_sentences(shares: list[GuestSatisfaction], kind: Kind, who: str, english: str, chinese: str) -> None:
    found = verdict(shares)
    assert (found.kind, found.who) == (kind, who)
    assert say_movie(heat(*shares)) == english
    assert say_movie(heat(*shares), "zh") == chinese


def test_every_kind_is_tested() -> None:
    assert {kind for _, kind, _, _, _ in SAID} == set(get_args(Kind))


def test_names_are_said_as_they_are() -> None:
    said = say_movie(heat(one("{who}", 1, 1), one("{0}", 0.2, 2)))
    assert said == "{0} gives way most: {who}'s 1st choice and {0}'s 2nd"


@pytest.mark.parametrize(
    ("names", "english", "chinese"),
    [
        ((), "", ""),
        (
            ("Cyd",),
            "nothing is known yet of the taste of Cyd: served as anybody new is",
            "还不了解Cyd的口味，暂按新观众推荐",
        ),
        (
            ("Cyd", "Dee"),
            "nothing is known yet of the taste of Cyd and Dee: served as anybody new is",
            "还不了解Cyd、Dee的口味，暂按新观众推荐",
        ),
    ],
)
def test_of_whom_nothing_is_known(names: tuple[str, ...], english: str, chinese: str) -> None:
    night = Night("fair", (), 5, names)
    assert say_unknown(night) == english
    assert say_unknown(night, "zh") == chinese


@pytest.mark.parametrize(
    ("language", "why", "seen"),
    [
        ("en", ["because Ann liked Ran (5 stars)", "because Ann watched Heat"], "seen before"),
        ("zh", ["因为Ann喜欢《Ran》（5星）", "因为Ann看过《Heat》"], "看过"),
    ],
)
def test_why_a_movie_suits_one_guest(language: Language, why: list[str], seen: str) -> None:
    assert say_share(one("Ann", 1, 1), MOVIES, language) == why
    (again,) = say_share(one("Ann", 1, 1, seen=True), MOVIES, language)
    assert again.startswith(seen)


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd"), (1021, "1,021st")],
)
def test_ordinals(number: int, said: str) -> None:
    assert ordinal(number) == said


def test_as_json_is_all_of_it() -> None:
    night = Night("fair", (heat(one("Ann", 0.123456, 2), one("Bob", 1, 1, seen=True)),), 7, ("Bob",))
    told = as_json(night, MOVIES)
    assert json.loads(json.dumps(told)) == told
    assert (told["strategy"], told["candidates"], told["unknown"]) == ("fair", 7, ["Bob"])
    (movie,) = told["movies"]
    assert movie["sentence"] == "Ann gives way most: Ann's 2nd choice and Bob's 1st"
    assert movie["people"][0] == {
        "name": "Ann",
        "satisfaction": 0.1235,
        "first_choice_satisfaction": 1.0,
        "choice": 2,
        "own_rank": 12,
        "predicted_rating": 4.2,
        "seen": False,
        "reasons": ["because Ann liked Ran (5 stars)", "because Ann watched Heat"],
    }
    assert as_json(night, MOVIES, "zh")["movies"][0]["sentence"].startswith("Ann让步最多")


shares = st.builds(
    lambda delight, more, choice: (delight, min(1.0, delight + more), choice),
    st.floats(0.01, 1),
    st.floats(0, 1),
    st.integers(1, 4000),
)


@given(st.lists(shares, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_verdict_does_not_depend_on_the_order_of_guests(
    company: list[tuple[float, float, int]], random: Random
) -> None:
    guests = [one(str(number), delight, choice, best) for number, (delight, best, choice) in enumerate(company)]
    found = verdict(guests)
    random.shuffle(guests)
    assert verdict(guests).kind == found.kind
