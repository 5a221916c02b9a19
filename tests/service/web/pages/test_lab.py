import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.errors import InputError
from tests.service.operations.test_reports import FIGURE, report
from tests.service.web.conftest import Browser, words_of

NewBrowser = Callable[..., Browser]
MODELS = [
    {"name": name, "metrics": {"ndcg@10": FIGURE | {"value": value}, "hr@10": FIGURE}, "fit_seconds": seconds}
    for name, value, seconds in (("random", 0.11, 0), ("<b>ease</b>", 0.25, 2.5))
]


@pytest.fixture
def measured(new_browser: NewBrowser, tmp_path: Path) -> Browser:
    """Where there is a report, and dials."""
    comparison = {"metric": "ndcg@10", "better": "ease", "worse": "random", "difference": FIGURE, "p": 0.2}
    told = report(models=MODELS, comparisons=[comparison])
    (tmp_path / "r.json").write_text(json.dumps(told), encoding="utf-8")
    notches = [{"at": at, "ndcg": FIGURE, "variety": FIGURE, "coverage": 0.5} for at in (0, 0.5, 1)]
    (tmp_path / "d.json").write_text(json.dumps({"users": 50, "k": 10, "diversity": notches}), encoding="utf-8")
    return new_browser(report=tmp_path / "r.json", dial=tmp_path / "d.json")


def test_without_a_report_it_tells_the_command_that_makes_one(browser: Browser) -> None:
    page = words_of(browser.get("/lab"))
    assert "No report yet" in page
    assert "matinee evaluate" in page
    assert "matinee dial ease" in page


def test_every_model_stands_on_the_board_with_its_interval(measured: Browser) -> None:
    page = measured.get("/lab")
    assert "0.250 (0.100 to 0.300)" in words_of(page).replace("( ", "(").replace(" )", ")")
    assert page.index("&lt;b&gt;ease") < page.index("random")  # the best first
    assert len(re.findall('class="strip"', page)) == 2
    assert "ease is not surely better than random" in words_of(page)
    assert "Each person’s last rating is hidden" in page
    assert page.count("<table") == page.count("<caption") >= 4


def test_names_are_text_and_never_markup(measured: Browser) -> None:
    assert "<b>ease" not in measured.get("/lab")


def test_another_metric_can_be_chosen_and_odd_ones_do_no_harm(measured: Browser) -> None:
    assert '<option value="hr@10" selected>' in measured.get("/lab?metric=hr@10")
    assert '<option value="ndcg@10" selected>' in measured.get("/lab?metric=nonesuch")
    measured.get("/lab?metric=" + "x" * 99, 422)


def test_dials_are_drawn_and_told_as_a_table(measured: Browser) -> None:
    page = measured.get("/lab")
    assert re.search(r'<polyline class="line" points="[\d., ]+"/>', page)
    assert "Notches of variety, 50 people" in words_of(page)


def test_a_report_of_other_data_is_said_to_be(new_browser: NewBrowser, tmp_path: Path) -> None:
    other = report()
    other["protocol"]["fingerprint"] = "another"
    (tmp_path / "r.json").write_text(json.dumps(other), encoding="utf-8")
    assert "of other data" in words_of(new_browser(report=tmp_path / "r.json").get("/lab"))


def test_a_report_that_is_none_is_refused_when_the_house_opens(new_browser: NewBrowser, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="expected a report"):
        new_browser(report=tmp_path / "r.json")


def test_a_report_that_breaks_later_is_said_to_be(measured: Browser) -> None:
    file = measured.house.settings.report
    assert file
    file.write_text("{", encoding="utf-8")
    assert "cannot be read" in words_of(measured.get("/lab"))


def test_the_run_tells_what_it_was_made_from(browser: Browser) -> None:
    page = words_of(browser.get("/lab"))
    assert "serves" in page
    assert browser.house.served.current.fingerprint in page
    assert "ridge" in page
    assert "The model’s card" in page
    assert "have a genre in common" in page


def test_it_is_told_in_chinese(new_browser: NewBrowser) -> None:
    page = words_of(new_browser("zh").get("/lab"))
    assert "还没有评测报告" in page
    assert "No report" not in page
