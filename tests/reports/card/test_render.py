import re
from typing import Any

import pytest

from matinee.errors import ConfigError
from matinee.i18n import LANGUAGES, Language
from matinee.reports.card import render_report_card
from matinee.reports.schema import Report
from tests.reports.card.parsed import Element, parsed
from tests.reports.card.sample import measure, model, sample_report

NASTY = "runs/<script>alert('x')</script>&\"quoted\""


def render(content: dict[str, Any], language: Language = "en") -> str:
    return render_report_card(Report.from_json(content), language)


def pages(report: dict[str, Any]) -> tuple[Element, Element]:
    """The English and the Chinese part of the card."""
    english, chinese = parsed(render(report)).all("main")
    return english, chinese


def text_of(element: Element) -> str:
    return " ".join(element.text.split())


def test_the_page_is_well_formed_and_self_contained() -> None:
    html = render(sample_report())
    root = parsed(html)
    assert html.startswith("<!doctype html>")
    assert not re.search(r"<script|\bsrc=|url\(|@import|<link|<iframe|\bon\w+=", html)
    assert all(use.attributes["href"].startswith("#") for use in root.all("use"))
    assert not root.all("a")
    assert not re.search(r"https?://", html)
    policy = [meta for meta in root.all("meta") if meta.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy[0].attributes["content"].startswith("default-src 'none'")


def test_ids_are_unique_and_every_reference_has_a_target() -> None:
    html = render(sample_report())
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_every_drawing_has_a_title_and_description() -> None:
    svgs = parsed(render(sample_report())).all("svg")
    assert len(svgs) > 40
    for svg in svgs:
        assert svg.attributes["role"] == "img"
        assert text_of(svg.all("title")[0])
        assert text_of(svg.all("desc")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_are_in_the_page_and_one_is_selected(language: Language) -> None:
    root = parsed(render(sample_report(), language))
    first, second = root.all("main")
    assert first.attributes["lang"][:2] == language
    assert {first.attributes["lang"], second.attributes["lang"]} == {"en", "zh-Hans"}
    radios = root.all("input")
    assert [radio.attributes["value"] for radio in radios if "checked" in radio.attributes] == [language]
    assert {radio.attributes["name"] for radio in radios} == {"language"}
    assert {label.attributes["for"] for label in root.all("label")} == {radio.attributes["id"] for radio in radios}
    assert root.all("fieldset")[0].all("legend")
    english, chinese = (first, second) if language == "en" else (second, first)
    assert "The leaderboard" in english.text
    assert "排行榜" in chinese.text
    assert not re.search("[一-鿿]", english.text)


def test_another_language_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"Unknown language 'fr'. Use en or zh"):
        render(sample_report(), "fr")  # pyright: ignore[reportArgumentType]


def test_the_numbers_shown_are_those_of_the_report() -> None:
    report = sample_report()
    english, chinese = pages(report)
    models = {entry["name"]: entry for entry in report["models"]}
    for page in (english, chinese):
        rows = page.all("table", "board")[0].all("tr")[1:]
        assert [text_of(row.all("b", "name")[0]) for row in rows] == [
            "blend",
            "slist",
            "ease",
            "popularity",
            "random",
        ]
        for row in rows:
            metrics = models[text_of(row.all("b", "name")[0])]["metrics"]
            value, hits, _ = row.all("data")
            assert float(value.attributes["value"]) == pytest.approx(metrics["ndcg@10"]["value"], rel=1e-5)
            assert value.text == f"{metrics['ndcg@10']['value']:.3f}"
            assert float(hits.attributes["value"]) == pytest.approx(metrics["hr@10"]["value"], rel=1e-5)
            low, high = metrics["ndcg@10"]["low"], metrics["ndcg@10"]["high"]
            assert f"{low:.3f}–{high:.3f}" in row.text


def test_the_full_table_holds_every_metric_of_every_model() -> None:
    report = sample_report()
    table = pages(report)[0].all("table", "full")[0]
    lines = {text_of(row.all("th")[0]): row.all("td") for row in table.all("tr") if row.all("td")}
    assert len(lines) == 10
    best_first = sorted(report["models"], key=lambda entry: -entry["metrics"]["ndcg@10"]["value"])
    for cell, entry in zip(lines["Hit rate@20"], best_first, strict=True):
        figure = entry["metrics"]["hr@20"]
        assert text_of(cell) == f"{figure['value']:.4f}{figure['low']:.4f}–{figure['high']:.4f}"
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
    positions = [position for _, position in sorted(drawn)]
    assert positions == sorted(set(positions))
    assert positions[0] > 0
    assert positions[-1] < 100


def test_the_verdict_describes_a_tie() -> None:
    english, chinese = pages(sample_report())
    assert text_of(english.all("h1")[0]) == "blend finds the movie in 23 of 100 tries."
    hero = text_of(english.all("section", "hero")[0])
    assert "2.6 times as often" in hero
    assert "It shares first place with slist" in hero
    assert "the other 3 by more than chance" in hero
    assert "与 slist 并列第一" in text_of(chinese.all("section", "hero")[0])


@pytest.mark.parametrize("part", ["data", "comparisons"])
def test_a_missing_or_empty_part_is_left_out(part: str) -> None:
    missing, empty = sample_report(), sample_report()
    del missing[part]
    empty[part] = type(empty[part])()
    heading = {"data": "The data", "comparisons": "More than chance?"}[part]
    for report in (missing, empty):
        page = pages(report)[0]
        assert heading not in page.text
        assert page.all("table", "board")


def test_models_may_lack_slices_metrics_and_settings() -> None:
    report = sample_report()
    report["models"][0] = {"name": "random", "metrics": {}, "fit_seconds": 0.0}
    report["models"][1]["metrics"].pop("hr@10")
    report["models"][2]["metrics"].pop("ndcg@10")
    report["models"][3]["slices"] = {}
    page = pages(report)[0]
    rows = {text_of(row.all("b", "name")[0]): row for row in page.all("table", "board")[0].all("tr")[1:]}
    assert "not measured" in rows["random"].text
    assert "not measured" in rows["ease"].text
    assert not rows["random"].all("svg")


def test_a_report_without_metrics_says_so() -> None:
    models = [{"name": "random", "metrics": {}, "fit_seconds": 0.0}]
    english, chinese = pages(sample_report() | {"models": models})
    assert "No model was measured." in english.text
    assert "没有测到任何模型" in chinese.text


def test_one_model_alone() -> None:
    report = sample_report()
    report["models"], report["comparisons"] = report["models"][-1:], []
    page = pages(report)[0]
    assert "Only one model was measured" in page.text
    assert not page.all("svg", "scatter")


def test_models_that_only_predict_ratings() -> None:
    report = sample_report()
    names = {"text_cnn": 0.918, "bias": 0.941}
    report["models"] = [
        {"name": name, "metrics": {"rmse": measure(value, 0.01)}, "fit_seconds": 1} for name, value in names.items()
    ]
    report["comparisons"] = []
    page = pages(report)[0]
    rows = page.all("table", "board")[0].all("tr")[1:]
    assert [text_of(row.all("b", "name")[0]) for row in rows] == ["text_cnn", "bias"]
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
    shorts = [text_of(name) for name in page.all("table", "board")[0].all("b", "name")]
    assert len(set(shorts)) == 20


def test_names_and_texts_are_escaped() -> None:
    report = sample_report()
    blend = report["models"][-1]
    blend["name"] = NASTY
    blend["description"] = blend["slices"]["cold users"]["description"] = "<img src=x onerror=alert(1)>"
    blend["settings"] = {"<b>": "</style><script>"}
    report["protocol"]["dataset"] = "</title><script>"
    for test in report["comparisons"]:
        test["better"] = NASTY
    html = render(report)
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
    assert "blend" not in text_of(page.all("svg", "scatter")[0])


def test_the_command_and_the_protocol_are_shown() -> None:
    page = pages(sample_report())[0]
    assert text_of(page.all("pre")[0]) == (
        "matinee evaluate random popularity ease slist blend --data ml-100k --split leave-last --k 10,20 "
        "--seed 0 --html report.html"
    )
    for text in (
        "9f3c21d07ab54e18",
        "Every tie counts against the model",
        "3 users with fewer than 3 ratings",
    ):
        assert text in page.text


def test_the_card_of_six_full_models_stays_small() -> None:
    report = sample_report()
    report["models"].append(model("item_cf", 0.0874, 0.1718, 0.41))
    more = ("recall_capped", "recall_pooled", "precision", "map", "mrr", "gini", "diversity")
    for entry in report["models"]:
        entry["metrics"] |= {f"{name}@{k}": measure(1 / 7 + k / 1000) for name in more for k in (10, 20, 50)}
        entry["metrics"] |= {f"{name}@50": measure(1 / 3) for name in ("hr", "ndcg", "recall", "coverage", "novelty")}
        entry["slices"]["tail movies"] = entry["slices"]["cold users"]
    report["protocol"]["k"] = [10, 20, 50]
    assert len(render(report).encode()) < 150_000
