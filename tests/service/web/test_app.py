import pkgutil

import pytest

from matinee.service.web import pages
from matinee.service.web.assets import FOLDER
from matinee.service.web.page_context import template_environment
from tests.service.web.conftest import Browser, visible_text

TEMPLATES = template_environment("en").list_templates()


@pytest.mark.parametrize(
    "path",
    ["/", "/search", "/movie-night", "/taste", "/taste/map", "/import", "/compare", "/lab", "/account", "/welcome"],
)
def test_every_page_is_served(browser: Browser, path: str) -> None:
    browser.create_profile("Ann").get(path)


def test_the_menu_has_its_order(browser: Browser) -> None:
    page = browser.get("/profiles")
    menu = visible_text(page.split('<nav class="wide-only"')[1].split("</nav>")[0].split(">", 1)[1])
    assert menu == "Tonight Movie night Your taste Import Compare Lab"


def test_styles_and_scripts_are_named_like_their_pages() -> None:
    shared = {"site.css", "site.js", "htmx-2.0.11.min.js"}
    names = {path.name for path in FOLDER.glob("*.*") if path.suffix in (".css", ".js")} - shared
    assert {name.split(".")[0] for name in names} <= {template.removesuffix(".html") for template in TEMPLATES}


def test_page_modules_have_templates() -> None:
    modules = {module.name for module in pkgutil.iter_modules(pages.__path__)}
    assert modules - {template.removesuffix(".html") for template in TEMPLATES} == {"posters"}


def test_an_unknown_address_is_an_error_page(browser: Browser) -> None:
    page = browser.get("/nonesuch", 404)
    assert "Page not found" in page
    assert "Go to Tonight" in page


@pytest.mark.parametrize("path", ["/profiles", "/static/site.css", "/static/site.js"])
def test_pages_and_styles_are_compressed(browser: Browser, path: str) -> None:
    compressed = browser.request("GET", path, headers={"accept-encoding": "gzip"})
    assert compressed.headers["content-encoding"] == "gzip"
    plain = browser.request("GET", path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert compressed.text == plain.text


@pytest.mark.parametrize("path", ["/posters/100", "/static/fonts/fraunces-latin-wght-normal.woff2", "/api/v1/movies"])
def test_images_fonts_and_the_api_are_not_compressed(browser: Browser, path: str) -> None:
    assert "content-encoding" not in browser.request("GET", path, headers={"accept-encoding": "gzip"}).headers
