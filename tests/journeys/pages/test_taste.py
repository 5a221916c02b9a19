"""Your taste in a real Chromium: changes update the list; the map works by mouse and keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import create_profile, in_every_appearance

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def rate_by_genre(page: Page, address: str) -> Page:
    """Rate as a user who likes comedies and dislikes horror."""
    create_profile(page, address)
    for movie, stars in [
        *((100 + 6 * step, 5 - step % 2) for step in range(8)),
        *((104 + 6 * step, 1) for step in range(4)),
    ]:
        page.request.put(f"{address}/api/v1/ratings/{movie}", data={"rating": stars})
    page.goto(f"{address}/taste")
    return page


def small_cards(page: Page) -> list[str]:
    return page.locator("#for-you .card .title").all_inner_texts()


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_ratings_exclusions_and_undo_change_the_list(serve: Callable[..., str], open_window: Window, size: str) -> None:
    page = rate_by_genre(open_window(size), serve())
    page.evaluate("window.stayed = true")
    first, row = small_cards(page), page.locator(".rated-list li").filter(has=page.locator("#marks-100"))
    row.locator(".star-line label").nth(0).click()  # from loved to hated
    expect(page.locator("#toast")).to_contain_text("½ stars")
    expect(page.locator("#changes li").first).to_contain_text("½ stars")
    row.get_by_role("button", name="Don’t count it").click()
    expect(row.get_by_role("button", name="Not counted: count again")).to_be_visible()
    expect(page.locator("#changes li").first).to_contain_text("not counted")
    for movie in range(106, 148, 6):
        page.locator(f"#marks-{movie} .star-line label").nth(0).click()
    expect(page.locator("#changes li", has_text="½ stars")).not_to_have_count(1)
    expect(page.locator(".htmx-request, [data-pending]")).to_have_count(0)  # a later response would replace the message
    expect(page.locator("#toast")).to_contain_text("½ stars")
    page.wait_for_function("first => document.querySelector('#for-you').innerText !== first", arg="\n".join(first))
    assert page.evaluate("window.stayed")
    page.locator("#toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#toast")).to_contain_text("undone")
    assert page.evaluate("window.stayed")


@in_every_appearance
def test_taste_and_map_look_right(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, size: str, dark: bool, language: str
) -> None:
    address = serve()
    page = rate_by_genre(open_window(size, dark, language), address)
    expect(page.locator("#for-you .card").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "taste")
    page.goto(f"{address}/taste/map")
    expect(page.locator(".map-canvas")).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "map")


def test_the_map_is_used_by_mouse_and_keyboard(serve: Callable[..., str], open_window: Window) -> None:
    address = serve()
    page = rate_by_genre(open_window(), address)
    page.goto(f"{address}/taste/map")
    canvas, label = page.locator(".map-canvas"), page.locator(".map-label")
    expect(canvas).to_be_visible(timeout=30_000)
    box = canvas.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -800)
    page.wait_for_url(re.compile(r"\?at="))
    near = page.url
    page.mouse.down()
    page.mouse.move(middle[0] + 90, middle[1] + 40, steps=4)
    page.mouse.up()
    page.wait_for_function("near => location.href !== near", arg=near)
    page.reload()  # the view has an address
    moved = page.url
    expect(canvas).to_be_visible()
    page.get_by_role("link", name="Back to your taste").focus()
    page.keyboard.press("Tab")
    expect(label).to_be_visible()
    announced = page.locator("#map-status").inner_text()
    assert announced
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    assert page.url != moved
    page.keyboard.press("0")
    page.wait_for_url("**/taste/map")
    page.keyboard.press("+")
    title = label.evaluate("label => label.firstChild.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/movies/*")
    number = int(page.url.rsplit("/", 1)[1]) - 100
    assert title.endswith(f" {number}")


def test_a_tap_names_a_movie_on_a_phone(serve: Callable[..., str], open_window: Window) -> None:
    address = serve()
    page = rate_by_genre(open_window("phone"), address)
    page.goto(f"{address}/taste/map")
    expect(page.locator(".map-canvas")).to_be_visible(timeout=30_000)
    points = page.request.get(f"{address}/taste/map.json").json()
    box = page.locator(".map-canvas").bounding_box()
    assert box is not None
    movie = points["recommended"][0]
    x = 24 + points["x"][movie] / points["size"] * (box["width"] - 48)
    y = 24 + points["y"][movie] / points["size"] * (box["height"] - 48)
    page.locator(".map-canvas").tap(position={"x": x, "y": y})
    expect(page.locator(".map-label")).to_be_visible()
    page.get_by_role("button", name="Zoom in").click()
    assert "?at=" in page.url


def test_taste_is_corrected_without_scripts(serve: Callable[..., str], open_window: Window) -> None:
    address = serve()
    page = rate_by_genre(open_window(scripts=False), address)
    page.locator("#marks-104").get_by_role("button", name="Don’t count it").click()
    expect(page.locator("#excluded")).to_contain_text("Count again")
    page.locator("#changes").get_by_role("button", name=re.compile("Undo")).first.click()
    expect(page.locator("#excluded")).to_have_count(0)
    page.get_by_label("Show", exact=True).select_option("1.0")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".rated-list li")).to_have_count(4)
    page.get_by_role("link", name="Explore your taste map").click()
    expect(page.locator(".map-drawing, .waiting")).to_be_visible()
