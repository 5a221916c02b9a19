import re

import pytest

from tests.service.web.conftest import Browser, words_of


def hits(page: str) -> list[str]:
    return re.findall(r'class="hit" href="/movies/(\w+)"', page)


def test_half_a_word_is_enough(browser: Browser) -> None:
    page = browser.get("/search?q=ali")
    assert set(hits(page)) == {"103", "104"}
    assert "2 films." in words_of(page)
    assert "<title>Search: ali · Matinee</title>" in page


def test_a_slip_is_forgiven_and_said(browser: Browser) -> None:
    page = browser.get("/search?q=alein")
    assert "103" in hits(page)
    told = words_of(page)
    assert "Nothing here is spelled “alein”." in told
    assert "Nearly spelled like it" in told
    assert "Is it missing?" in told


def test_nothing_found_says_how_to_add_it(browser: Browser) -> None:
    page = browser.get("/search?q=qqqqq")
    assert hits(page) == []
    assert "Is it missing?" in page
    assert "the 16 films" in words_of(page)
    assert "Nearly" not in page


def test_what_was_looked_at_lately_is_there_the_latest_first(ann_at: Browser) -> None:
    assert "Looked at lately" not in ann_at.get("/search")
    for movie in (100, 105, 100, 103):
        ann_at.get(f"/movies/{movie}")
    ann_at.house.events.flush()
    page = ann_at.get("/search?q=")
    assert re.findall(r'data-film="recent-(\w+)"', page) == ["103", "100", "105"]
    assert "Looked at lately" not in ann_at.get("/search?q=heat")


def test_what_others_looked_at_is_theirs(ann_at: Browser) -> None:
    ann_at.get("/movies/100")
    ann_at.house.events.flush()
    ann_at.come_in("Bob")
    assert "recent-" not in ann_at.get("/search")


@pytest.mark.parametrize("typed", ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cb%3E", "%00", "x" * 200])
def test_what_is_typed_is_text(browser: Browser, typed: str) -> None:
    page = browser.get(f"/search?q={typed}")
    assert "<script>alert" not in page
    assert '"><b>' not in page


def test_too_much_is_refused(browser: Browser) -> None:
    browser.get(f"/search?q={'x' * 201}", 422)
