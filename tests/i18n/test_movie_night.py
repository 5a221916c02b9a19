import json

import polars as pl
import pytest

from matinee.i18n import Language
from matinee.i18n.movie_night import (
    describe_movie,
    describe_satisfaction,
    describe_unknown_guests,
    night_to_json,
    ordinal,
)
from matinee.pipeline.explain.reasons import Reason
from matinee.pipeline.group.guests import GuestSatisfaction
from matinee.pipeline.group.movie_night import Night, NightMovie

MOVIES = pl.DataFrame({"title": ["Heat", "Ran"]})


def guest(name: str, satisfaction: float, choice_rank: int, best: float = 1.0, seen: bool = False) -> GuestSatisfaction:
    reasons = () if seen else (Reason("liked", (1,), (5.0,)), Reason("watched", (0,)))
    return GuestSatisfaction(name, satisfaction, choice_rank, best, choice_rank + 10, seen, 4.2, reasons)


def heat(*guests: GuestSatisfaction) -> NightMovie:
    return NightMovie(0, 100, "Heat", 1995, guests)


@pytest.mark.parametrize(
    ("guests", "english", "chinese"),
    [
        ([guest("Ann", 1, 1), guest("Bob", 0.3, 1, 0.3)], "everyone's first choice", "大家的首选"),
        (
            [guest("Ann", 0.9, 2), guest("Bob", 0.5, 41)],
            "high on everyone's list: Ann's 2nd choice and Bob's 41st",
            "在每个人的片单里都靠前：Ann的第2选择，Bob的第41选择",
        ),
        (
            [guest("Ann", 1, 1), guest("Bob", 0.49, 41)],
            "Bob gives way most: Ann's 1st choice and Bob's 41st",
            "Bob让步最多：Ann的首选，Bob的第41选择",
        ),
        (
            [guest("Ann", 0.6, 12), guest("Bob", 0.45, 3), guest("Cyd", 0.2, 2, 0.25)],
            "Bob gives way most: Ann's 12th choice, Bob's 3rd and Cyd's 2nd",
            "Bob让步最多：Ann的第12选择，Bob的第3选择，Cyd的第2选择",
        ),
        (
            [guest("Ann", 0.95, 2), guest("Cyd", 0.2, 2, 0.25)],
            "not Cyd's taste, but hardly anything tonight is: Ann's 2nd choice and Cyd's 2nd",
            "不太合Cyd的口味，不过今晚也没有更合适的：Ann的第2选择，Cyd的第2选择",
        ),
        (
            [
                guest("Ann", 0.9, 2),
                guest("Bob", 1, 1),
                guest("Cyd", 0.6, 8),
                guest("Dee", 0.4, 1021),
                guest("Eve", 0.8, 9),
            ],
            "Dee gives way most: from Bob's 1st choice to Dee's 1,021st",
            "Dee让步最多：最合Bob口味（首选），最不合Dee口味（第1021选择）",
        ),
    ],
)
def test_a_movie_is_described_in_both_languages(guests: list[GuestSatisfaction], english: str, chinese: str) -> None:
    assert describe_movie(heat(*guests)) == english
    assert describe_movie(heat(*guests), "zh") == chinese


def test_names_are_inserted_unchanged() -> None:
    sentence = describe_movie(heat(guest("{guest}", 1, 1), guest("{0}", 0.2, 2)))
    assert sentence == "{0} gives way most: {guest}'s 1st choice and {0}'s 2nd"


@pytest.mark.parametrize(
    ("names", "english", "chinese"),
    [
        ((), "", ""),
        (
            ("Cyd",),
            "we do not know the taste of Cyd yet, so we treat them as new users",
            "还不了解Cyd的口味，暂按新观众推荐",
        ),
        (
            ("Cyd", "Dee"),
            "we do not know the taste of Cyd and Dee yet, so we treat them as new users",
            "还不了解Cyd、Dee的口味，暂按新观众推荐",
        ),
    ],
)
def test_guests_without_ratings_are_named(names: tuple[str, ...], english: str, chinese: str) -> None:
    night = Night("fair", (), 5, names)
    assert describe_unknown_guests(night) == english
    assert describe_unknown_guests(night, "zh") == chinese


@pytest.mark.parametrize(
    ("language", "reasons", "seen"),
    [
        ("en", ["because Ann liked Ran (5 stars)", "because Ann watched Heat"], "seen before"),
        ("zh", ["因为Ann喜欢《Ran》（5星）", "因为Ann看过《Heat》"], "看过"),
    ],
)
def test_the_reasons_name_the_guest(language: Language, reasons: list[str], seen: str) -> None:
    assert describe_satisfaction(guest("Ann", 1, 1), MOVIES, language) == reasons
    (sentence,) = describe_satisfaction(guest("Ann", 1, 1, seen=True), MOVIES, language)
    assert sentence.startswith(seen)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd"), (1021, "1,021st")],
)
def test_ordinals(number: int, text: str) -> None:
    assert ordinal(number) == text


def test_a_night_is_json_with_sentences() -> None:
    night = Night("fair", (heat(guest("Ann", 0.123456, 2), guest("Bob", 1, 1, seen=True)),), 7, ("Bob",))
    content = night_to_json(night, MOVIES)
    assert json.loads(json.dumps(content)) == content
    assert (content["strategy"], content["candidates"], content["unknown_guests"]) == ("fair", 7, ["Bob"])
    (movie,) = content["movies"]
    assert movie["sentence"] == "Ann gives way most: Ann's 2nd choice and Bob's 1st"
    assert movie["guests"][0] == {
        "name": "Ann",
        "satisfaction": 0.1235,
        "first_choice_satisfaction": 1.0,
        "choice": 2,
        "own_rank": 12,
        "predicted_rating": 4.2,
        "seen": False,
        "reasons": ["because Ann liked Ran (5 stars)", "because Ann watched Heat"],
    }
    assert night_to_json(night, MOVIES, "zh")["movies"][0]["sentence"].startswith("Ann让步最多")
