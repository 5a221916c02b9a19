from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.web.conftest import Browser

IMAGE = b"\xff\xd8\xff\xe0 a picture"


def test_placeholders_are_deterministic(browser: Browser) -> None:
    first = browser.request("GET", "/posters/100")
    assert first.headers["content-type"] == "image/svg+xml"
    assert "Heat" in first.text
    assert first.text == browser.request("GET", "/posters/100").text
    assert browser.request("GET", "/posters/101").text != first.text


def test_images_come_from_the_folder_of_the_settings(new_browser: Callable[..., Browser], tmp_path: Path) -> None:
    (tmp_path / "100.jpg").write_bytes(IMAGE)
    browser = new_browser(posters=tmp_path)
    response = browser.request("GET", "/posters/100")
    assert (response.content, response.headers["content-type"]) == (IMAGE, "image/jpeg")
    assert browser.request("GET", "/posters/101").headers["content-type"] == "image/svg+xml"


def test_images_come_with_the_data(new_browser: Callable[..., Browser], tmp_path: Path) -> None:
    (tmp_path / "posters").mkdir()
    (tmp_path / "posters" / "100.png").write_bytes(IMAGE)
    assert new_browser(data=tmp_path).request("GET", "/posters/100").content == IMAGE


@pytest.mark.parametrize("movie", ["nonesuch", "..%2f..%2fsecret", "%2e%2e", ".", "a%00b", "1" * 300])
def test_no_other_file_can_be_read(new_browser: Callable[..., Browser], tmp_path: Path, movie: str) -> None:
    (tmp_path / "posters").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"what is in the file")
    answer = new_browser(posters=tmp_path / "posters").request("GET", f"/posters/{movie}", None)
    assert answer.status_code in (404, 422)
    assert b"what is in the file" not in answer.content
