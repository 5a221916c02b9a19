from typing import Any

import pytest

from matinee.i18n import Language
from matinee.reports.card import sentences
from matinee.reports.card.verdict import Verdict, find_verdict
from matinee.reports.schema import Comparison, Figure, Report
from tests.reports.card.sample import measure, sample_report


def verdict_on(content: dict[str, Any]) -> Verdict:
    verdict = find_verdict(Report.from_json(content))
    assert verdict is not None
    return verdict


def plain(markup: Any) -> str:
    return markup.striptags()


def test_the_headline_counts_movies_or_users() -> None:
    verdict = verdict_on(sample_report())
    assert plain(sentences.headline(verdict, True, "en")) == "blend finds the movie in 23 of 100 tries."
    assert plain(sentences.headline(verdict, False, "en")) == "blend finds a hidden movie for 23 of 100 users."
    assert plain(sentences.headline(verdict, True, "zh")) == "每藏起 100 部电影，blend 能找回 23 部。"


def test_the_headline_of_ratings_is_in_stars() -> None:
    metrics = {"rmse": measure(0.918), "mae": measure(0.726)}
    content = sample_report() | {"models": [{"name": "text_cnn", "metrics": metrics, "fit_seconds": 1}]}
    verdict = verdict_on(content)
    assert (
        plain(sentences.headline(verdict, False, "en")) == "text_cnn predicts ratings to within 0.73 stars on average."
    )
    del metrics["mae"]
    verdict = verdict_on(content)
    assert plain(sentences.headline(verdict, False, "en")) == "text_cnn leads with 0.918 in RMSE."


@pytest.mark.parametrize(
    ("hits", "text"),
    [
        (0.05, "That is 4.7 times as often"),
        (0.2, "That is 17% more often"),
        (0.2333, "That is about as often"),
        (0.3, "include it more often"),
        (0.0, "never include it"),
    ],
)
def test_the_leader_is_compared_with_popularity(hits: float, text: str) -> None:
    report = sample_report()
    report["models"][1]["metrics"]["hr@10"] = measure(hits)
    assert text in sentences.against_popularity(verdict_on(report), "en")


@pytest.mark.parametrize(("name", "text"), [("popularity", "No model here beats"), ("random", "at random")])
def test_a_winning_baseline_is_named(name: str, text: str) -> None:
    report = sample_report()
    next(model for model in report["models"] if model["name"] == name)["metrics"]["ndcg@10"] = measure(0.9)
    assert text in sentences.against_popularity(verdict_on(report), "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_tie_and_the_lead_over_the_rest_are_described(language: Language) -> None:
    text = plain(sentences.lead_over_others(verdict_on(sample_report()), language))
    expected = {
        "en": "It shares first place with slist: by the paired test, the difference is within chance. "
        "It is ahead of the other 3 by more than chance; "
        "the nearest is ease, NDCG@10 lower by 0.0189 (0.0146–0.0232).",
        "zh": "与 slist 并列第一：逐个用户比较，差距可能只是碰巧。领先其余 3 个模型，不是碰巧；"
        "其中最接近的是 ease，NDCG@10 差 0.0189（0.0146–0.0232）。",
    }
    assert text == expected[language]


def test_many_names_are_shortened_to_a_count() -> None:
    report = sample_report()
    report["models"] += [report["models"][0] | {"name": f"extra{i}"} for i in range(3)]
    report["comparisons"] = []
    assert "slist, ease, popularity and 4 more" in plain(sentences.lead_over_others(verdict_on(report), "en"))


def test_a_comparison_distinguishes_clear_from_chance() -> None:
    clear = Comparison("ndcg@10", "blend", "ease", Figure(0.0187, 0.0146, 0.0228), 0.0004)
    chance = Comparison("ndcg@10", "blend", "slist", Figure(0.0036, -0.0005, 0.0077), 0.31)
    assert plain(sentences.comparison_sentence(clear, "blend", "ease", "en")) == (
        "blend is ahead of ease by 0.0187 (0.0146–0.0228, p < 0.001): more than chance."
    )
    assert plain(sentences.comparison_sentence(chance, "blend", "slist", "en")) == (
        "blend and slist are 0.0036 apart (−0.0005 to 0.0077, p = 0.31): within chance: a tie."
    )
    assert (
        plain(sentences.comparison_sentence(chance, "blend", "slist", "zh"))
        == "blend 与 slist 相差 0.0036（−0.0005 到 0.0077，p = 0.31）：可能只是碰巧，算平手。"
    )


def test_names_in_sentences_are_escaped() -> None:
    test = Comparison("ndcg@10", "<b>", "a&b", Figure(0.1, 0.05, 0.15), 0.5)
    text = sentences.comparison_sentence(test, test.better, test.worse, "en")
    assert "&lt;b&gt; and a&amp;b" in text
