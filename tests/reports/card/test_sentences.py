from typing import Any

import pytest

from matinee.evaluation.report_card import sentences
from matinee.evaluation.report_card.language import Language
from matinee.evaluation.report_card.reading import Comparison, Measure, read_report
from matinee.evaluation.report_card.verdict import Verdict, verdict_of
from tests.evaluation.report_card.sample import measure, sample_report


def judged(report: dict[str, Any]) -> Verdict:
    verdict = verdict_of(read_report(report))
    assert verdict is not None
    return verdict


def plain(markup: Any) -> str:
    return markup.striptags()


def test_the_headline_counts_movies_or_people() -> None:
    verdict = judged(sample_report())
    assert plain(sentences.headline(verdict, True, "en")) == "blend finds the movie in 23 of 100 tries."
    assert plain(sentences.headline(verdict, False, "en")) == "blend finds a hidden movie for 23 of 100 people."
    assert plain(sentences.headline(verdict, True, "zh")) == "每藏起 100 部电影，blend 能找回 23 部。"


def test_the_headline_of_ratings_is_in_stars() -> None:
    metrics = {"rmse": measure(0.918), "mae": measure(0.726)}
    verdict = judged({"models": [{"name": "text_cnn", "metrics": metrics}]})
    assert (
        plain(sentences.headline(verdict, False, "en")) == "text_cnn guesses ratings to within 0.73 stars on average."
    )
    del metrics["mae"]
    verdict = judged({"models": [{"name": "text_cnn", "metrics": metrics}]})
    assert plain(sentences.headline(verdict, False, "en")) == "text_cnn leads with 0.918 in RMSE."


@pytest.mark.parametrize(
    ("hits", "said"),
    [
        (0.05, "That is 4.7 times as often"),
        (0.2, "That is 17% more often"),
        (0.2333, "That is about as often"),
        (0.3, "finds it more often"),
        (0.0, "never finds it"),
    ],
)
def test_popularity_is_compared_as_it_is(hits: float, said: str) -> None:
    report = sample_report()
    report["models"][1]["metrics"]["hr@10"] = {"value": hits}
    assert said in sentences.against_popularity(judged(report), "en")


@pytest.mark.parametrize(("name", "said"), [("popularity", "Nothing here beats"), ("random", "at random")])
def test_a_winning_baseline_is_called_one(name: str, said: str) -> None:
    report = sample_report()
    next(one for one in report["models"] if one["name"] == name)["metrics"]["ndcg@10"] = measure(0.9)
    assert said in sentences.against_popularity(judged(report), "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_tie_is_said_and_so_is_the_lead_over_the_rest(language: Language) -> None:
    said = plain(sentences.standing(judged(sample_report()), language))
    expected = {
        "en": "It shares first place with slist: by the paired test the difference is within chance. "
        "It is ahead of the other 3 by more than chance; "
        "the nearest is ease, NDCG@10 lower by 0.0189 (0.0146–0.0232).",
        "zh": "与 slist 并列第一：逐人比较，差距可能只是碰巧。领先其余 3 个模型，不是碰巧；"
        "其中最接近的是 ease，NDCG@10 差 0.0189（0.0146–0.0232）。",
    }
    assert said == expected[language]


def test_many_names_are_shortened_to_a_count() -> None:
    report = sample_report()
    report["models"] += [report["models"][0] | {"name": f"extra{i}"} for i in range(3)]
    report["comparisons"] = []
    assert "slist, ease, popularity and 4 more" in plain(sentences.standing(judged(report), "en"))


def test_a_comparison_tells_clear_from_chance() -> None:
    clear = Comparison("ndcg@10", "blend", "ease", Measure(0.0187, 0.0146, 0.0228), 0.0004)
    chance = Comparison("ndcg@10", "blend", "slist", Measure(0.0036, -0.0005, 0.0077), 0.31)
    bare = Comparison("ndcg@10", "blend", "slist", Measure(0.0036), None)
    assert plain(sentences.compared(clear, "blend", "ease", "en")) == (
        "blend is ahead of ease by 0.0187 (0.0146–0.0228, p < 0.001): more than chance."
    )
    assert plain(sentences.compared(chance, "blend", "slist", "en")) == (
        "blend and slist are 0.0036 apart (−0.0005 to 0.0077, p = 0.31): within chance: a tie."
    )
    assert (
        plain(sentences.compared(bare, "blend", "slist", "zh")) == "blend 与 slist 相差 0.0036：可能只是碰巧，算平手。"
    )


def test_names_in_sentences_are_escaped() -> None:
    test = Comparison("ndcg@10", "<b>", "a&b", Measure(0.1), 0.5)
    said = sentences.compared(test, test.better, test.worse, "en")
    assert "&lt;b&gt; and a&amp;b" in said
