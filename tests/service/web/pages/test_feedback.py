import re

import pytest

from tests.service.web.conftest import Browser, visible_text


def stars_of(browser: Browser, movie: str = "100") -> float | None:
    rating = browser.state.store.ratings.get(browser.state.store.users.all()[0].id, movie)
    return None if rating is None else rating.value


def test_a_rating_by_a_plain_form_leads_back(ann_browser: Browser) -> None:
    answer = ann_browser.request("POST", "/movies/100/rating", data={"stars": "4.5", "back": "/?mood=laugh"})
    assert str(answer.url).endswith("/?mood=laugh")
    assert stars_of(ann_browser) == 4.5


def test_htmx_gets_changed_controls_an_event_and_an_undo(ann_browser: Browser) -> None:
    answer = ann_browser.post_htmx("/movies/100/rating", stars="3", back="/")
    assert answer.headers["hx-trigger-after-settle"] == "rated"
    page = answer.text
    assert '<div class="marks" id="marks-100">' in page
    assert re.search(r'value="3\.0"[^>]* checked', page)
    assert "Heat: 3 stars. Lists updated." in visible_text(page)
    undo = re.search(r'action="(/changes/\d+/undo)"', page)
    assert undo
    undone = ann_browser.post_htmx(undo[1], back="/")
    assert "undone" in undone.text
    assert stars_of(ann_browser) is None


@pytest.mark.parametrize("stars", ["0", "5.5", "4.3", "", "many", "nan", "inf", "-1"])
def test_invalid_ratings_are_refused(ann_browser: Browser, stars: str) -> None:
    assert ann_browser.request("POST", "/movies/100/rating", None, data={"stars": stars}).status_code == 422
    assert stars_of(ann_browser) is None


def test_an_unknown_movie_is_not_found(ann_browser: Browser) -> None:
    for path in ("rating", "watchlist", "not-interested"):
        assert "Page not found" in ann_browser.post(f"/movies/nonesuch/{path}", 404, stars="4")


def test_a_rating_can_be_cleared(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars="4")
    assert "rating cleared" in ann_browser.post_htmx("/movies/100/rating/remove").text
    assert stars_of(ann_browser) is None


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [("watchlist", "watchlist", "On your watchlist: remove"), ("not-interested", "not_interested", "show again")],
)
def test_movies_are_added_to_and_removed_from_lists(ann_browser: Browser, path: str, kind: str, text: str) -> None:
    ann = ann_browser.state.store.users.all()[0]
    movie_list = getattr(ann_browser.state.store.lists, kind)
    page = ann_browser.post_htmx(f"/movies/100/{path}").text
    assert movie_list.ids(ann.id) == {"100"}
    assert text.lower() in page.lower()
    assert 'aria-pressed="true"' in page
    ann_browser.post_htmx(f"/movies/100/{path}/remove")
    assert movie_list.ids(ann.id) == set()


def test_a_visitor_is_sent_to_profiles_and_rates_nothing(browser: Browser) -> None:
    assert "Who’s watching?" in visible_text(browser.post("/movies/100/rating", stars="4"))
    answer = browser.request("POST", "/movies/100/rating", 401, data={"stars": "4"}, headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"] == "/profiles"


def test_another_users_change_cannot_be_undone(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars="4")
    ann = ann_browser.state.store.users.all()[0]
    change = ann_browser.state.store.changes.page(ann.id).items[0].id
    ann_browser.create_profile("Ben")
    ann_browser.post(f"/changes/{change}/undo", 404)
    assert stars_of(ann_browser) == 4


def test_a_page_of_another_site_cannot_rate(ann_browser: Browser) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://example.org"}):
        assert (
            ann_browser.request("POST", "/movies/100/rating", None, data={"stars": "1"}, headers=headers).status_code
            == 403
        )
    assert stars_of(ann_browser) is None
