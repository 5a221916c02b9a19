import json
import re
import time

import pytest

from matinee.service.state.taste_maps import PendingMap, ReadyMap, TasteMapCache
from tests.service.web.conftest import Browser, visible_text


def ready_map(browser: Browser) -> ReadyMap:
    """The map, once it is there."""
    state = browser.state
    end = time.monotonic() + 20
    while time.monotonic() < end:
        taste_map = state.taste_maps.get(state.served.current)
        if isinstance(taste_map, ReadyMap):
            return taste_map
        time.sleep(0.01)
    raise AssertionError("no map in 20 seconds")


def test_the_page_reloads_until_the_map_is_ready(ann_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TasteMapCache, "get", lambda *_: PendingMap("drawing", 0.0))
    page = ann_browser.get("/taste/map?at=0.5,0.5,2")
    assert "The map is being drawn, which takes about 5 seconds." in visible_text(page)
    assert 'hx-get="/taste/map?at=0.5,0.5,2" hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    ann_browser.get("/taste/map.json", 503)
    monkeypatch.setattr(TasteMapCache, "get", lambda *_: PendingMap("failed", 0.0))
    assert "could not be drawn" in visible_text(ann_browser.get("/taste/map", 503))


def test_the_page_reads_without_scripts(ann_browser: Browser) -> None:
    ready_map(ann_browser)
    ann_browser.post("/movies/100/rating", stars=5)
    page = ann_browser.get("/taste/map")
    assert re.search(r'<path class="dots" d="(M\d+ \d+h0){16}"', page)
    assert re.search(r'<path class="rated" stroke-width="12.0" d="M\d+ \d+h0"', page)
    assert page.count('<circle class="recommended"') == 15  # all that are not rated, in so small a catalogue
    assert "You have rated one movie." in visible_text(page)
    words = visible_text(page.split('id="in-words"')[1])
    assert re.search(r"(Even|Odd) one movie of yours among \d+ Your favourites: Heat 5 stars Recommended:", words)
    assert sum(int(count) for count in re.findall(r"of yours among (\d+)", words)) == 16


def test_points_match_the_map_and_have_an_etag(ann_browser: Browser) -> None:
    ready = ready_map(ann_browser)
    ann_browser.post("/movies/102/rating", stars=3.5)
    answer = ann_browser.request("GET", "/taste/map.json")
    points = json.loads(answer.text)
    assert {len(points[name]) for name in ("ids", "titles", "years", "x", "y")} == {16}
    index = points["ids"].index("102")
    assert points["titles"][index] == "Amélie"
    assert points["rated"] == [[index, 3.5]]
    assert index not in points["recommended"]
    assert points["x"][index] == round(float(ready.taste_map.coordinates[ready.positions[2], 0]) * points["size"])
    assert {name for *_, name in points["regions"]} <= {"Even", "Odd"}
    tag = {"if-none-match": answer.headers["etag"]}
    assert ann_browser.request("GET", "/taste/map.json", 304, headers=tag).text == ""
    ann_browser.post("/movies/103/rating", stars=1)
    assert ann_browser.request("GET", "/taste/map.json", 200, headers=tag).headers["etag"] != answer.headers["etag"]


def test_without_ratings_nothing_is_highlighted(ann_browser: Browser) -> None:
    ready_map(ann_browser)
    assert "You have rated 0 movies." in visible_text(ann_browser.get("/taste/map"))
    points = json.loads(ann_browser.request("GET", "/taste/map.json").text)
    assert points["rated"] == points["recommended"] == []
