"""Compare in a real Chromium: a duel is picked by keyboard, then the names are shown."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import create_profile
from tests.journeys.pages.test_access import faults

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def rate(page: Page, address: str) -> None:
    create_profile(page, address)
    page.request.put(f"{address}/api/v1/ratings/100", data={"rating": 5})
    page.goto(f"{address}/compare")


@pytest.mark.parametrize(("size", "language", "scripts"), [("wide", "en", True), ("phone", "zh", False)])
def test_a_pick_reveals_the_names(
    serve: Callable[..., str], open_window: Window, size: str, language: str, scripts: bool
) -> None:
    address, page = serve(), open_window(size, language=language, scripts=scripts)
    rate(page, address)
    page.locator(".start-duel button").press("Enter")
    expect(page.locator("#by-name")).to_have_count(0)
    page.locator("#pick-right").press("Enter")
    expect(page.locator(".side.picked")).to_have_count(1)
    expect(page.locator(".tallies tbody tr")).to_have_count(1)
    page.reload()
    expect(page.locator(".side.picked")).to_have_count(1)


def test_two_models_are_chosen_without_a_reload(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window()
    rate(page, address)
    page.evaluate("window.stayed = true")
    page.locator("#second").select_option("popularity")
    page.wait_for_url("**second=popularity**")
    expect(page.locator("#list-2")).to_have_text("popularity")
    assert page.evaluate("window.stayed")


@pytest.mark.parametrize(("dark", "language"), [(False, "en"), (True, "zh")])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_it_looks_right(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    rate(page, address)
    page.locator(".start-duel button").click()
    page.locator("#pick-left").click()
    expect(page.locator(".side.picked")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not faults(page)
    shoot(page, "compare")
