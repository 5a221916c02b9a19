"""Home in a real Chromium: ratings change the list without a reload, and it works without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import create_profile, in_every_appearance

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_first_rating_makes_a_personal_list(serve: Callable[..., str], open_window: Window, size: str) -> None:
    address, page = serve(), open_window(size)
    create_profile(page, address)
    expect(page.get_by_role("heading", name="Good places to start")).to_be_visible()
    page.goto(f"{address}/movies/100")
    page.locator(".star-line label").nth(9).click()
    expect(page.locator("#toast")).to_contain_text("5 stars")
    page.goto(address)
    expect(page.get_by_role("heading", name="For you")).to_be_visible()
    expect(page.locator("#for-you .card")).not_to_have_count(0)


@in_every_appearance
def test_it_looks_right(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    create_profile(page, address)
    page.request.put(f"{address}/api/v1/ratings/100", data={"rating": 5})
    page.goto(address)
    expect(page.locator("#for-you .card").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "home")


def test_filters_change_the_list_and_the_address(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window()
    create_profile(page, address)
    page.request.put(f"{address}/api/v1/ratings/100", data={"rating": 5})
    page.goto(address)
    page.evaluate("window.stayed = true")
    page.get_by_label("Mood").select_option("shiver")
    page.wait_for_url("**mood=shiver**")
    expect(page.locator("#for-you .card").first).to_be_visible()
    assert page.evaluate("window.stayed")
    page.reload()
    expect(page.get_by_label("Mood")).to_have_value("shiver")


def test_filters_work_without_scripts(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window(scripts=False)
    create_profile(page, address)
    page.get_by_label("Decade").select_option("1970")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(f"{address}/?mood=&decade=1970&variety=0.2")
    years = page.locator("#for-you .facts").all_inner_texts()
    assert years
    assert all(text.strip().startswith("197") for text in years)
