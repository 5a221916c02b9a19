"""Welcome in a real Chromium: react to films until the list is one's own."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import come_in

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


@pytest.mark.parametrize(("size", "language"), [("wide", "zh"), ("phone", "en")])
def test_three_reactions_and_the_list_is_ones_own(
    serve: Callable[..., str], open_window: Window, size: str, language: str
) -> None:
    address, page = serve(), open_window(size, language=language)
    come_in(page, address, welcome=True)
    page.evaluate("window.stayed = true")
    for said in ("loved", "not-seen", "liked", "not-for-me"):
        title = page.locator("#asked").inner_text()
        page.locator(f"#say-{said}").press("Enter")
        expect(page.locator("#asked")).not_to_have_text(title)
    assert page.evaluate("window.stayed")
    expect(page.locator(".seats .poster")).to_have_count(3)
    page.go_back()
    page.go_forward()
    expect(page.locator(".seats .poster")).to_have_count(3)
    page.locator(".ways a.button").click()
    expect(page.locator("#for-you .card").first).to_be_visible()


def test_it_works_without_scripts_and_can_be_taken_back(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window("phone", scripts=False)
    come_in(page, address, welcome=True)
    first = page.locator("#asked").inner_text()
    page.get_by_role("button", name="Loved it").click()
    expect(page.locator(".seats .poster")).to_have_count(1)
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#asked")).to_have_text(first)


@pytest.mark.parametrize(("dark", "language"), [(False, "en"), (True, "zh")])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_it_looks_well(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    come_in(page, address, welcome=True)
    page.locator("#say-loved").click()
    expect(page.locator(".seats .poster")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if size == "phone":  # the answers are in reach of a thumb, above the pages' bar
        box = page.locator("#say-not-seen").bounding_box()
        assert box
        assert box["y"] + box["height"] < 844 - 56
    shoot(page, "welcome")
