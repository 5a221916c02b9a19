"""Search in a real Chromium: by keys alone, as it is typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import create_profile, in_every_appearance

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def test_a_movie_is_found_and_opened_by_keyboard(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window()
    create_profile(page, address)
    page.goto(f"{address}/search")
    page.locator("#main").focus()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.evaluate("window.stayed = true")
    page.keyboard.type("harb ro")  # Harbour Road
    expect(page.locator(".hit .title").first).to_contain_text("Harbour Road")
    expect(page.locator("#count")).to_contain_text("movies")
    expect(page).to_have_url(f"{address}/search?q=harb%20ro")
    assert page.evaluate("window.stayed")
    second = page.locator(".hit").nth(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".movie-page h1")).to_contain_text("Harbour Road")
    page.go_back()
    expect(page.locator(".hit .title").first).to_contain_text("Harbour Road")


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_names_and_typos_find_movies(serve: Callable[..., str], open_window: Window, size: str) -> None:
    address, page = serve(), open_window(size)
    create_profile(page, address)
    page.goto(f"{address}/search")
    page.locator("#q").fill("director 7")
    expect(page.locator(".hit")).to_have_count(5)
    page.locator("#q").fill("lantren")
    expect(page.locator("#count")).to_contain_text("No match for")
    expect(page.locator(".hit .title").first).to_contain_text("Lantern")
    page.locator("#q").fill("")
    expect(page.locator(".hit")).to_have_count(0)


def test_it_works_without_scripts(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window(scripts=False)
    create_profile(page, address)
    page.goto(f"{address}/movies/103")
    page.goto(address)
    page.goto(f"{address}/search")
    expect(page.get_by_role("heading", name="Recently viewed")).to_be_visible()
    page.locator("#q").fill("garden")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".hit .title").first).to_contain_text("Garden")


@in_every_appearance
def test_it_looks_right(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    create_profile(page, address)
    page.goto(f"{address}/search?q=river")
    expect(page.locator(".hit").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "search")
