import re
from collections.abc import Callable

import pytest

from tests.service.web.conftest import Browser, visible_text

TITLES = re.compile(r'<h3><a href="/movies/(\w+)">')


@pytest.fixture
def night_browser(ann_browser: Browser) -> Browser:
    """Ann's browser: she likes even movies. Bob, who likes odd ones, and Cleo, who has rated nothing, have profiles."""
    for name, movie_id in (("Bob", "101"), ("Cleo", None)):
        number = ann_browser.state.store.users.create(name).id
        if movie_id:
            ann_browser.state.store.ratings.rate(number, movie_id, 5)
    ann_browser.post("/movies/100/rating", stars="5")
    return ann_browser


def number_of(browser: Browser, name: str) -> int:
    user = browser.state.store.users.find_by_name(name)
    assert user
    return user.id


def test_alone_it_asks_for_members(night_browser: Browser) -> None:
    assert "Tick who is coming" in visible_text(night_browser.get("/movie-night"))


def test_three_movies_with_fits_and_the_compromise(night_browser: Browser) -> None:
    page = night_browser.get(f"/movie-night?users={number_of(night_browser, 'Bob')}")
    movie_ids = TITLES.findall(page)
    assert len(movie_ids) == 3
    assert not {"100", "101"} & set(movie_ids)
    text = visible_text(page)
    assert "For Ann and Bob" in text
    assert text.count("fit ") >= 6
    assert len(re.findall(r'class="fill" width="[\d.]+"', page)) == 6
    assert "gives way most" in text or "choice" in text


def test_guests_have_movies_they_like(night_browser: Browser) -> None:
    page = night_browser.get("/movie-night?guest=Dora&like=0:101")
    assert len(TITLES.findall(page)) == 3
    assert "ecause Dora liked The Third Man" in visible_text(page)


def test_a_change_leads_to_a_clean_address(night_browser: Browser) -> None:
    answer = night_browser.request("GET", "/movie-night?guest=Dora&guest=&q=third&mood=&change=like:0:101")
    assert str(answer.url).endswith("/movie-night?guest=Dora&like=0%3A101")


def test_a_search_offers_movies_or_says_there_are_none(night_browser: Browser) -> None:
    assert 'value="like:0:101"' in night_browser.get("/movie-night?guest=Dora&q=third")
    assert "No movie has that title" in night_browser.get("/movie-night?guest=Dora&q=zzzzqqqq")


def test_a_new_user_is_asked_about_five_movies(night_browser: Browser) -> None:
    cleo = number_of(night_browser, "Cleo")
    page = night_browser.get(f"/movie-night?users={cleo}&mood=")
    assert "Cleo’s taste is not known yet" in visible_text(page)
    forms = re.findall(rf'form="movie-{cleo}-(\w+)"', page)
    assert len(set(forms)) == 5
    page = night_browser.post(
        f"/movie-night/members/{cleo}/reaction?users={cleo}", movie_id=forms[0], reaction="disliked"
    )
    assert "For Ann and Cleo" in visible_text(page)
    rating = night_browser.state.store.ratings.get(cleo, forms[0])
    assert rating
    assert rating.value == 1.5


def test_filters_without_matches_say_so(night_browser: Browser) -> None:
    bob = number_of(night_browser, "Bob")
    assert "Loosen a filter" in visible_text(night_browser.get(f"/movie-night?users={bob}&decade=1930", 422))


def test_duplicate_names_and_nine_members_are_refused(night_browser: Browser) -> None:
    assert "Two people are called Ann" in visible_text(night_browser.get("/movie-night?guest=Ann", 422))
    many = "&".join(f"guest=G{number}" for number in range(8))
    assert "eight people at most" in visible_text(night_browser.get(f"/movie-night?{many}", 422))


def test_unknown_users_and_fields_are_ignored(night_browser: Browser) -> None:
    assert "Tick who is coming" in night_browser.get("/movie-night?users=999&utm=1")
    night_browser.get("/movie-night?strategy=unfair", 422)
    night_browser.post("/movie-night/members/999/reaction", 404, movie_id="100", reaction="liked")
    night_browser.post(
        f"/movie-night/members/{number_of(night_browser, 'Bob')}/reaction", 404, movie_id="x", reaction="liked"
    )


def test_names_are_text_and_never_markup(night_browser: Browser) -> None:
    page = night_browser.get("/movie-night?guest=%3Cb%3EEve%3C%2Fb%3E&like=0:101")
    assert "<b>Eve" not in page
    assert "&lt;b&gt;Eve" in page


def test_with_accounts_others_ratings_are_private(admin: Browser, new_browser: Callable[..., Browser]) -> None:
    other = admin.state.store.users.create("Bob").id
    admin.state.store.ratings.rate(other, "101", 5)
    assert "Add them as guests" in visible_text(admin.get(f"/movie-night?users={other}", 403))
    admin.post(f"/movie-night/members/{other}/reaction", 403, movie_id="100", reaction="loved")
    assert admin.state.store.ratings.get(other, "100") is None
    page = admin.get("/movie-night")
    assert "Bob" not in visible_text(page)
    assert len(TITLES.findall(admin.get("/movie-night?guest=Dora&like=0:101"))) == 3


def test_in_chinese(new_browser: Callable[..., Browser]) -> None:
    browser = new_browser("zh").create_profile("安")
    browser.post("/movies/100/rating", stars="5")
    page = visible_text(browser.get("/movie-night?guest=波&like=0:101"))
    assert "给安、波" in page
    assert "满意度" in page
    assert "satisfaction" not in page
