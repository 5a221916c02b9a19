import re
from collections.abc import Callable

import pytest

from tests.service.web.conftest import Browser, words_of

TITLES = re.compile(r'<h3><a href="/movies/(\w+)">')


@pytest.fixture
def company(ann_at: Browser) -> Browser:
    """Ann, who likes even films, is here; Bob, who likes odd ones, and Cleo, who has said nothing, have profiles."""
    for name, film in (("Bob", "101"), ("Cleo", None)):
        number = ann_at.house.store.users.create(name).id
        if film:
            ann_at.house.store.ratings.rate(number, film, 5)
    ann_at.post("/movies/100/rating", stars="5")
    return ann_at


def number_of(browser: Browser, name: str) -> int:
    user = browser.house.store.users.by_name(name)
    assert user
    return user.id


def test_alone_it_asks_who_else_comes(company: Browser) -> None:
    assert "Tick who is coming" in words_of(company.get("/movie-night"))


def test_three_films_with_each_ones_delight_and_the_compromise(company: Browser) -> None:
    page = company.get(f"/movie-night?people={number_of(company, 'Bob')}")
    films = TITLES.findall(page)
    assert len(films) == 3
    assert not {"100", "101"} & set(films)
    told = words_of(page)
    assert "For Ann and Bob" in told
    assert told.count("satisfaction") >= 6
    assert len(re.findall(r'class="fill" width="[\d.]+"', page)) == 6
    assert "gives way most" in told or "choice" in told


def test_guests_come_with_films_they_like(company: Browser) -> None:
    page = company.get("/movie-night?guest=Dora&like=0:101")
    assert len(TITLES.findall(page)) == 3
    assert "ecause Dora liked The Third Man" in words_of(page)


def test_a_change_leads_to_a_clean_address(company: Browser) -> None:
    answer = company.ask("GET", "/movie-night?guest=Dora&guest=&q=third&mood=&do=like:0:101")
    assert str(answer.url).endswith("/movie-night?guest=Dora&like=0%3A101")


def test_a_search_offers_films_and_says_when_there_is_none(company: Browser) -> None:
    assert 'value="like:0:101"' in company.get("/movie-night?guest=Dora&q=third")
    assert "No film is called that" in company.get("/movie-night?guest=Dora&q=zzzzqqqq")


def test_who_is_not_known_is_asked_five_posters(company: Browser) -> None:
    cleo = number_of(company, "Cleo")
    page = company.get(f"/movie-night?people={cleo}&mood=")
    assert "Little is known of Cleo" in words_of(page)
    forms = re.findall(rf'form="film-{cleo}-(\w+)"', page)
    assert len(set(forms)) == 5
    page = company.post(f"/movie-night/members/{cleo}/reaction?people={cleo}", movie_id=forms[0], said="not_for_me")
    assert "For Ann and Cleo" in words_of(page)
    rating = company.house.store.ratings.get(cleo, forms[0])
    assert rating
    assert rating.stars == 1.5


def test_films_can_be_steered_and_too_much_is_said_to_be(company: Browser) -> None:
    bob = number_of(company, "Bob")
    assert "Ask for less" in words_of(company.get(f"/movie-night?people={bob}&decade=1930", 422))


def test_two_of_one_name_and_more_than_eight_are_refused_in_a_sentence(company: Browser) -> None:
    assert "Two people are called Ann" in words_of(company.get("/movie-night?guest=Ann", 422))
    many = "&".join(f"guest=G{number}" for number in range(8))
    assert "eight people at most" in words_of(company.get(f"/movie-night?{many}", 422))


def test_people_who_are_gone_and_odd_addresses_do_no_harm(company: Browser) -> None:
    assert "Tick who is coming" in company.get("/movie-night?people=999&utm=1")
    company.get("/movie-night?strategy=unfair", 422)
    company.post("/movie-night/members/999/reaction", 404, movie_id="100", said="liked")
    company.post(f"/movie-night/members/{number_of(company, 'Bob')}/reaction", 404, movie_id="x", said="liked")


def test_names_are_text_and_never_markup(company: Browser) -> None:
    page = company.get("/movie-night?guest=%3Cb%3EEve%3C%2Fb%3E&like=0:101")
    assert "<b>Eve" not in page
    assert "&lt;b&gt;Eve" in page


def test_with_accounts_others_ratings_are_out_of_reach(admin: Browser, new_browser: Callable[..., Browser]) -> None:
    other = admin.house.store.users.create("Bob").id
    admin.house.store.ratings.rate(other, "101", 5)
    assert "add them as guests" in words_of(admin.get(f"/movie-night?people={other}", 403))
    admin.post(f"/movie-night/members/{other}/reaction", 403, movie_id="100", said="loved")
    assert admin.house.store.ratings.get(other, "100") is None
    page = admin.get("/movie-night")
    assert "Bob" not in words_of(page)
    assert len(TITLES.findall(admin.get("/movie-night?guest=Dora&like=0:101"))) == 3


def test_it_is_told_in_chinese(new_browser: Callable[..., Browser]) -> None:
    browser = new_browser("zh").come_in("安")
    browser.post("/movies/100/rating", stars="5")
    page = words_of(browser.get("/movie-night?guest=波&like=0:101"))
    assert "给安、波" in page
    assert "合意度" in page
    assert "satisfaction" not in page
