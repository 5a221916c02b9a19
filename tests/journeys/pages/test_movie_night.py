"""Movie night in a real Chromium: a profile and a guest agree on a movie."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import create_profile

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def open_movie_night(page: Page, address: str) -> None:
    """Open the page as Ann, who has a rating, with a second profile Bob, who has none."""
    page.request.post(f"{address}/api/v1/profiles", data={"name": "Bob"})
    create_profile(page, address)
    page.request.put(f"{address}/api/v1/ratings/100", data={"rating": 5})
    page.goto(f"{address}/movie-night")


@pytest.mark.parametrize(("size", "language"), [("wide", "en"), ("phone", "zh")])
def test_a_profile_and_a_guest_plan_a_night(
    serve: Callable[..., str], open_window: Window, size: str, language: str
) -> None:
    address, page = serve(), open_window(size, language=language)
    open_movie_night(page, address)
    page.evaluate("window.stayed = true")
    page.locator(".members label", has_text="Bob").click()
    expect(page.locator(".night-movie")).to_have_count(3)
    question = page.locator(".questions .title").first
    title = question.inner_text()
    page.locator(".questions button[name=reaction]").first.click()
    expect(question).not_to_have_text(title)
    page.locator("#guest").fill("Dora")
    page.locator("#guest").press("Enter")
    expect(page.locator(".guest legend")).to_have_text("Dora")
    page.locator("#q-0").fill("harbour")
    page.locator("#q-0").press("Enter")
    page.locator(".search-hits button").first.click()
    expect(page.locator(".likes li")).to_have_count(1)
    expect(page.locator(".night-movie").first.locator(".bar")).to_have_count(3)
    page.locator("#mood").select_option("laugh")
    page.wait_for_url("**mood=laugh**")
    assert page.evaluate("window.stayed")
    page.reload()
    expect(page.locator(".likes li")).to_have_count(1)
    expect(page.locator(".night-movie").first.locator(".bar")).to_have_count(3)


def test_replaced_fields_respond_at_once(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window("wide")
    open_movie_night(page, address)
    page.evaluate("""addEventListener("htmx:afterSwap", () => setTimeout(() => {
        const mood = document.getElementById("mood");
        mood.value = "laugh";
        mood.dispatchEvent(new Event("change", { bubbles: true }));
    }), { once: true })""")
    page.locator(".members label", has_text="Bob").click()
    page.wait_for_url("**mood=laugh**")


def test_it_works_without_scripts(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window("phone", scripts=False)
    open_movie_night(page, address)
    page.locator("#guest").fill("Dora")
    page.locator("#guest").press("Enter")
    page.locator(".guest .questions button", has_text="Liked it").first.click()
    expect(page.locator(".likes li")).to_have_count(1)
    page.locator("#max-minutes").select_option("120")
    page.get_by_role("button", name="Find movies").click()
    expect(page.locator(".night-movie")).to_have_count(3)


@pytest.mark.parametrize(("dark", "language"), [(False, "en"), (True, "zh")])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_it_looks_right(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    open_movie_night(page, address)
    page.goto(f"{address}/movie-night?users=1&guest=Dora&like=0:101&like=0:107")
    expect(page.locator(".night-movie")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "night")
