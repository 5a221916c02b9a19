import pytest

from tests.service.web.conftest import Browser


@pytest.mark.parametrize("path", ["/profiles", "/static/site.css", "/static/site.js"])
def test_pages_and_style_are_made_small_for_browsers_that_take_it(browser: Browser, path: str) -> None:
    small = browser.ask("GET", path, headers={"accept-encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    plain = browser.ask("GET", path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert small.text == plain.text


@pytest.mark.parametrize("path", ["/posters/100", "/static/fonts/fraunces-latin-wght-normal.woff2", "/api/v1/movies"])
def test_the_rest_goes_out_as_it_is(browser: Browser, path: str) -> None:
    assert "content-encoding" not in browser.ask("GET", path, headers={"accept-encoding": "gzip"}).headers
