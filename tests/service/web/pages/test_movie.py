import re
from collections.abc import Callable

import pytest

from tests.service.web.conftest import IN_PLACE, Browser, words_of


def films(page: str, row: str) -> list[str]:
    return re.findall(rf'data-film="{row}-(\w+)"', page)


def test_a_passer_by_sees_facts_and_likeness_and_is_asked_who_it_is(browser: Browser) -> None:
    page = browser.get("/movies/102")
    assert "<title>Amélie (1972) · Matinee</title>" in page
    assert "Say who you are, to rate it" in page
    assert 'href="/profiles?back=/movies/102"' in page
    assert all(int(one) % 2 == 0 for one in films(page, "similar")[:3])
    assert all(int(one) % 2 == 0 for one in films(page, "also-liked"))
    assert "Why, for you" not in page
    assert "star-line" not in page


def test_what_carries_a_film_is_told_until_it_is_rated(ann_at: Browser) -> None:
    assert "Rate a few films" in ann_at.get("/movies/102")
    ann_at.post("/movies/100/rating", stars="5")
    told = words_of(ann_at.get("/movies/102"))
    assert "Why, for you" in told
    assert "Because you liked Heat (5 stars)." in told
    assert "You gave it 5 stars." in told
    # Its neighbours have the same score but for rounding, which is another on other processors.
    assert re.search(r"Without your 5 for Heat it would fall from [12] to \d+\.", told)
    ann_at.post("/movies/102/rating", stars="4")
    rated = words_of(ann_at.get("/movies/102"))
    assert "You gave it 4 stars." in rated
    assert "Why, for you" not in rated


def test_stars_are_foretold_with_how_sure_they_are(new_browser: Callable[..., Browser], stars_folder: object) -> None:
    ann = new_browser(stars=stars_folder).come_in("Ann")
    assert "for you, " not in words_of(ann.get("/movies/102"))
    ann.post("/movies/100/rating", stars="5")
    told = words_of(ann.get("/movies/102"))
    assert re.search(
        r"(About|Perhaps) \S+ stars? for you, (quite sure|fairly sure|not so sure|but that is a guess)\.", told
    )
    assert "Told from your one rating and the" in told
    assert re.search(r"Of a hundred like it, about \d\d? come within one star\.", told)


def test_likeness_is_asked_by_the_address(ann_at: Browser) -> None:
    for by in ("content", "cf", "hybrid"):
        page = ann_at.get(f"/movies/100?by={by}&list=l-1")
        assert re.search(rf'id="by-{by}"[^>]* aria-current="true"', page)
        assert f'href="/movies/100?by={by}&amp;list=l-1#similar"' in page
        assert all(int(one) % 2 == 0 for one in films(page, "similar")[:3])
    ann_at.get("/movies/100?by=colour", 422)


def test_opening_it_is_kept_with_the_list_it_was_found_on(ann_at: Browser) -> None:
    ann_at.get("/movies/100?list=l-7")
    ann_at.get("/movies/101?by=cf", headers=IN_PLACE)  # a part of a page that is open already
    ann_at.house.events.flush()
    events = ann_at.house.store.events.page(1, kinds=("opened",)).items
    assert [(one.movie_id, one.list_id) for one in events] == [("100", "l-7")]
    assert events[0].fingerprint == ann_at.house.served.current.fingerprint
    assert '<input type="hidden" name="list_id" value="l-7">' in ann_at.get("/movies/100?list=l-7")


def test_what_is_not_for_somebody_has_no_place(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars="5")
    ann_at.post("/movies/102/not-interested")
    told = words_of(ann_at.get("/movies/102"))
    assert "It stands at number" not in told
    assert "Not for you: show it again" in told


def test_what_speaks_against_it_is_told(ann_at: Browser) -> None:
    for movie, stars in (("100", "5"), ("104", "5"), ("106", "0.5")):
        ann_at.post(f"/movies/{movie}/rating", stars=stars)
    told = words_of(ann_at.get("/movies/108"))
    assert "What speaks against it" in told
    assert re.search(r"You gave Vertigo ½ stars: \d\.\d times as far down your list for that\.", told)


def test_no_such_film_is_a_page(ann_at: Browser) -> None:
    assert "There is no such page" in ann_at.get("/movies/nonesuch", 404)


@pytest.mark.parametrize(("movie_id", "status"), [("%3Cb%3E", 404), ("..%2F..", 405), ("100%00", 404)])
def test_made_up_ids_are_not_found(ann_at: Browser, movie_id: str, status: int) -> None:
    assert "<b>" not in ann_at.get(f"/movies/{movie_id}", status)


def test_it_speaks_chinese(new_browser: Callable[..., Browser]) -> None:
    li = new_browser("zh").come_in("Li")
    li.post("/movies/100/rating", stars="5")
    page = li.get("/movies/102")
    assert "<title>Amélie（1972） · Matinee</title>" in page
    assert "因为你喜欢《Heat》（5星）。" in page
    assert "如果你没有给《Heat》打5星" in page


def test_where_nobodys_ratings_are_known_nothing_is_said_of_them(new_browser: Callable[..., Browser]) -> None:
    page = new_browser(also_liked=False).get("/movies/100")
    assert "also-liked" not in page
    assert films(page, "similar")
