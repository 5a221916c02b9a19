import re

import pytest

from tests.service.web.conftest import Browser, visible_text


def hits(page: str) -> list[str]:
    return re.findall(r'class="hit" href="/movies/(\w+)"', page)


def test_a_prefix_is_enough(browser: Browser) -> None:
    page = browser.get("/search?q=ali")
    assert set(hits(page)) == {"103", "104"}
    assert "2 movies." in visible_text(page)
    assert "<title>Search: ali · Matinee</title>" in page


def test_typos_are_corrected(browser: Browser) -> None:
    page = browser.get("/search?q=alein")
    assert "103" in hits(page)
    text = visible_text(page)
    assert "No match for “alein”." in text
    assert "Did you mean" in text
    assert "Not in this collection?" in text


def test_no_match_explains_how_to_add_movies(browser: Browser) -> None:
    page = browser.get("/search?q=qqqqq")
    assert hits(page) == []
    assert "Not in this collection?" in page
    assert "has 16 movies" in visible_text(page)
    assert "Did you mean" not in page


def test_recently_viewed_movies_are_newest_first(ann_browser: Browser) -> None:
    assert "Recently viewed" not in ann_browser.get("/search")
    for movie in (100, 105, 100, 103):
        ann_browser.get(f"/movies/{movie}")
    ann_browser.state.events.flush()
    page = ann_browser.get("/search?q=")
    assert re.findall(r'data-movie="recent-(\w+)"', page) == ["103", "100", "105"]
    assert "Recently viewed" not in ann_browser.get("/search?q=heat")


def test_recently_viewed_movies_are_private(ann_browser: Browser) -> None:
    ann_browser.get("/movies/100")
    ann_browser.state.events.flush()
    ann_browser.create_profile("Bob")
    assert "recent-" not in ann_browser.get("/search")


@pytest.mark.parametrize("typed", ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cb%3E", "%00", "x" * 200])
def test_queries_are_escaped(browser: Browser, typed: str) -> None:
    page = browser.get(f"/search?q={typed}")
    assert "<script>alert" not in page
    assert '"><b>' not in page


def test_long_queries_are_refused(browser: Browser) -> None:
    browser.get(f"/search?q={'x' * 201}", 422)
