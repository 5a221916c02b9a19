import io
import re
import zipfile
from functools import cache

import httpx
import pytest

from tests.service.web.conftest import FORM, Browser, words_of

RATINGS = b"""Date,Name,Year,Letterboxd URI,Rating
2024-01-02,Heat,1970,https://boxd.it/1,4.5
2024-01-03,Alien,1973,https://boxd.it/2,2
2024-01-04,The Fourth Man,1950,https://boxd.it/3,5
"""
WANTED = b"Date,Name,Year,Letterboxd URI\n2024-01-02,Vertigo,1976,https://boxd.it/9\n"
SEEN = b"Title,Year\nHeat,1970\nAlien,1973\n"


@cache  # archives tell the time they were packed at
def letterboxd() -> bytes:
    """An export as Letterboxd packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ratings.csv", RATINGS)
        archive.writestr("watchlist.csv", WANTED)
        archive.writestr("profile.csv", "Date Joined,Username\n2020-01-01,ann\n")
    return packed.getvalue()


def bring(browser: Browser, *files: tuple[str, bytes], status: int = 200, **fields: str) -> httpx.Response:
    return browser.ask("POST", "/import", status, files=[("files", one) for one in files], data=fields)


def person_of(browser: Browser) -> int:
    return browser.house.store.users.all()[0].id


def test_a_diary_is_looked_at_before_anything_is_kept(ann_at: Browser) -> None:
    answer = bring(ann_at, ("letterboxd-ann.zip", letterboxd()))
    assert answer.url.path == "/import/1"
    words = words_of(answer.text)
    assert "From Letterboxd" in words
    assert "1 Not found 3 Matched Keep these 3 films Discard" in words
    assert "One of them goes on your watchlist." in words
    assert "The Fourth Man 1950" in words  # what needs a word is shown first
    assert ann_at.house.store.ratings.count(person_of(ann_at)) == 0
    matched = words_of(ann_at.get("/import/1", params={"group": "matched"}))
    assert "Heat 1970 4½ stars · 2024-01-02 · ratings.csv, 2 It is Heat (1970) the same title and year" in matched
    assert "Vertigo 1976 to be seen" in matched


def test_what_is_kept_counts_and_can_be_taken_back(ann_at: Browser) -> None:
    bring(ann_at, ("letterboxd-ann.zip", letterboxd()))
    ann_at.post("/movies/100/rating", stars=1)  # newer than the diary
    assert "2 films are kept. One was there already" in words_of(ann_at.post("/import/1/keep"))
    store, user = ann_at.house.store, person_of(ann_at)
    assert {one.movie_id: one.stars for one in store.ratings.history(user)} == {"100": 1, "103": 2}
    assert store.lists.watchlist.ids(user) == {"106"}
    assert "kept Take this import back" in words_of(ann_at.get("/import"))
    assert "This import was taken back." in words_of(ann_at.post("/import/1/undo"))
    assert {one.movie_id for one in store.ratings.history(user)} == {"100"}


def test_the_same_file_twice_says_so_and_adds_nothing(ann_at: Browser) -> None:
    bring(ann_at, ("a.zip", letterboxd()))
    again = bring(ann_at, ("b.zip", letterboxd()))
    assert again.url.path == "/import/1"
    assert "This file is here already: bringing it again added nothing." in words_of(again.text)
    ann_at.post("/import/1/keep")
    assert "It was kept on" in words_of(bring(ann_at, ("a.zip", letterboxd())).text)


def test_several_files_of_one_export_are_one_import(ann_at: Browser) -> None:
    answer = bring(ann_at, ("ratings.csv", RATINGS), ("watchlist.csv", WANTED))
    assert "3 Matched" in words_of(answer.text)


@pytest.mark.parametrize(
    ("name", "content", "fields", "told"),
    [
        ("films.csv", b"title,year\nHeat,1995\nGood, Bad,1966\n", {}, "films.csv, row 3: 3 columns; expected 2"),
        ("films.csv", b"a,b\n1,2\n", {}, "films.csv, row 1: the columns are 'a', 'b'; expected an export of"),
        ("x.zip", b"PK\x03\x04 broken", {}, "x.zip: not a readable zip archive"),
        ("films.csv", SEEN, {"scale": "ten"}, "'ten': expected the highest rating"),
        ("films.csv", SEEN, {"scale": "-1"}, "the scale is -1; expected the highest rating"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    ann_at: Browser, name: str, content: bytes, fields: dict[str, str], told: str
) -> None:
    page = words_of(bring(ann_at, (name, content), status=400, **fields).text)
    assert "This could not be read, and nothing of it was kept." in page
    assert told in page
    assert ann_at.house.store.imports.page(person_of(ann_at)).items == []


def test_no_file_is_told_too(ann_at: Browser) -> None:
    # As browsers send a form whose file was not chosen.
    empty = b'--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--x--\r\n'
    sent = {"content-type": "multipart/form-data; boundary=x"}
    page = ann_at.ask("POST", "/import", 400, content=empty, headers=sent).text
    assert "no file was brought; expected the export of a diary" in words_of(page)


def test_a_line_can_be_found_by_title_chosen_and_left_out(ann_at: Browser) -> None:
    bring(ann_at, ("a.zip", letterboxd()))
    page = ann_at.get("/import/1", params={"group": "missed", "line": "3", "q": "third man"})
    line = page.split('id="line-3"')[1].split("</li>\n</ol>")[0]
    assert re.findall(r'name="movie_id" value="(\d*)"', line) == ["101", ""]
    assert re.search(r"The Third Man 1971 rated by \d+", words_of(line))
    back = re.search(r'name="back" value="([^"]+)"', line)
    assert back
    page = ann_at.post("/import/1/lines/3", movie_id="101", back=back[1].replace("&amp;", "&"))
    assert "4 Matched Keep these 4 films" in words_of(page)
    ann_at.post("/import/1/lines/0", movie_id="")
    assert "1 Left out by you" in words_of(ann_at.get("/import/1"))
    ann_at.post("/import/1/keep")
    kept = {one.movie_id: one.stars for one in ann_at.house.store.ratings.history(person_of(ann_at))}
    assert kept == {"101": 5, "103": 2}


def test_in_place_a_line_comes_with_the_counts(ann_at: Browser) -> None:
    bring(ann_at, ("a.zip", letterboxd()))
    search = ann_at.ask("GET", "/import/1?line=3&q=zzzzqqq", headers={"hx-request": "true"}).text
    assert search.lstrip().startswith('<li class="line" id="line-3"')
    assert "No title here is like that." in words_of(search)
    chosen = ann_at.post_in_place("/import/1/lines/3", movie_id="101").text
    assert 'id="line-3" tabindex="-1" autofocus' in chosen
    assert "chosen by you" in words_of(chosen)
    assert 'hx-swap-oob="true"' in chosen
    assert "Keep these 4 films" in words_of(chosen)
    ann_at.post_in_place("/import/1/lines/9", 400, movie_id="101")
    ann_at.post_in_place("/import/1/lines/3", 404, movie_id="no such film")
    ann_at.ask("GET", "/import/1?line=9", 400, headers={"hx-request": "true"})


def test_films_that_were_only_seen_are_kept_as_seen_or_with_stars(ann_at: Browser) -> None:
    words = words_of(bring(ann_at, ("films.csv", SEEN)).text)
    assert "They are kept as seen: never recommended to you" in words
    assert "2 Seen, without stars Keep these 2 films" in words
    assert "2 Matched" in words_of(ann_at.post("/import/1/seen", stars="4.0"))
    assert "2 Seen, without stars" in words_of(ann_at.post("/import/1/seen", stars=""))
    ann_at.post("/import/1/keep")
    assert ann_at.house.store.lists.seen.ids(person_of(ann_at)) == {"100", "103"}
    assert "Seen, without stars" in words_of(ann_at.get("/taste"))


def test_long_diaries_have_pages(ann_at: Browser) -> None:
    rows = "".join(f"Made up {number},1950,4\n" for number in range(70))
    page = bring(ann_at, ("films.csv", f"title,year,rating\n{rows}".encode())).text
    assert page.count('<li class="line"') == 30
    assert "1 of 3" in words_of(page)
    last = ann_at.get("/import/1", params={"group": "missed", "page": "3"})
    assert last.count('<li class="line"') == 10
    assert ann_at.get("/import/1", params={"page": "99"}).count('<li class="line"') == 10


def test_discarded_is_forgotten_and_may_come_again(ann_at: Browser) -> None:
    bring(ann_at, ("a.zip", letterboxd()))
    assert "Discarded: nothing of it is kept." in words_of(ann_at.post("/import/1/discard"))
    ann_at.post("/import/1/keep", 409)
    assert bring(ann_at, ("a.zip", letterboxd())).url.path == "/import/2"


def test_an_import_is_of_who_brought_it(ann_at: Browser) -> None:
    bring(ann_at, ("a.zip", letterboxd()))
    other = Browser(ann_at.api.stranger()).come_in("Ben")
    other.get("/import/1", 404)
    for act in ("keep", "discard", "undo", "seen", "lines/0"):
        other.post(f"/import/1/{act}", 404)
    assert "Earlier imports" not in other.get("/import")
    assert ann_at.house.store.imports.get(person_of(ann_at), 1).status == "pending"


def test_nobody_is_led_to_where_one_says_who_one_is(browser: Browser) -> None:
    assert browser.ask("GET", "/import", headers=FORM).url.path == "/profiles"
    assert bring(browser, ("a.zip", letterboxd())).url.path == "/profiles"
