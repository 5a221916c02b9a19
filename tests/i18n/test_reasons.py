import json
import re
from typing import get_args

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.i18n import LANGUAGES, Language
from matinee.i18n.reasons import (
    explanation_to_json,
    join_names,
    reason_text,
    recommendation_to_json,
    without_text,
)
from matinee.pipeline.explain.explanation import Detractor, Explanation, Supporter
from matinee.pipeline.explain.reasons import Reason, ReasonKind
from matinee.pipeline.recommend import Recommendation

MOVIES = pl.DataFrame({"title": ["Heat", "Ran", "Up {names} {0}", "2012"]})

SENTENCES = [
    (
        Reason("liked", (0,), (4.5,)),
        "because you liked Heat (4.5 stars)",
        "因为你喜欢《Heat》（4.5星）",
    ),
    (
        Reason("liked", (0, 1), (1.0, 5.0)),
        "because you liked Heat (1 star) and Ran (5 stars)",
        "因为你喜欢《Heat》（1星）、《Ran》（5星）",
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
        "Crime, Drama and War, genres you often like",
        "Crime、Drama、War，你常喜欢的类型",
    ),
    (
        Reason("unrated"),
        "hardly anyone has rated it here, so it is ranked by its content",
        "评分的人还很少，按内容推荐",
    ),
    (
        Reason("start"),
        "a good place to start: we do not know your taste yet",
        "适合从这里开始：还不了解你的口味",
    ),
    (
        Reason("together"),
        "because of all you liked together, not of one movie",
        "不是因为某一部，而是你喜欢的影片合在一起",
    ),
]


@pytest.mark.parametrize(("reason", "english", "chinese"), SENTENCES, ids=lambda value: getattr(value, "kind", ""))
def test_each_reason_has_a_sentence_in_both_languages(reason: Reason, english: str, chinese: str) -> None:
    assert reason_text(reason, MOVIES) == english
    assert reason_text(reason, MOVIES, "en") == english
    assert reason_text(reason, MOVIES, "zh") == chinese


@pytest.mark.parametrize(("reason", "english", "chinese"), SENTENCES, ids=lambda value: getattr(value, "kind", ""))
def test_each_reason_can_name_the_user(reason: Reason, english: str, chinese: str) -> None:
    about_bob = english.replace("your", "Bob’s").replace("you often like", "Bob often likes").replace("you ", "Bob ")
    assert reason_text(reason, MOVIES, "en", "Bob") == about_bob
    assert reason_text(reason, MOVIES, "zh", "Bob") == chinese.replace("你", "Bob")


def test_every_kind_of_reason_is_tested() -> None:
    assert {reason.kind for reason, _, _ in SENTENCES} == set(get_args(ReasonKind))


names = st.lists(st.text(st.sampled_from("ABC {}%"), min_size=1, max_size=5), min_size=1, max_size=3).map(tuple)
some_rows = st.lists(st.integers(0, 3), min_size=1, max_size=2).map(tuple)


@given(st.sampled_from(get_args(ReasonKind)), some_rows, names, st.booleans(), st.sampled_from(get_args(Language)))
def test_titles_and_names_are_inserted_unchanged(
    kind: ReasonKind, rows: tuple[int, ...], credit_names: tuple[str, ...], rated: bool, language: Language
) -> None:
    ratings = tuple(3.5 for _ in rows) if rated else ()
    sentence = reason_text(Reason(kind, rows, ratings, credit_names), MOVIES, language)
    rest = sentence
    if kind in ("liked", "watched", "director", "cast"):
        assert all(MOVIES["title"][row] in sentence for row in rows)
        for row in rows:
            rest = rest.replace(MOVIES["title"][row], "")
    if kind in ("director", "cast", "genres"):
        joined = join_names(credit_names, language)
        assert joined in sentence
        rest = rest.replace(joined, "")
    assert not set("{}") & set(rest)
    if language == "zh":
        assert not re.search(r"[A-Za-z]", rest), rest


