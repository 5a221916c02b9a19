import re
from collections.abc import Callable

import pytest

from tests.service.web.conftest import HTMX, Browser, visible_text


def movies(page: str, row: str) -> list[str]:
    return re.findall(rf'data-movie="{row}-(\w+)"', page)


def test_a_visitor_sees_facts_and_similar_movies(browser: Browser) -> None:
    page = browser.get("/movies/102")
    assert "<title>Amélie (1972) · Matinee</title>" in page
    assert "Choose a profile to rate it" in page
    assert 'href="/profiles?back=/movies/102"' in page
    assert all(int(movie) % 2 == 0 for movie in movies(page, "similar")[:3])
    assert all(int(movie) % 2 == 0 for movie in movies(page, "also-liked"))
    assert "Why this movie" not in page
    assert "star-line" not in page


def test_reasons_are_shown_until_the_movie_is_rated(ann_browser: Browser) -> None:
    assert "Rate a few movies" in ann_browser.get("/movies/102")
    ann_browser.post("/movies/100/rating", stars="5")
    text = visible_text(ann_browser.get("/movies/102"))
    assert "Why this movie" in text
    assert "Because you liked Heat (5 stars)." in text
    assert "You gave it 5 stars." in text
    # Its neighbours have the same score but for rounding, which is another on other processors.
    assert re.search(r"Without your 5 for Heat it would fall from [12] to \d+\.", text)
    ann_browser.post("/movies/102/rating", stars="4")
    rated = visible_text(ann_browser.get("/movies/102"))
    assert "You gave it 4 stars." in rated
    assert "Why this movie" not in rated


def test_predicted_ratings_have_a_confidence(new_browser: Callable[..., Browser], rating_run_folder: object) -> None:
    ann = new_browser(rating_run=rating_run_folder).create_profile("Ann")
    assert "for you, " not in visible_text(ann.get("/movies/102"))
    ann.post("/movies/100/rating", stars="5")
    text = visible_text(ann.get("/movies/102"))
    assert re.search(
        r"(About|Perhaps) \S+ stars? for you, (quite sure|fairly sure|not so sure|but that is a guess)\.", text
    )
    assert "From your one rating and" in text
    assert re.search(r"About \d\d? in 100 such predictions are within one star\.", text)


def test_the_kind_of_similarity_is_in_the_address(ann_browser: Browser) -> None:
    for by in ("content", "cf", "hybrid"):
        page = ann_browser.get(f"/movies/100?by={by}&list=l-1")
        assert re.search(rf'id="by-{by}"[^>]* aria-current="true"', page)
        assert f'href="/movies/100?by={by}&amp;list=l-1#similar"' in page
        assert all(int(movie) % 2 == 0 for movie in movies(page, "similar")[:3])
    ann_browser.get("/movies/100?by=colour", 422)


def test_clicks_are_logged_with_their_list(ann_browser: Browser) -> None:
    ann_browser.get("/movies/100?list=l-7")
    ann_browser.get("/movies/101?by=cf", headers=HTMX)  # a part of a page that is open already
    ann_browser.state.events.flush()
    events = ann_browser.state.store.events.page(1, kinds=("clicked",)).items
    assert [(event.movie_id, event.list_id) for event in events] == [("100", "l-7")]
    assert events[0].fingerprint == ann_browser.state.served.current.fingerprint
    assert '<input type="hidden" name="list_id" value="l-7">' in ann_browser.get("/movies/100?list=l-7")


def test_a_hidden_movie_has_no_rank(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars="5")
    ann_browser.post("/movies/102/not-interested")
    text = visible_text(ann_browser.get("/movies/102"))
    assert "Number" not in text
    assert "Not interested: show again" in text


def test_detractors_are_shown(ann_browser: Browser) -> None:
    for movie, stars in (("100", "5"), ("104", "5"), ("106", "0.5")):
        ann_browser.post(f"/movies/{movie}/rating", stars=stars)
    text = visible_text(ann_browser.get("/movies/108"))
    assert "What speaks against it" in text
    assert re.search(r"You gave Vertigo ½ stars, so this is \d\.\d times as far down your list\.", text)


def test_an_unknown_movie_is_an_error_page(ann_browser: Browser) -> None:
    assert "Page not found" in ann_browser.get("/movies/nonesuch", 404)


@pytest.mark.parametrize(("movie_id", "status"), [("%3Cb%3E", 404), ("..%2F..", 405), ("100%00", 404)])
def test_made_up_ids_are_not_found(ann_browser: Browser, movie_id: str, status: int) -> None:
    assert "<b>" not in ann_browser.get(f"/movies/{movie_id}", status)


def test_in_chinese(new_browser: Callable[..., Browser]) -> None:
    li = new_browser("zh").create_profile("Li")
    li.post("/movies/100/rating", stars="5")
    page = li.get("/movies/102")
    assert "<title>Amélie（1972） · Matinee</title>" in page
    assert "因为你喜欢《Heat》（5星）。" in page
    assert "如果你没有给《Heat》打5星" in page


def test_without_ratings_to_count_fans_are_not_shown(new_browser: Callable[..., Browser]) -> None:
    page = new_browser(also_liked=False).get("/movies/100")
    assert "also-liked" not in page
    assert movies(page, "similar")
