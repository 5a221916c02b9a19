"""A film in a real Chromium: rated by a key, its reasons follow, and what it is like is switched in place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import come_in, in_every_look

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def rated_some(page: Page, address: str) -> None:
    come_in(page, address)
    for movie, stars in ((100, 5), (106, 4.5), (112, 5), (101, 1)):
        page.request.put(f"{address}/api/v1/ratings/{movie}", data={"stars": stars})


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_key_rates_it_and_what_it_says_follows(serve: Callable[..., str], open_window: Window, size: str) -> None:
    address, page = serve(), open_window(size)
    rated_some(page, address)
    page.goto(f"{address}/movies/118")
    expect(page.locator("#foretold")).to_contain_text("for you")
    expect(page.get_by_role("heading", name="Why, for you")).to_be_visible()
    expect(page.locator(".carriers li").first).to_be_visible()
    page.keyboard.press("4")
    expect(page.locator("#said")).to_contain_text("4 stars")
    expect(page.get_by_role("heading", name="Why, for you")).to_have_count(0)
    expect(page.locator("#foretold p")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Why, for you")).to_be_visible()


def test_likeness_is_switched_in_place_and_has_an_address(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window()
    rated_some(page, address)
    page.goto(f"{address}/movies/100")
    page.evaluate("window.stayed = true")
    both = page.locator("#similar .card .title").all_inner_texts()
    page.get_by_role("link", name="what they are about").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#by-content")).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(f"{address}/movies/100?by=content")
    expect(page.locator("#by-content")).to_be_focused()
    assert page.locator("#similar .card .title").all_inner_texts() != both
    assert page.evaluate("window.stayed")
    page.reload()
    expect(page.locator("#by-content")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page).to_have_url(f"{address}/")


def test_it_reads_and_rates_without_scripts(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window(scripts=False)
    rated_some(page, address)
    page.goto(f"{address}/movies/118?by=cf")
    page.get_by_role("link", name="what they are about").click()
    expect(page.locator("#by-content")).to_have_attribute("aria-current", "true")
    page.locator(".star-line label").nth(7).click()
    page.get_by_role("button", name="Rate", exact=True).click()
    expect(page.locator(".given")).to_contain_text("You gave it 4 stars.")


@in_every_look
def test_it_looks_well(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    rated_some(page, address)
    page.goto(f"{address}/movies/118")
    expect(page.locator("#why h2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "film")
