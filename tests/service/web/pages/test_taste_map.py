import json
import re
import time

import pytest

from matinee.service.state.taste_maps import PendingMap, ReadyMap, TasteMapCache
from tests.service.web.conftest import Browser, words_of


def drawn_for(browser: Browser) -> ReadyMap:
    """The map, once it is there."""
    state = browser.house
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = state.taste_maps.get(state.served.current)
        if isinstance(found, ReadyMap):
            return found
        time.sleep(0.01)
    raise AssertionError("no map in 20 seconds")


def test_while_it_is_drawn_the_page_says_so_and_asks_again(ann_at: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TasteMapCache, "of", lambda *_: PendingMap("drawing", 0.0))
    page = ann_at.get("/taste/map?at=0.5,0.5,2")
    assert "The map is being drawn, which takes about 5 seconds." in words_of(page)
    assert 'hx-get="/taste/map?at=0.5,0.5,2" hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    ann_at.get("/taste/map.json", 503)
    monkeypatch.setattr(TasteMapCache, "of", lambda *_: PendingMap("failed", 0.0))
    assert "could not be drawn" in words_of(ann_at.get("/taste/map", 503))


def test_the_page_reads_without_scripts(ann_at: Browser) -> None:
    drawn_for(ann_at)
    ann_at.post("/movies/100/rating", stars=5)
    page = ann_at.get("/taste/map")
    assert re.search(r'<path class="dots" d="(M\d+ \d+h0){16}"', page)
    assert re.search(r'<path class="lit" stroke-width="12.0" d="M\d+ \d+h0"', page)
    assert page.count('<circle class="ring"') == 15  # all that are not rated, in so small a catalogue
    assert "You have rated one film." in words_of(page)
    words = words_of(page.split('id="in-words"')[1])
    assert re.search(r"(Even|Odd) one film of yours among \d+ Your best there: Heat 5 stars Recommended there:", words)
    assert sum(int(one) for one in re.findall(r"of yours among (\d+)", words)) == 16


def test_points_are_those_of_the_drawing_and_have_a_tag(ann_at: Browser) -> None:
    drawn = drawn_for(ann_at)
    ann_at.post("/movies/102/rating", stars=3.5)
    answer = ann_at.ask("GET", "/taste/map.json")
    points = json.loads(answer.text)
    assert {len(points[name]) for name in ("ids", "titles", "years", "x", "y")} == {16}
    place = points["ids"].index("102")
    assert points["titles"][place] == "Amélie"
    assert points["mine"] == [[place, 3.5]]
    assert place not in points["ringed"]
    assert points["x"][place] == round(float(drawn.map.coordinates[drawn.position[2], 0]) * points["size"])
    assert {name for *_, name in points["regions"]} <= {"Even", "Odd"}
    tag = {"if-none-match": answer.headers["etag"]}
    assert ann_at.ask("GET", "/taste/map.json", 304, headers=tag).text == ""
    ann_at.post("/movies/103/rating", stars=1)
    assert ann_at.ask("GET", "/taste/map.json", 200, headers=tag).headers["etag"] != answer.headers["etag"]


def test_who_rated_nothing_has_a_map_without_light(ann_at: Browser) -> None:
    drawn_for(ann_at)
    assert "You have rated 0 films." in words_of(ann_at.get("/taste/map"))
    points = json.loads(ann_at.ask("GET", "/taste/map.json").text)
    assert points["mine"] == points["ringed"] == []
