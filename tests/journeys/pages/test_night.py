"""Movie night in a real Chromium: a company of a profile and a guest agrees on a film."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import come_in

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def company(page: Page, address: str) -> None:
    """Bob, who has rated nothing, and Ann, who is here and has."""
    page.request.post(f"{address}/api/v1/profiles", data={"name": "Bob"})
    come_in(page, address)
    page.request.put(f"{address}/api/v1/ratings/100", data={"stars": 5})
    page.goto(f"{address}/movie-night")


@pytest.mark.parametrize(("size", "language"), [("wide", "en"), ("phone", "zh")])
def test_a_profile_and_a_guest_agree(serve: Callable[..., str], open_window: Window, size: str, language: str) -> None:
    address, page = serve(), open_window(size, language=language)
    company(page, address)
    page.evaluate("window.stayed = true")
    page.locator(".people label", has_text="Bob").click()
    expect(page.locator(".film")).to_have_count(3)
    asked = page.locator(".ask .title").first
    title = asked.inner_text()
    page.locator(".ask button[name=said]").first.click()
    expect(asked).not_to_have_text(title)
    page.locator("#guest").fill("Dora")
    page.locator("#guest").press("Enter")
    expect(page.locator(".guest legend")).to_have_text("Dora")
    page.locator("#q-0").fill("harbour")
    page.locator("#q-0").press("Enter")
    page.locator(".found button").first.click()
    expect(page.locator(".likes li")).to_have_count(1)
    expect(page.locator(".film").first.locator(".bar")).to_have_count(3)
    page.locator("#mood").select_option("laugh")
    page.wait_for_url("**mood=laugh**")
    assert page.evaluate("window.stayed")
    page.reload()
    expect(page.locator(".likes li")).to_have_count(1)
    expect(page.locator(".film").first.locator(".bar")).to_have_count(3)


def test_what_was_just_exchanged_answers_at_once(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window("wide")
    company(page, address)
    page.evaluate("""addEventListener("htmx:afterSwap", () => setTimeout(() => {
        const mood = document.getElementById("mood");
        mood.value = "laugh";
        mood.dispatchEvent(new Event("change", { bubbles: true }));
    }), { once: true })""")
    page.locator(".people label", has_text="Bob").click()
    page.wait_for_url("**mood=laugh**")


def test_it_works_without_scripts(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window("phone", scripts=False)
    company(page, address)
    page.locator("#guest").fill("Dora")
    page.locator("#guest").press("Enter")
    page.locator(".guest .ask button", has_text="Liked it").first.click()
    expect(page.locator(".likes li")).to_have_count(1)
    page.locator("#longest").select_option("120")
    page.get_by_role("button", name="Find our films").click()
    expect(page.locator(".film")).to_have_count(3)


@pytest.mark.parametrize(("dark", "language"), [(False, "en"), (True, "zh")])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_it_looks_well(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    company(page, address)
    page.goto(f"{address}/movie-night?people=1&guest=Dora&like=0:101&like=0:107")
    expect(page.locator(".film")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "night")
