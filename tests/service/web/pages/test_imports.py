import io
import re
import zipfile
from functools import cache

import httpx
import pytest

from tests.service.web.conftest import FORM, Browser, visible_text

RATINGS = b"""Date,Name,Year,Letterboxd URI,Rating
2024-01-02,Heat,1970,https://boxd.it/1,4.5
2024-01-03,Alien,1973,https://boxd.it/2,2
2024-01-04,The Fourth Man,1950,https://boxd.it/3,5
"""
WANTED = b"Date,Name,Year,Letterboxd URI\n2024-01-02,Vertigo,1976,https://boxd.it/9\n"
SEEN = b"Title,Year\nHeat,1970\nAlien,1973\n"


@cache  # an archive contains the time it was packed
def letterboxd() -> bytes:
    """An export as Letterboxd packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ratings.csv", RATINGS)
        archive.writestr("watchlist.csv", WANTED)
        archive.writestr("profile.csv", "Date Joined,Username\n2020-01-01,ann\n")
    return packed.getvalue()


def upload(browser: Browser, *files: tuple[str, bytes], status: int = 200, **fields: str) -> httpx.Response:
    return browser.request("POST", "/import", status, files=[("files", file) for file in files], data=fields)


def user_id_of(browser: Browser) -> int:
    return browser.state.store.users.all()[0].id


def test_an_upload_stores_no_ratings(ann_browser: Browser) -> None:
    answer = upload(ann_browser, ("letterboxd-ann.zip", letterboxd()))
    assert answer.url.path == "/import/1"
    words = visible_text(answer.text)
    assert "From Letterboxd" in words
    assert "1 Not found 3 Matched Save these 3 movies Discard" in words
    assert "One of them goes to your watchlist." in words
    assert "The Fourth Man 1950" in words  # lines that need a decision come first
    assert ann_browser.state.store.ratings.count(user_id_of(ann_browser)) == 0
    matched = visible_text(ann_browser.get("/import/1", params={"group": "matched"}))
    assert "Heat 1970 4½ stars · 2 Jan 2024 · ratings.csv, 2 Heat (1970) : the same title and year" in matched
    assert "Vertigo 1976 Watchlist" in matched


def test_a_saved_import_counts_and_can_be_undone(ann_browser: Browser) -> None:
    upload(ann_browser, ("letterboxd-ann.zip", letterboxd()))
    ann_browser.post("/movies/100/rating", stars=1)  # newer than the diary
    assert "2 movies saved. One was already there" in visible_text(ann_browser.post("/import/1/keep"))
    store, user = ann_browser.state.store, user_id_of(ann_browser)
    assert {rating.movie_id: rating.value for rating in store.ratings.history(user)} == {"100": 1, "103": 2}
    assert store.lists.watchlist.ids(user) == {"106"}
    assert "saved Undo this import" in visible_text(ann_browser.get("/import"))
    assert "This import was undone." in visible_text(ann_browser.post("/import/1/undo"))
    assert {rating.movie_id for rating in store.ratings.history(user)} == {"100"}


def test_the_same_file_adds_nothing(ann_browser: Browser) -> None:
    upload(ann_browser, ("a.zip", letterboxd()))
    again = upload(ann_browser, ("b.zip", letterboxd()))
    assert again.url.path == "/import/1"
    assert "You have already imported this file. Nothing was added." in visible_text(again.text)
    ann_browser.post("/import/1/keep")
    assert "Saved on" in visible_text(upload(ann_browser, ("a.zip", letterboxd())).text)


def test_several_files_of_one_export_are_one_import(ann_browser: Browser) -> None:
    answer = upload(ann_browser, ("ratings.csv", RATINGS), ("watchlist.csv", WANTED))
    assert "3 Matched" in visible_text(answer.text)


@pytest.mark.parametrize(
    ("name", "content", "fields", "error"),
    [
        ("movies.csv", b"title,year\nHeat,1995\nGood, Bad,1966\n", {}, "movies.csv, row 3: 3 columns instead of 2"),
        ("movies.csv", b"a,b\n1,2\n", {}, "movies.csv, row 1: the columns are 'a', 'b'"),
        ("x.zip", b"PK\x03\x04 broken", {}, "x.zip"),
        ("movies.csv", SEEN, {"scale": "ten"}, "'ten' is no rating. Enter the highest rating"),
        ("movies.csv", SEEN, {"scale": "-1"}, "The scale -1 is invalid."),
    ],
)
def test_errors_name_the_file_and_the_row(
    ann_browser: Browser, name: str, content: bytes, fields: dict[str, str], error: str
) -> None:
    page = visible_text(upload(ann_browser, (name, content), status=400, **fields).text)
    assert "This file could not be read. Nothing was saved." in page
    assert error in page
    assert ann_browser.state.store.imports.page(user_id_of(ann_browser)).items == []


def test_a_form_without_a_file_is_refused(ann_browser: Browser) -> None:
    # Browsers send this for a form without a chosen file.
    empty = b'--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--x--\r\n'
    sent = {"content-type": "multipart/form-data; boundary=x"}
    page = ann_browser.request("POST", "/import", 400, content=empty, headers=sent).text
    assert "No file was uploaded. Choose the export of a diary." in visible_text(page)


def test_a_line_can_be_matched_by_title_or_skipped(ann_browser: Browser) -> None:
    upload(ann_browser, ("a.zip", letterboxd()))
    page = ann_browser.get("/import/1", params={"group": "missed", "line": "3", "q": "third man"})
    line = page.split('id="line-3"')[1].split("</li>\n</ol>")[0]
    assert re.findall(r'name="movie_id" value="(\d*)"', line) == ["101", ""]
    assert re.search(r"The Third Man 1971 rated by \d+", visible_text(line))
    back = re.search(r'name="back" value="([^"]+)"', line)
    assert back
    page = ann_browser.post("/import/1/lines/3", movie_id="101", back=back[1].replace("&amp;", "&"))
    assert "4 Matched Save these 4 movies" in visible_text(page)
    ann_browser.post("/import/1/lines/0", movie_id="")
    assert "1 Skipped" in visible_text(ann_browser.get("/import/1"))
    ann_browser.post("/import/1/keep")
    ratings = {
        rating.movie_id: rating.value for rating in ann_browser.state.store.ratings.history(user_id_of(ann_browser))
    }
    assert ratings == {"101": 5, "103": 2}


def test_htmx_gets_the_line_with_the_counts(ann_browser: Browser) -> None:
    upload(ann_browser, ("a.zip", letterboxd()))
    search = ann_browser.request("GET", "/import/1?line=3&q=zzzzqqq", headers={"hx-request": "true"}).text
    assert search.lstrip().startswith('<li class="import-line" id="line-3"')
    assert "No similar titles." in visible_text(search)
    chosen = ann_browser.post_htmx("/import/1/lines/3", movie_id="101").text
    assert 'id="line-3" tabindex="-1" autofocus' in chosen
    assert "chosen by you" in visible_text(chosen)
    assert 'hx-swap-oob="true"' in chosen
    assert "Save these 4 movies" in visible_text(chosen)
    ann_browser.post_htmx("/import/1/lines/9", 400, movie_id="101")
    ann_browser.post_htmx("/import/1/lines/3", 404, movie_id="no such film")
    ann_browser.request("GET", "/import/1?line=9", 400, headers={"hx-request": "true"})


def test_seen_movies_are_saved_with_or_without_a_rating(ann_browser: Browser) -> None:
    words = visible_text(upload(ann_browser, ("movies.csv", SEEN)).text)
    assert "They are saved as seen" in words
    assert "2 Seen, not rated Save these 2 movies" in words
    assert "2 Matched" in visible_text(ann_browser.post("/import/1/seen", stars="4.0"))
    assert "2 Seen, not rated" in visible_text(ann_browser.post("/import/1/seen", stars=""))
    ann_browser.post("/import/1/keep")
    assert ann_browser.state.store.lists.seen.ids(user_id_of(ann_browser)) == {"100", "103"}
    assert "Seen, not rated" in visible_text(ann_browser.get("/taste"))


def test_long_diaries_have_pages(ann_browser: Browser) -> None:
    rows = "".join(f"Unknown {number},1950,4\n" for number in range(70))
    page = upload(ann_browser, ("movies.csv", f"title,year,rating\n{rows}".encode())).text
    assert page.count('<li class="import-line"') == 30
    assert "1 of 3" in visible_text(page)
    last = ann_browser.get("/import/1", params={"group": "missed", "page": "3"})
    assert last.count('<li class="import-line"') == 10
    assert ann_browser.get("/import/1", params={"page": "99"}).count('<li class="import-line"') == 10


def test_a_discarded_file_can_be_imported_again(ann_browser: Browser) -> None:
    upload(ann_browser, ("a.zip", letterboxd()))
    assert "Discarded. Nothing was saved." in visible_text(ann_browser.post("/import/1/discard"))
    ann_browser.post("/import/1/keep", 409)
    assert upload(ann_browser, ("a.zip", letterboxd())).url.path == "/import/2"


def test_an_import_belongs_to_its_user(ann_browser: Browser) -> None:
    upload(ann_browser, ("a.zip", letterboxd()))
    other = Browser(ann_browser.api.new_browser()).create_profile("Ben")
    other.get("/import/1", 404)
    for act in ("keep", "discard", "undo", "seen", "lines/0"):
        other.post(f"/import/1/{act}", 404)
    assert "Earlier imports" not in other.get("/import")
    assert ann_browser.state.store.imports.get(user_id_of(ann_browser), 1).status == "pending"


def test_a_visitor_is_sent_to_profiles(browser: Browser) -> None:
    assert browser.request("GET", "/import", headers=FORM).url.path == "/profiles"
    assert upload(browser, ("a.zip", letterboxd())).url.path == "/profiles"