@pytest.mark.parametrize(
    ("listed", "english", "chinese"),
    [([], "", ""), (["A"], "A", "A"), (["A", "B"], "A and B", "A、B"), (["A", "B", "C"], "A, B and C", "A、B、C")],
)
def test_names_are_joined_as_the_language_does(listed: list[str], english: str, chinese: str) -> None:
    assert join_names(listed, "en") == english
    assert join_names(listed, "zh") == chinese


def test_a_title_may_be_a_number() -> None:
    assert reason_text(Reason("watched", (3,)), MOVIES) == "because you watched 2012"


def explanation(rank: int | None, rating: float | None, rank_without: int | None, title: str = "Heat") -> Explanation:
    supporters = [Supporter(1, title, rating, 0.9, rank_without), Supporter(2, "Ran", 5.0, 0.1, 99)]
    return Explanation(7, "Alien", 1979, rank, 100, None, supporters, [], [])


@pytest.mark.parametrize(
    ("rank", "rating", "rank_without", "english", "chinese"),
    [
        (
            3,
            4.5,
            10,
            "without your 4.5 for Heat it would fall from 3 to 10",
            "如果你没有给《Heat》打4.5星，它会从第3位降到第10位",
        ),
        (
            3,
            4.0,
            2,
            "without your 4 for Heat it would rise from 3 to 2",
            "如果你没有给《Heat》打4星，它会从第3位升到第2位",
        ),
        (3, None, 3, "without Heat it would still be number 3", "如果你没看过《Heat》，它仍会排在第3位"),
        (
            5,
            1.0,
            None,
            "without your 1 for Heat it would still be number 5",
            "如果你没有给《Heat》打1星，它仍会排在第5位",
        ),
        (None, 4.0, None, "", ""),
    ],
)
def test_the_rank_without_the_strongest_supporter_is_a_sentence(
    rank: int | None, rating: float | None, rank_without: int | None, english: str, chinese: str
) -> None:
    assert without_text(explanation(rank, rating, rank_without)) == english
    assert without_text(explanation(rank, rating, rank_without), "zh") == chinese


def test_without_supporters_there_is_no_counterfactual() -> None:
    assert without_text(Explanation(7, "Alien", 1979, 3, 100, None, [], [], [])) == ""


def test_braces_in_a_title_stay() -> None:
    assert without_text(explanation(1, None, 2, "Up {rank}")) == "without Up {rank} it would fall from 1 to 2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recommendation_is_json_with_sentences(language: Language) -> None:
    reasons = [Reason("liked", (0,), (4.5,)), Reason("unrated")]
    recommendation = Recommendation(7, "Alien", None, 1.5, 4.2, reasons, {"ranking": 1})
    content = recommendation_to_json(recommendation, MOVIES, language)
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content == {
        "movie_id": 7,
        "title": "Alien",
        "year": None,
        "score": 1.5,
        "predicted_rating": 4.2,
        "reasons": [reason_text(reason, MOVIES, language) for reason in reasons],
        "sources": {"ranking": 1},
    }


def test_an_explanation_is_json_with_sentences() -> None:
    explained = Explanation(
        7,
        "Alien",
        1979,
        3,
        100,
        None,
        [Supporter(1, "Heat", 4.5, 0.9, None)],
        [Detractor(2, "Ran", 0.5, 1.65)],
        [Reason("watched", (0,))],
    )
    content = explanation_to_json(explained, MOVIES)
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content == {
        "movie_id": 7,
        "title": "Alien",
        "year": 1979,
        "rank": 3,
        "n_candidates": 100,
        "predicted_rating": None,
        "supporters": [{"movie_id": 1, "title": "Heat", "rating": 4.5, "share": 0.9, "rank_without": None}],
        "detractors": [{"movie_id": 2, "title": "Ran", "rating": 0.5, "factor": 1.65}],
        "reasons": ["because you watched Heat"],
    }
    assert explanation_to_json(explained, MOVIES, "zh")["reasons"] == ["因为你看过《Heat》"]
