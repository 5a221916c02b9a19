"""Users act faster than responses arrive: the last action wins, in a real Chromium."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Request, Route, expect

from tests.journeys.pages.conftest import create_profile, upload

pytestmark = pytest.mark.slow
Window = Callable[..., Page]


class HeldResponse:
    """The response to the first htmx request that matches, held back from the page."""

    def __init__(self, page: Page, matches: Callable[[Request], bool]) -> None:
        self._page = page
        self._answers: list[tuple[Route, APIResponse]] = []
        self._matches = matches
        page.route("**/*", self._hold)

    def _hold(self, route: Route) -> None:
        if self._answers or not route.request.headers.get("hx-request") or not self._matches(route.request):
            route.fallback()
            return
        self._answers.append((route, route.fetch()))

    def wait(self) -> None:
        while not self._answers:
            self._page.wait_for_timeout(20)

    def release(self) -> None:
        route, answer = self._answers[0]
        route.fulfill(response=answer)


def is_post(request: Request) -> bool:
    return request.method == "POST"


def is_get(request: Request) -> bool:
    return request.method == "GET"


def test_later_stars_win_over_a_late_response(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window()
    create_profile(page, address)
    page.goto(f"{address}/movies/100")
    held = HeldResponse(page, is_post)
    page.locator(".star-line label").nth(5).click()
    held.wait()
    page.locator(".star-line label").nth(9).click()
    held.release()
    expect(page.locator("#toast")).to_contain_text("5 stars")
    expect(page.locator(".current-rating")).to_contain_text("You gave it 5 stars")
    assert page.request.get(f"{address}/api/v1/ratings/100").json()["rating"] == 5


def test_a_list_includes_ratings_made_while_it_loads(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window(still=False)
    create_profile(page, address)
    for movie in (100, 106, 112):
        page.request.put(f"{address}/api/v1/ratings/{movie}", data={"rating": 5})
    page.goto(f"{address}/taste")
    held = HeldResponse(page, is_get)
    page.locator("#marks-100 .star-line label").nth(0).click()
    held.wait()
    for movie in (106, 112):
        page.locator(f"#marks-{movie} .star-line label").nth(0).click()
        expect(page.locator(f"#marks-{movie} .current-rating")).to_contain_text("½ stars")
    held.release()
    expect(page.locator("#changes li", has_text="½ stars")).to_have_count(3)
    page.wait_for_timeout(300)  # a new list takes some frames
    titles = page.locator("#for-you .card .title")
    before = titles.all_inner_texts()
    page.reload()
    assert titles.all_inner_texts() == before


def test_a_choice_wins_over_a_late_search(serve: Callable[..., str], open_window: Window, export: Path) -> None:
    address, page = serve(), open_window()
    create_profile(page, address)
    upload(page, address, export)
    search, choice = HeldResponse(page, is_get), HeldResponse(page, is_post)
    line = page.locator(".import-line").first
    line.get_by_role("searchbox").fill("midnight train 100")
    line.get_by_role("button", name="Find", exact=True).click()
    search.wait()
    line.locator(".choice").first.click()
    choice.wait()
    search.release()
    page.wait_for_timeout(200)
    choice.release()
    expect(page.locator("#import-summary")).to_contain_text("Save these 32 movies")
    expect(line.locator(".match a")).to_be_visible()
    expect(line).to_be_focused()


def test_the_last_chosen_similarity_is_shown(serve: Callable[..., str], open_window: Window) -> None:
    address, page = serve(), open_window()
    create_profile(page, address)
    page.goto(f"{address}/movies/100")
    first = HeldResponse(page, lambda request: "by=content" in request.url)
    last = HeldResponse(page, lambda request: "by=cf" in request.url)
    page.locator("#by-content").click()
    first.wait()
    page.locator("#by-cf").click()
    last.wait()
    first.release()
    page.wait_for_timeout(200)
    last.release()
    expect(page.locator("#by-cf")).to_have_attribute("aria-current", "true")
