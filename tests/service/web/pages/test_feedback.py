import re

import pytest

from tests.service.web.conftest import Browser, words_of


def stars_of(browser: Browser, movie: str = "100") -> float | None:
    found = browser.house.store.ratings.get(browser.house.store.users.all()[0].id, movie)
    return None if found is None else found.stars


def test_a_rating_by_a_plain_form_is_kept_and_leads_back(ann_at: Browser) -> None:
    answer = ann_at.ask("POST", "/movies/100/rating", data={"stars": "4.5", "back": "/?mood=laugh"})
    assert str(answer.url).endswith("/?mood=laugh")
    assert stars_of(ann_at) == 4.5


def test_in_place_the_controls_come_back_changed_with_the_event_and_the_way_to_undo(ann_at: Browser) -> None:
    answer = ann_at.post_in_place("/movies/100/rating", stars="3", back="/")
    assert answer.headers["hx-trigger-after-settle"] == "rated"
    page = answer.text
    assert '<div class="marks" id="marks-100">' in page
    assert re.search(r'value="3\.0"[^>]* checked', page)
    assert "Heat: 3 stars. Your lists follow." in words_of(page)
    undo = re.search(r'action="(/changes/\d+/undo)"', page)
    assert undo
    undone = ann_at.post_in_place(undo[1], back="/")
    assert "as it was before" in undone.text
    assert stars_of(ann_at) is None


@pytest.mark.parametrize("stars", ["0", "5.5", "4.3", "", "many", "nan", "inf", "-1"])
def test_no_stars_but_halves_from_a_half_to_five_are_kept(ann_at: Browser, stars: str) -> None:
    assert ann_at.ask("POST", "/movies/100/rating", None, data={"stars": stars}).status_code == 422
    assert stars_of(ann_at) is None


def test_a_film_that_is_not_there_is_told(ann_at: Browser) -> None:
    for path in ("rating", "watchlist", "not-interested"):
        assert "There is no such page" in ann_at.post(f"/movies/nonesuch/{path}", 404, stars="4")


def test_stars_can_be_taken_away(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars="4")
    assert "taken away" in ann_at.post_in_place("/movies/100/rating/remove").text
    assert stars_of(ann_at) is None


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [("watchlist", "watchlist", "Take it off"), ("not-interested", "not_interested", "show it again")],
)
def test_films_go_onto_lists_and_off_them(ann_at: Browser, path: str, kind: str, said: str) -> None:
    ann = ann_at.house.store.users.all()[0]
    films = getattr(ann_at.house.store.lists, kind)
    on = ann_at.post_in_place(f"/movies/100/{path}").text
    assert films.ids(ann.id) == {"100"}
    assert said.lower() in on.lower()
    assert 'aria-pressed="true"' in on
    ann_at.post_in_place(f"/movies/100/{path}/remove")
    assert films.ids(ann.id) == set()


def test_a_passer_by_is_asked_who_it_is_and_nothing_is_kept(browser: Browser) -> None:
    assert "Who is it?" in words_of(browser.post("/movies/100/rating", stars="4"))
    answer = browser.ask("POST", "/movies/100/rating", 401, data={"stars": "4"}, headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"] == "/profiles"


def test_another_persons_change_cannot_be_undone(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars="4")
    ann = ann_at.house.store.users.all()[0]
    change = ann_at.house.store.changes.page(ann.id).items[0].id
    ann_at.come_in("Ben")
    ann_at.post(f"/changes/{change}/undo", 404)
    assert stars_of(ann_at) == 4


def test_a_page_of_another_site_cannot_rate(ann_at: Browser) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://example.org"}):
        assert ann_at.ask("POST", "/movies/100/rating", None, data={"stars": "1"}, headers=headers).status_code == 403
    assert stars_of(ann_at) is None
