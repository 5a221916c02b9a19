import re

from tests.service.web.conftest import Browser, words_of


def asked(page: str) -> str | None:
    found = re.search(r'name="movie_id" value="(\w+)"', page)
    return found[1] if found else None


def here(page: str) -> str:
    found = re.search(r'<form method="post" action="(/welcome[^"]*)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def react(browser: Browser, page: str, said: str) -> str:
    return browser.post(here(page), movie_id=asked(page), said=said)


def stars(browser: Browser) -> dict[str, float]:
    user = browser.house.store.users.all()[0]
    return {one.movie_id: one.stars for one in browser.house.store.ratings.history(user.id)}


def test_a_new_profile_is_led_here(browser: Browser) -> None:
    assert "Welcome, Ann" in browser.post("/profiles", name="Ann")


def test_nobody_is_asked_who_it_is(browser: Browser) -> None:
    assert browser.ask("GET", "/welcome").url.path == "/profiles"


def test_each_reaction_is_a_rating_and_brings_another_film(ann_at: Browser) -> None:
    page, seen = ann_at.get("/welcome"), list[str]()
    for said in ("loved", "liked", "not_for_me"):
        seen.append(asked(page) or "")
        page = react(ann_at, page, said)
    assert stars(ann_at) == dict(zip(seen, (5.0, 4.0, 1.5), strict=True))
    assert asked(page) not in seen
    ann_at.house.events.flush()


def test_three_reactions_are_enough(ann_at: Browser) -> None:
    page = ann_at.get("/welcome")
    for left in ("3 more", "2 more", "one more"):
        assert left in words_of(page)
        assert "Enough, show me" not in page
        page = react(ann_at, page, "liked")
    assert "Enough, show me" in page
    assert "3 of 10" in words_of(page)


def test_what_was_not_seen_stays_in_the_address_alone(ann_at: Browser) -> None:
    page = ann_at.get("/welcome")
    first = asked(page)
    page = react(ann_at, page, "not_seen")
    assert stars(ann_at) == {}
    assert "0 of 10" in words_of(page)
    assert here(page) == f"/welcome?unseen={first}"
    assert asked(page) != first
    assert asked(ann_at.get("/welcome")) == first


def test_after_ten_it_ends(ann_at: Browser) -> None:
    page = ann_at.get("/welcome")
    for _ in range(10):
        page = react(ann_at, page, "liked")
    assert asked(page) is None
    assert "That says a lot" in page
    assert len(stars(ann_at)) == 10


def test_who_has_seen_nothing_is_shown_the_way_to_search(ann_at: Browser) -> None:
    page = ann_at.get("/welcome")
    for _ in range(16):
        page = react(ann_at, page, "not_seen")
    assert asked(page) is None
    assert "Search for some that you like" in page


def test_the_last_reaction_can_be_taken_back(ann_at: Browser) -> None:
    page = react(ann_at, ann_at.get("/welcome"), "loved")
    (movie_id,) = stars(ann_at)
    page = ann_at.post(f"/movies/{movie_id}/rating/remove", back="/welcome")
    assert stars(ann_at) == {}
    assert asked(page) == movie_id


def test_made_up_addresses_and_answers_do_nothing(ann_at: Browser) -> None:
    assert "0 of 10" in words_of(ann_at.get("/welcome?rated=100&rated=nonesuch&unseen=x&utm=1"))
    ann_at.post("/welcome", 404, movie_id="nonesuch", said="loved")
    ann_at.post("/welcome", 422, movie_id="100", said="adored")
    ann_at.get("/welcome?" + "&".join("unseen=100" for _ in range(200)), 422)
    assert stars(ann_at) == {}
