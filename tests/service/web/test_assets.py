import re

import pytest

from matinee.service.web.assets import FOLDER, asset
from tests.service.web.conftest import Browser


def test_static_files_are_cached_for_good(browser: Browser) -> None:
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', browser.get("/profiles"))
    assert len(addresses) > 4
    for address in addresses:
        assert "immutable" in browser.request("GET", address).headers["cache-control"], address
    assert "immutable" not in browser.request("GET", "/static/site.css").headers.get("cache-control", "")


def test_an_address_contains_a_digest() -> None:
    assert re.fullmatch(r"/static/site\.css\?v=[0-9a-f]{12}", asset("site.css"))
    with pytest.raises(FileNotFoundError):
        asset("nonesuch.css")


def test_nothing_is_loaded_from_other_sites() -> None:
    for file in FOLDER.rglob("*.*"):
        if file.suffix in (".css", ".svg") or (file.suffix == ".js" and "min" not in file.name):
            text = file.read_text("utf-8").replace("http://www.w3.org/", "")
            assert "//" not in re.sub(r"^\s*//.*$|\s// .*$", "", text, flags=re.M), file.name


def test_third_party_files_have_licences() -> None:
    for name in ("fonts/fraunces-LICENSE.txt", "fonts/instrument-sans-LICENSE.txt", "htmx-LICENSE.txt"):
        assert (FOLDER / name).stat().st_size > 500
