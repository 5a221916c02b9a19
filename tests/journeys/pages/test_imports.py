"""Import in a real Chromium: a Letterboxd export is dropped, looked at, chosen among, kept and taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import brought, come_in, in_every_look

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_diary_is_chosen_among_kept_and_taken_back(
    serve: Callable[..., str], open_window: Window, export: Path, size: str
) -> None:
    address, page = serve(), open_window(size)
    come_in(page, address)
    brought(page, address, export)
    page.evaluate("window.stayed = true")
    standing = page.locator("#standing")
    expect(standing).to_contain_text("Keep these 31 films")
    line = page.locator(".line").first
    line.get_by_role("searchbox").fill("midnight train 100")
    line.get_by_role("button", name="Find", exact=True).click()
    page.locator(".choice", has_text="Midnight Train 100").first.click()
    expect(standing).to_contain_text("Keep these 32 films")
    expect(page.locator(".line").first).to_be_focused()
    assert page.evaluate("window.stayed")
    page.get_by_role("button", name="Keep these 32 films").click()
    expect(page.locator(".told")).to_contain_text("32 films are kept.")
    page.get_by_role("link", name="Your taste").last.click()
    expect(page.locator("#rated")).to_contain_text("Midnight Train 100")
    brought(page, address, export)
    expect(page.locator(".told").first).to_contain_text("bringing it again added nothing")
    page.get_by_role("button", name="Take this import back").click()
    expect(page.locator(".told")).to_contain_text("taken back")


@in_every_look
def test_it_looks_well(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, export: Path, *, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    come_in(page, address)
    page.goto(f"{address}/import")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "bring")
    brought(page, address, export)
    expect(page.locator(".line").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "found")


def test_a_dropped_file_is_named_and_read(serve: Callable[..., str], open_window: Window, export: Path) -> None:
    address, page = serve(), open_window()
    come_in(page, address)
    page.goto(f"{address}/import")
    dropped = page.evaluate_handle(
        """([name, bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], name, { type: "application/zip" }));
          return data;
        }""",
        [export.name, list(export.read_bytes())],
    )
    page.dispatch_event(".drop", "dragenter", {"dataTransfer": dropped})
    page.dispatch_event(".drop", "drop", {"dataTransfer": dropped})
    expect(page.locator(".chosen")).to_have_text(export.name)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#standing")).to_contain_text("Keep these 31 films")


def test_what_cannot_be_read_is_told_in_the_page(
    serve: Callable[..., str], open_window: Window, tmp_path: Path
) -> None:
    address, page = serve(), open_window(language="zh")
    come_in(page, address)
    page.goto(f"{address}/import")
    file = tmp_path / "films.csv"
    file.write_text("title,year\nHeat,1995\nGood, Bad,1966\n")
    page.locator("#files").set_input_files(file)
    page.locator("form.bring button:not([type])").click()
    expect(page.locator("#wrong")).to_contain_text("没能读懂")
    expect(page.locator("#wrong")).to_contain_text("films.csv, row 3: 3 columns; expected 2")


def test_without_scripts_a_diary_is_brought_and_chosen_among(
    serve: Callable[..., str], open_window: Window, export: Path
) -> None:
    address, page = serve(), open_window(scripts=False)
    come_in(page, address)
    brought(page, address, export)
    line = page.locator(".line").first
    line.get_by_role("searchbox").fill("midnight train 100")
    line.get_by_role("button", name="Find", exact=True).click()
    page.locator(".choice", has_text="Midnight Train 100").first.click()
    expect(page.locator("#standing")).to_contain_text("Keep these 32 films")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(".told")).to_contain_text("nothing of it is kept")


def test_without_scripts_a_file_that_is_too_large_is_told_as_a_page(
    serve: Callable[..., str], open_window: Window, tmp_path: Path
) -> None:
    address, page = serve(most_upload=100_000), open_window(scripts=False)
    come_in(page, address)
    page.goto(f"{address}/import")
    file = tmp_path / "diary.csv"
    file.write_bytes(b"x" * 5_000_000)
    page.locator("#files").set_input_files(file)
    page.locator("form.bring button:not([type])").click()
    expect(page.get_by_role("main")).to_contain_text("expected at most 100,000")
    expect(page.get_by_role("link", name="Import").first).to_be_attached()
