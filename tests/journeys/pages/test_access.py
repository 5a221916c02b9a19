"""Accessibility: axe-core finds nothing serious, and a whole visit needs no mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import PASSWORD, SECRET, create_profile

pytestmark = pytest.mark.slow
Window = Callable[..., Page]

PAGES = (
    "/",
    "/welcome",
    "/movies/107",
    "/search?q=garden",
    "/taste",
    "/taste/map",
    "/movie-night",
    "/import",
    "/compare",
)
MORE = ("/movie-night?guest=Dora&like=0:101&q=harbour", "/lab", "/profiles", "/account", "/nonesuch")
SERIOUS = ("serious", "critical")


def faults(page: Page) -> list[str]:
    """Serious and critical violations, with their locations."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{page.url} {violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in violations
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("size", "dark", "language"), [("wide", False, "en"), ("phone", True, "zh")])
def test_axe_finds_nothing_serious(
    serve: Callable[..., str], open_window: Window, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    assert not faults(_at(page, f"{address}/profiles"))
    create_profile(page, address)
    for movie, stars in ((100, 5), (106, 4), (112, 4.5), (103, 1)):
        page.request.put(f"{address}/api/v1/ratings/{movie}", data={"rating": stars})
    violations = [fault for path in (*PAGES, *MORE) for fault in faults(_at(page, address + path))]
    assert not violations, "\n".join(violations)


def test_axe_finds_nothing_serious_when_signing_in(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(accounts=True, admin_token=SECRET), open_window()
    assert not faults(_at(page, f"{address}/sign-in"))
    assert not faults(_at(page, f"{address}/join"))


def _at(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def test_a_whole_visit_by_keyboard(serve: Callable[..., str], open_window: Window) -> None:
    """Create a profile, find a movie with `/`, rate it, undo it, rate it again, and see the new list."""
    address, page = serve(), open_window()
    page.goto(f"{address}/profiles")
    page.keyboard.type("Ann")  # the field has the focus
    page.keyboard.press("Enter")
    page.wait_for_url("**/welcome")
    page.keyboard.press("/")
    page.keyboard.type("midnight train")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    _tab_to(page, "main a[href^='/movies/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/movies/**")
    page.keyboard.press("5")
    expect(page.locator("#toast")).to_contain_text("5 stars")
    _tab_to(page, "#toast button")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("undone")
    expect(page.locator(".star-line input:checked")).to_have_count(0)
    _tab_to(page, ".star-line input")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#toast")).to_contain_text("star")
    page.keyboard.press("4")
    expect(page.locator("#toast")).to_contain_text("4 stars")
    _tab_to(page, ".site-header .logo", back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="For you")).to_be_visible()


def test_signing_up_in_and_out_with_a_password(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(accounts=True, admin_token=SECRET), open_window("phone")
    page.goto(f"{address}/join")
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Admin token").fill(SECRET)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/welcome")
    page.goto(f"{address}/account")
    page.get_by_role("button", name="Invite someone").click()
    link = page.locator("a[href*='/join?invitation=']").inner_text()
    guest = open_window()
    guest.goto(link)
    guest.get_by_label("Name").fill("Ben")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()
    guest.wait_for_url("**/welcome")
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url("**/sign-in")


def _tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until an element that matches has the focus."""
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab on {page.url}")
