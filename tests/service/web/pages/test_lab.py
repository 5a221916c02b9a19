import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.errors import InputError
from tests.service.operations.test_reports import FIGURE, report
from tests.service.web.conftest import Browser, visible_text

NewBrowser = Callable[..., Browser]
MODELS = [
    {"name": name, "metrics": {"ndcg@10": FIGURE | {"value": value}, "hr@10": FIGURE}, "fit_seconds": seconds}
    for name, value, seconds in (("random", 0.11, 0), ("<b>ease</b>", 0.25, 2.5))
]


@pytest.fixture
def measured(new_browser: NewBrowser, tmp_path: Path) -> Browser:
    """A server with a report and trade-off curves."""
    comparison = {"metric": "ndcg@10", "better": "ease", "worse": "random", "difference": FIGURE, "p": 0.2}
    content = report(models=MODELS, comparisons=[comparison])
    (tmp_path / "r.json").write_text(json.dumps(content), encoding="utf-8")
    points = [{"setting": setting, "ndcg": FIGURE, "variety": FIGURE, "coverage": 0.5} for setting in (0, 0.5, 1)]
    (tmp_path / "d.json").write_text(json.dumps({"users": 50, "k": 10, "diversity": points}), encoding="utf-8")
    return new_browser(report=tmp_path / "r.json", tradeoff=tmp_path / "d.json")


def test_without_a_report_it_shows_the_commands(browser: Browser) -> None:
    page = visible_text(browser.get("/lab"))
    assert "No report yet" in page
    assert "matinee evaluate" in page
    assert "matinee tradeoff ease" in page


def test_every_model_is_listed_with_its_interval(measured: Browser) -> None:
    page = measured.get("/lab")
    assert "0.250 (0.100 to 0.300)" in visible_text(page).replace("( ", "(").replace(" )", ")")
    assert page.index("&lt;b&gt;ease") < page.index("random")  # best first
    assert len(re.findall('class="strip"', page)) == 2
    assert "ease is not surely better than random" in visible_text(page)
    assert "The last rating of each user is hidden" in page
    assert page.count("<table") == page.count("<caption") >= 4


def test_names_are_escaped(measured: Browser) -> None:
    assert "<b>ease" not in measured.get("/lab")


def test_another_metric_can_be_selected(measured: Browser) -> None:
    assert '<option value="hr@10" selected>' in measured.get("/lab?metric=hr@10")
    assert '<option value="ndcg@10" selected>' in measured.get("/lab?metric=nonesuch")
    measured.get("/lab?metric=" + "x" * 99, 422)


def test_tradeoff_curves_are_drawn_and_listed(measured: Browser) -> None:
    page = measured.get("/lab")
    assert re.search(r'<polyline class="line" points="[\d., ]+"/>', page)
    assert "Settings of variety, 50 users" in visible_text(page)


def test_a_report_on_other_data_is_flagged(new_browser: NewBrowser, tmp_path: Path) -> None:
    other = report()
    other["protocol"]["fingerprint"] = "another"
    (tmp_path / "r.json").write_text(json.dumps(other), encoding="utf-8")
    assert "about other data" in visible_text(new_browser(report=tmp_path / "r.json").get("/lab"))


def test_an_invalid_report_is_refused_at_startup(new_browser: NewBrowser, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="is not a report"):
        new_browser(report=tmp_path / "r.json")


def test_a_report_that_breaks_later_is_an_alert(measured: Browser) -> None:
    path = measured.state.settings.report
    assert path
    path.write_text("{", encoding="utf-8")
    assert "cannot be read" in visible_text(measured.get("/lab"))


def test_the_served_run_is_described(browser: Browser) -> None:
    page = visible_text(browser.get("/lab"))
    assert "served" in page
    assert browser.state.served.current.fingerprint in page
    assert "reg" in page
    assert "Model card" in page
    assert "share a genre with it" in page


def test_in_chinese(new_browser: NewBrowser) -> None:
    page = visible_text(new_browser("zh").get("/lab"))
    assert "还没有评测报告" in page
    assert "No report" not in page
