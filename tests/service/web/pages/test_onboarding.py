import re

from tests.service.web.conftest import Browser, visible_text


def question_of(page: str) -> str | None:
    match = re.search(r'name="movie_id" value="(\w+)"', page)
    return match[1] if match else None


def address_of(page: str) -> str:
    match = re.search(r'<form method="post" action="(/welcome[^"]*)"', page)
    assert match
    return match[1].replace("&amp;", "&")


def react(browser: Browser, page: str, reaction: str) -> str:
    return browser.post(address_of(page), movie_id=question_of(page), reaction=reaction)


def stars(browser: Browser) -> dict[str, float]:
    user = browser.state.store.users.all()[0]
    return {rating.movie_id: rating.value for rating in browser.state.store.ratings.history(user.id)}


def test_a_new_profile_starts_here(browser: Browser) -> None:
    assert "Welcome, Ann" in browser.post("/profiles", name="Ann")


def test_a_visitor_is_sent_to_profiles(browser: Browser) -> None:
    assert browser.request("GET", "/welcome").url.path == "/profiles"


def test_each_reaction_is_a_rating(ann_browser: Browser) -> None:
    page, seen = ann_browser.get("/welcome"), list[str]()
    for reaction in ("loved", "liked", "disliked"):
        seen.append(question_of(page) or "")
        page = react(ann_browser, page, reaction)
    assert stars(ann_browser) == dict(zip(seen, (5.0, 4.0, 1.5), strict=True))
    assert question_of(page) not in seen
    ann_browser.state.events.flush()


def test_three_reactions_are_enough(ann_browser: Browser) -> None:
    page = ann_browser.get("/welcome")
    for left in ("3 more", "2 more", "one more"):
        assert left in visible_text(page)
        assert "Enough, show me" not in page
        page = react(ann_browser, page, "liked")
    assert "Enough, show me" in page
    assert "3 of 10" in visible_text(page)


def test_unseen_movies_are_only_in_the_address(ann_browser: Browser) -> None:
    page = ann_browser.get("/welcome")
    first = question_of(page)
    page = react(ann_browser, page, "not_seen")
    assert stars(ann_browser) == {}
    assert "0 of 10" in visible_text(page)
    assert address_of(page) == f"/welcome?unseen={first}"
    assert question_of(page) != first
    assert question_of(ann_browser.get("/welcome")) == first


def test_it_ends_after_ten_movies(ann_browser: Browser) -> None:
    page = ann_browser.get("/welcome")
    for _ in range(10):
        page = react(ann_browser, page, "liked")
    assert question_of(page) is None
    assert "That says a lot" in page
    assert len(stars(ann_browser)) == 10


def test_without_seen_movies_it_leads_to_search(ann_browser: Browser) -> None:
    page = ann_browser.get("/welcome")
    for _ in range(16):
        page = react(ann_browser, page, "not_seen")
    assert question_of(page) is None
    assert "Search for some that you like" in page


def test_the_last_reaction_can_be_undone(ann_browser: Browser) -> None:
    page = react(ann_browser, ann_browser.get("/welcome"), "loved")
    (movie_id,) = stars(ann_browser)
    page = ann_browser.post(f"/movies/{movie_id}/rating/remove", back="/welcome")
    assert stars(ann_browser) == {}
    assert question_of(page) == movie_id


def test_invalid_addresses_and_answers_do_nothing(ann_browser: Browser) -> None:
    assert "0 of 10" in visible_text(ann_browser.get("/welcome?rated=100&rated=nonesuch&unseen=x&utm=1"))
    ann_browser.post("/welcome", 404, movie_id="nonesuch", reaction="loved")
    ann_browser.post("/welcome", 422, movie_id="100", reaction="adored")
    ann_browser.get("/welcome?" + "&".join("unseen=100" for _ in range(200)), 422)
    assert stars(ann_browser) == {}
