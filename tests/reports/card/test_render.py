import re
from typing import Any

import pytest

from matinee.errors import ConfigError
from matinee.evaluation.report_card import render_report_card
from tests.evaluation.report_card.parsed import Element, parsed
from tests.evaluation.report_card.sample import measure, model, sample_report

NASTY = "runs/<script>alert('x')</script>&\"quoted\""


def pages(report: dict[str, Any]) -> tuple[Element, Element]:
    """The English and the Chinese part of the card."""
    english, chinese = parsed(render_report_card(report)).all("main")
    return english, chinese


def said(element: Element) -> str:
    return " ".join(element.text.split())


def test_the_page_is_well_formed_and_stands_alone() -> None:
    html = render_report_card(sample_report())
    root = parsed(html)
    assert html.startswith("<!doctype html>")
    assert not re.search(r"<script|\bsrc=|url\(|@import|<link|<iframe|\bon\w+=", html)
    assert all(one.attributes["href"].startswith("#") for one in root.all("use"))
    assert not root.all("a")
    assert not re.search(r"https?://", html)
    policy = [one for one in root.all("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy[0].attributes["content"].startswith("default-src 'none'")


def test_ids_are_unique_and_every_use_finds_its_own() -> None:
    html = render_report_card(sample_report())
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_every_drawing_says_what_it_is() -> None:
    drawings = parsed(render_report_card(sample_report())).all("svg")
    assert len(drawings) > 40
    for one in drawings:
        assert one.attributes["role"] == "img"
        assert said(one.all("title")[0])
        assert said(one.all("desc")[0])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_are_there_and_the_one_asked_for_is_chosen(language: str) -> None:
    root = parsed(render_report_card(sample_report(), language))  # pyright: ignore[reportArgumentType]
    first, second = root.all("main")
    assert first.attributes["lang"][:2] == language
    assert {first.attributes["lang"], second.attributes["lang"]} == {"en", "zh-Hans"}
    radios = root.all("input")
    assert [one.attributes["value"] for one in radios if "checked" in one.attributes] == [language]
    assert {one.attributes["name"] for one in radios} == {"language"}
    assert {one.attributes["for"] for one in root.all("label")} == {one.attributes["id"] for one in radios}
    assert root.all("fieldset")[0].all("legend")
    english, chinese = (first, second) if language == "en" else (second, first)
    assert "The leaderboard" in english.text
    assert "排行榜" in chinese.text
    assert not re.search("[一-鿿]", english.text)


def test_another_language_is_refused() -> None:
    with pytest.raises(ConfigError, match="language 'fr' is not one of en or zh"):
        render_report_card(sample_report(), "fr")  # pyright: ignore[reportArgumentType]


def test_the_numbers_shown_are_those_of_the_report() -> None:
    report = sample_report()
    english, chinese = pages(report)
    given = {one["name"]: one for one in report["models"]}
    for page in (english, chinese):
        rows = page.all("table", "board")[0].all("tr")[1:]
        assert [said(row.all("b", "name")[0]) for row in rows] == [
            "blend",
            "slist",
            "ease",
            "popularity",
            "random",
        ]
        for row in rows:
            metrics = given[said(row.all("b", "name")[0])]["metrics"]
            value, hits, _ = row.all("data")
            assert float(value.attributes["value"]) == pytest.approx(metrics["ndcg@10"]["value"], rel=1e-5)
            assert value.text == f"{metrics['ndcg@10']['value']:.3f}"
            assert float(hits.attributes["value"]) == pytest.approx(metrics["hr@10"]["value"], rel=1e-5)
            low, high = metrics["ndcg@10"]["low"], metrics["ndcg@10"]["high"]
            assert f"{low:.3f}–{high:.3f}" in row.text


def test_the_full_table_holds_every_metric_of_every_model() -> None:
    report = sample_report()
    table = pages(report)[0].all("table", "full")[0]
    lines = {said(row.all("th")[0]): row.all("td") for row in table.all("tr") if row.all("td")}
    assert len(lines) == 10
    best_first = sorted(report["models"], key=lambda one: -one["metrics"]["ndcg@10"]["value"])
    for cell, one in zip(lines["Hit rate@20"], best_first, strict=True):
        figure = one["metrics"]["hr@20"]
        assert said(cell) == f"{figure['value']:.4f}{figure['low']:.4f}–{figure['high']:.4f}"
    assert [bool(cell.all("b")) for cell in lines["NDCG@10"]] == [True, False, False, False, False]


def test_a_higher_value_is_drawn_further_right() -> None:
    rows = pages(sample_report())[0].all("table", "board")[0].all("tr")[1:]
    drawn = [
        (
            float(row.all("data")[0].attributes["value"]),
            float(row.all("circle")[-1].attributes["cx"].rstrip("%")),
        )
        for row in rows
    ]
    places = [place for _, place in sorted(drawn)]
    assert places == sorted(set(places))
    assert places[0] > 0
    assert places[-1] < 100


def test_the_verdict_says_when_two_are_level() -> None:
    english, chinese = pages(sample_report())
    assert said(english.all("h1")[0]) == "blend finds the movie in 23 of 100 tries."
    hero = said(english.all("section", "hero")[0])
    assert "2.6 times as often" in hero
    assert "It shares first place with slist" in hero
    assert "the other 3 by more than chance" in hero
    assert "与 slist 并列第一" in said(chinese.all("section", "hero")[0])


@pytest.mark.parametrize("part", ["data", "comparisons"])
def test_a_missing_or_empty_part_leaves_no_hole(part: str) -> None:
    gone, empty = sample_report(), sample_report()
    del gone[part]
    empty[part] = type(empty[part])()
    heading = {"data": "What it was measured on", "comparisons": "More than chance?"}[part]
    for report in (gone, empty):
        page = pages(report)[0]
        assert heading not in page.text
        assert page.all("table", "board")


def test_models_may_lack_slices_metrics_times_and_settings() -> None:
    report = sample_report()
    report["models"][0] = {"name": "random", "metrics": {}}
    report["models"][1]["metrics"].pop("hr@10")
    report["models"][2]["metrics"]["ndcg@10"] = {"value": float("nan")}
    report["models"][3]["slices"] = {}
    report["models"][4]["metrics"]["ndcg@10"] = {"value": 0.1239}
    page = pages(report)[0]
    rows = {said(row.all("b", "name")[0]): row for row in page.all("table", "board")[0].all("tr")[1:]}
    assert "not measured" in rows["random"].text
    assert "not measured" in rows["ease"].text
    assert "nan" not in page.text.lower()
    assert not rows["random"].all("svg")


def test_a_report_without_anything_still_reads() -> None:
    english, chinese = pages({"protocol": {}, "models": []})
    assert "No model was measured." in english.text
    assert "没有测到任何模型" in chinese.text


def test_one_model_alone() -> None:
    report = sample_report()
    report["models"], report["comparisons"] = report["models"][-1:], []
    page = pages(report)[0]
    assert "Only one model was judged" in page.text
    assert not page.all("svg", "scatter")


def test_models_that_only_guess_ratings() -> None:
    report = sample_report()
    names = {"text_cnn": 0.918, "bias": 0.941}
    report["models"] = [{"name": name, "metrics": {"rmse": measure(value, 0.01)}} for name, value in names.items()]
    report["comparisons"] = []
    page = pages(report)[0]
    rows = page.all("table", "board")[0].all("tr")[1:]
    assert [said(row.all("b", "name")[0]) for row in rows] == ["text_cnn", "bias"]
    assert "Less is better." in page.text
    assert "No paired test was run against bias" in page.text


def test_twenty_models_with_names_from_anywhere() -> None:
    report = sample_report()
    report["models"] += [
        model(f"/home/someone/experiments/ridge-{i:02}-with-a-very-long-name", 0.1 + i / 1000, 0.2, 2.0)
        for i in range(15)
    ]
    page = pages(report)[0]
    assert len(page.all("table", "board")[0].all("tr")) == 21
    shorts = [said(one) for one in page.all("table", "board")[0].all("b", "name")]
    assert len(set(shorts)) == 20


def test_names_and_texts_are_escaped() -> None:
    report = sample_report()
    blend = report["models"][-1]
    blend["name"] = NASTY
    blend["about"] = blend["slices"]["cold users"]["about"] = "<img src=x onerror=alert(1)>"
    blend["settings"] = {"<b>": "</style><script>"}
    report["protocol"]["dataset"] = "</title><script>"
    for one in report["comparisons"]:
        one["better"] = NASTY
    html = render_report_card(report)
    root = parsed(html)
    assert not root.all("script")
    assert not root.all("img")
    assert NASTY in root.text
    # A shell would take the name as one word.
    assert "'runs/<script>alert('\"'\"'x'\"'\"')</script>&\"quoted\"'" in root.all("pre")[0].text


def test_a_note_replaces_the_time_of_training() -> None:
    report = sample_report()
    report["models"][-1] |= {"note": "judged as saved", "fit_seconds": 0.0}
    page = pages(report)[0]
    assert "Judged as saved." in page.text
    blend = page.all("table", "board")[0].all("tr")[1]
    assert len(blend.all("data")) == 2  # no seconds
    assert "blend" not in said(page.all("svg", "scatter")[0])


def test_the_command_and_the_protocol_are_told() -> None:
    page = pages(sample_report())[0]
    assert said(page.all("pre")[0]) == (
        "matinee evaluate random popularity ease slist blend --data ml-100k --split leave-last --k 10,20 "
        "--seed 0 --html report.html"
    )
    for told in (
        "9f3c21d07ab54e18",
        "Every tie counts against the model",
        "3 users with fewer than 3 ratings",
    ):
        assert told in page.text


def test_the_card_of_six_full_models_stays_small() -> None:
    report = sample_report()
    report["models"].append(model("item_cf", 0.0874, 0.1718, 0.41))
    more = ("recall_capped", "recall_pooled", "precision", "map", "mrr", "gini", "diversity")
    for one in report["models"]:
        one["metrics"] |= {f"{name}@{k}": measure(1 / 7 + k / 1000) for name in more for k in (10, 20, 50)}
        one["metrics"] |= {f"{name}@50": measure(1 / 3) for name in ("hr", "ndcg", "recall", "coverage", "novelty")}
        one["slices"]["tail movies"] = one["slices"]["cold users"]
    report["protocol"]["k"] = [10, 20, 50]
    assert len(render_report_card(report).encode()) < 150_000
