"""Import in a real Chromium: a Letterboxd export is uploaded, matched, saved and undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages.conftest import create_profile, in_every_appearance, upload

pytestmark = pytest.mark.slow
Window = Callable[..., Page]
Shoot = Callable[[Page, str], None]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_diary_is_matched_saved_and_undone(
    serve: Callable[..., str], open_window: Window, export: Path, size: str
) -> None:
    address, page = serve(), open_window(size)
    create_profile(page, address)
    upload(page, address, export)
    page.evaluate("window.stayed = true")
    summary = page.locator("#import-summary")
    expect(summary).to_contain_text("Save these 31 movies")
    line = page.locator(".import-line").first
    line.get_by_role("searchbox").fill("midnight train 100")
    line.get_by_role("button", name="Find", exact=True).click()
    page.locator(".choice", has_text="Midnight Train 100").first.click()
    expect(summary).to_contain_text("Save these 32 movies")
    expect(page.locator(".import-line").first).to_be_focused()
    assert page.evaluate("window.stayed")
    page.get_by_role("button", name="Save these 32 movies").click()
    expect(page.locator(".outcome")).to_contain_text("32 movies saved.")
    page.get_by_role("link", name="Your taste").last.click()
    expect(page.locator("#rated")).to_contain_text("Midnight Train 100")
    upload(page, address, export)
    expect(page.locator(".outcome").first).to_contain_text("Nothing was added")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.locator(".outcome")).to_contain_text("undone")


@in_every_appearance
def test_it_looks_right(
    serve: Callable[..., str], open_window: Window, shoot: Shoot, export: Path, *, size: str, dark: bool, language: str
) -> None:
    address, page = serve(), open_window(size, dark, language)
    create_profile(page, address)
    page.goto(f"{address}/import")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "upload")
    upload(page, address, export)
    expect(page.locator(".import-line").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "lines")


def test_a_dropped_file_is_named_and_read(serve: Callable[..., str], open_window: Window, export: Path) -> None:
    address, page = serve(), open_window()
    create_profile(page, address)
    page.goto(f"{address}/import")
    dropped = page.evaluate_handle(
        """([name, bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], name, { type: "application/zip" }));
          return data;
        }""",
        [export.name, list(export.read_bytes())],
    )
    page.dispatch_event(".dropzone", "dragenter", {"dataTransfer": dropped})
    page.dispatch_event(".dropzone", "drop", {"dataTransfer": dropped})
    expect(page.locator(".selected")).to_have_text(export.name)
    page.get_by_role("button", name="Read file").click()
    expect(page.locator("#import-summary")).to_contain_text("Save these 31 movies")


def test_errors_are_shown_on_the_page(serve: Callable[..., str], open_window: Window, tmp_path: Path) -> None:
    address, page = serve(), open_window(language="zh")
    create_profile(page, address)
    page.goto(f"{address}/import")
    file = tmp_path / "movies.csv"
    file.write_text("title,year\nHeat,1995\nGood, Bad,1966\n")
    page.locator("#files").set_input_files(file)
    page.locator("form.upload button:not([type])").click()
    expect(page.locator("#error")).to_contain_text("文件读不出来")
    expect(page.locator("#error")).to_contain_text("movies.csv, row 3: 3 columns instead of 2")


def test_a_diary_is_imported_without_scripts(serve: Callable[..., str], open_window: Window, export: Path) -> None:
    address, page = serve(), open_window(scripts=False)
    create_profile(page, address)
    upload(page, address, export)
    line = page.locator(".import-line").first
    line.get_by_role("searchbox").fill("midnight train 100")
    line.get_by_role("button", name="Find", exact=True).click()
    page.locator(".choice", has_text="Midnight Train 100").first.click()
    expect(page.locator("#import-summary")).to_contain_text("Save these 32 movies")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(".outcome")).to_contain_text("Nothing was saved")


def test_a_large_file_is_an_error_page_without_scripts(
    serve: Callable[..., str], open_window: Window, tmp_path: Path
) -> None:
    address, page = serve(max_upload_bytes=100_000), open_window(scripts=False)
    create_profile(page, address)
    page.goto(f"{address}/import")
    file = tmp_path / "diary.csv"
    file.write_bytes(b"x" * 5_000_000)
    page.locator("#files").set_input_files(file)
    page.locator("form.upload button:not([type])").click()
    expect(page.get_by_role("main")).to_contain_text("100,000")
    expect(page.get_by_role("link", name="Import").first).to_be_attached()
