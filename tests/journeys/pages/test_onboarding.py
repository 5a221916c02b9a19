"""Welcome in a real Chromium: react to movies until there is a list."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import create_profile

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


@pytest.mark.parametrize(("size", "language"), [("wide", "zh"), ("phone", "en")])
def test_three_reactions_make_a_list(serve: Callable[..., str], open_window: Window, size: str, language: str) -> None:
    address, page = serve(), open_window(size, language=language)
    create_profile(page, address, welcome=True)
    page.evaluate("window.stayed = true")
    for reaction in ("loved", "not-seen", "liked", "disliked"):
        title = page.locator("#question-title").inner_text()
        page.locator(f"#react-{reaction}").press("Enter")
        expect(page.locator("#question-title")).not_to_have_text(title)
    assert page.evaluate("window.stayed")
    expect(page.locator(".reacted .poster")).to_have_count(3)
    page.go_back()
    page.go_forward()
    expect(page.locator(".reacted .poster")).to_have_count(3)
    page.locator(".actions a.button").click()
    expect(page.locator("#for-you .card").first).to_be_visible()


def test_reactions_are_undone_without_scripts(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window("phone", scripts=False)
    create_profile(page, address, welcome=True)
    first = page.locator("#question-title").inner_text()
    page.get_by_role("button", name="Loved it").click()
    expect(page.locator(".reacted .poster")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#question-title")).to_have_text(first)


@pytest.mark.parametrize(("dark", "language"), [(False, "en"), (True, "zh")])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_it_looks_right(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    create_profile(page, address, welcome=True)
    page.locator("#react-loved").click()
    expect(page.locator(".reacted .poster")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if size == "phone":  # the answers are above the bottom navigation
        box = page.locator("#react-not-seen").bounding_box()
        assert box
        assert box["y"] + box["height"] < 844 - 56
    shoot(page, "welcome")
