"""Lab in a real Chromium: figures that can be read on a phone, and chosen without a reload."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from matinee.data.splits import make_split
from matinee.evaluation.evaluate import evaluate
from matinee.evaluation.tradeoff import measure_tradeoff
from matinee.models.registry import make
from tests.journeys.pages.conftest import make_movies
from tests.journeys.pages.test_access import faults

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of `evaluate --json` and `tradeoff --json` for the test movies."""
    folder, split = tmp_path_factory.mktemp("measured"), make_split(make_movies(), "leave-last")
    evaluate({name: make(name) for name in ("random", "popularity", "ease", "slist")}, split).write_json(
        folder / "report.json"
    )
    curves = measure_tradeoff(make("ease"), split, users=60).to_json()
    (folder / "tradeoff.json").write_text(json.dumps(curves), encoding="utf-8")
    return {"report": folder / "report.json", "tradeoff": folder / "tradeoff.json"}


@pytest.mark.parametrize("scripts", [True, False])
def test_another_metric_is_chosen(
    serve: Callable[..., str], open_window: Window, measured: dict[str, Path], scripts: bool
) -> None:
    page = open_window(scripts=scripts)
    page.goto(f"{serve(**measured)}/lab")
    expect(page.locator("#leaderboard .strip")).to_have_count(4)
    page.locator("#metric").select_option("coverage@10")
    if not scripts:
        page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**metric=coverage**")
    expect(page.locator("#leaderboard tbody th").first).to_have_text("random")


@pytest.mark.parametrize(("dark", "language"), [(False, "en"), (True, "zh")])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_it_looks_right(
    serve: Callable[..., str],
    open_window: Window,
    shoot: Shoot,
    measured: dict[str, Path],
    size: str,
    dark: bool,
    language: str,
) -> None:
    page = open_window(size, dark, language)
    page.goto(f"{serve(**measured)}/lab")
    expect(page.locator(".chart")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not faults(page)
    shoot(page, "lab")
