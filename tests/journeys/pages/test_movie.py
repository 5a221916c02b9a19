"""A movie in a real Chromium: rated by a key, its reasons follow, and similarity is switched in place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import create_profile, in_every_appearance

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def rate_some(page: Page, address: str) -> None:
    create_profile(page, address)
    for movie, stars in ((100, 5), (106, 4.5), (112, 5), (101, 1)):
        page.request.put(f"{address}/api/v1/ratings/{movie}", data={"rating": stars})


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_key_rates_the_movie_and_updates_the_page(serve: Callable[..., str], open_window: Window, size: str) -> None:
    address, page = serve(), open_window(size)
    rate_some(page, address)
    page.goto(f"{address}/movies/118")
    expect(page.locator("#prediction")).to_contain_text("for you")
    expect(page.get_by_role("heading", name="Why this movie")).to_be_visible()
    expect(page.locator(".supporters li").first).to_be_visible()
    page.keyboard.press("4")
    expect(page.locator("#toast")).to_contain_text("4 stars")
    expect(page.get_by_role("heading", name="Why this movie")).to_have_count(0)
    expect(page.locator("#prediction p")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Why this movie")).to_be_visible()


def test_similarity_is_switched_in_place_and_in_the_address(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window()
    rate_some(page, address)
    page.goto(f"{address}/movies/100")
    page.evaluate("window.stayed = true")
    both = page.locator("#similar .card .title").all_inner_texts()
    page.get_by_role("link", name="Content", exact=True).focus()
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


def test_a_movie_is_rated_without_scripts(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window(scripts=False)
    rate_some(page, address)
    page.goto(f"{address}/movies/118?by=cf")
    page.get_by_role("link", name="Content", exact=True).click()
    expect(page.locator("#by-content")).to_have_attribute("aria-current", "true")
    page.locator(".star-line label").nth(7).click()
    page.get_by_role("button", name="Rate", exact=True).click()
    expect(page.locator(".current-rating")).to_contain_text("You gave it 4 stars.")


@in_every_appearance
def test_it_looks_right(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    rate_some(page, address)
    page.goto(f"{address}/movies/118")
    expect(page.locator("#explanation h2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "movie")
