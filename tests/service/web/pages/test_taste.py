import re

from tests.service.web.conftest import Browser, visible_text


def rate(ann_browser: Browser, **stars: float) -> None:
    for movie, value in stars.items():
        ann_browser.post(f"/movies/{movie.removeprefix('m')}/rating", stars=value, back="/taste")


def titles_on(page: str, part: str) -> list[str]:
    section = page.split(f'id="{part}"')[1].split("</section>")[0]
    return [visible_text(title) for title in re.findall(r"<h3><a[^>]*>(.*?)</a>", section)]


def test_ratings_are_newest_first(ann_browser: Browser) -> None:
    rate(ann_browser, m100=5, m101=1, m102=3.5)
    page = ann_browser.get("/taste")
    assert titles_on(page, "rated") == ["Amélie", "The Third Man", "Heat"]
    assert re.search(r'value="3.5" id="stars-102-7" checked', page)
    assert "3 movies you have rated" in visible_text(page)
    assert "About 10 are enough" in visible_text(page)


def test_ratings_can_be_filtered_by_value(ann_browser: Browser) -> None:
    for row in range(14):
        ann_browser.post(f"/movies/{100 + row}/rating", stars=4 if row % 2 else 2)
    page = ann_browser.get("/taste", params={"stars": "4"})
    assert len(titles_on(page, "rated")) == 7
    assert "4 stars (7)" in visible_text(page)
    assert titles_on(ann_browser.get("/taste", params={"stars": "1"}), "rated") == []
    for stars in ("0", "6", "3.3", "many"):
        ann_browser.get("/taste", 422, params={"stars": stars})
    ann_browser.get("/taste", 400, params={"after": "no such place"})


def test_older_ratings_are_on_the_next_page(ann_browser: Browser) -> None:
    ids = [f"gone {number}" for number in range(8)] + [str(100 + row) for row in range(16)]
    user = ann_browser.state.store.users.all()[0].id
    for movie_id in ids:
        ann_browser.state.store.ratings.rate(user, movie_id, 4)
    page = ann_browser.get("/taste", params={"stars": "4"})
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    older = ann_browser.get(following[1].replace("&amp;", "&"))
    assert "gone 0 4 stars, not in this catalogue" in visible_text(older)
    assert 'rel="next"' not in older


def test_a_rating_can_be_excluded_and_counted_again(ann_browser: Browser) -> None:
    rate(ann_browser, m100=5, m102=5)
    user = ann_browser.state.store.users.all()[0].id
    page = ann_browser.post("/movies/100/excluded", back="/taste")
    assert "Not counted: count again" in visible_text(page)
    assert "the one movie you have rated" in visible_text(page)
    feedback = ann_browser.state.user_feedback.get(ann_browser.state.served.current, user)
    assert (feedback.history.movies.tolist(), feedback.hidden) == ([2], (0,))
    answer = ann_browser.post_htmx("/movies/100/excluded/remove")
    assert answer.headers["hx-trigger-after-settle"] == "rated"
    assert "Heat counts again." in visible_text(answer.text)
    assert "2 movies you have rated" in visible_text(ann_browser.get("/taste"))


def test_the_six_recommendations_follow_ratings(ann_browser: Browser) -> None:
    assert "Rate a movie, and six recommendations appear here." in visible_text(ann_browser.get("/taste"))
    rate(ann_browser, m100=5, m104=5)

    def six() -> set[int]:
        part = ann_browser.get("/taste").split('id="for-you"')[1].split("</section>")[0]
        return {int(movie_id) for movie_id in re.findall(r'href="/movies/(\d+)"', part)}

    assert len(six()) == 6
    first = sorted(six())
    ann_browser.post("/movies/104/rating/remove")
    ann_browser.post("/movies/100/rating/remove")
    rate(ann_browser, m101=5, m103=5)
    assert sorted(six()) != first
    assert sum(movie_id % 2 for movie_id in six()) > sum(
        movie_id % 2 for movie_id in first
    )  # odd films go with odd ones


def test_movies_can_be_removed_from_lists(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/watchlist")
    ann_browser.post("/movies/101/not-interested")
    user = ann_browser.state.store.users.all()[0].id
    ann_browser.state.store.lists.seen.add(user, "102")
    ann_browser.state.store.lists.seen.add(user, "gone")
    page = ann_browser.get("/taste")
    for movie_id, part, title in (
        (100, "watchlist", "Heat"), (101, "not-interested", "The Third Man"), (102, "seen", "Amélie")
    ):  # fmt: skip
        assert title in visible_text(page.split(f'id="{part}"')[1].split("</section>")[0])
        ann_browser.post(f"/movies/{movie_id}/{part}/remove", back="/taste")
    lists = ann_browser.state.store.lists
    assert lists.watchlist.ids(user) == lists.not_interested.ids(user) == set()
    assert lists.seen.ids(user) == {"gone"}
    assert "gone not in this catalogue" in visible_text(ann_browser.get("/taste"))


def test_a_rated_movie_is_not_listed_as_seen(ann_browser: Browser) -> None:
    user = ann_browser.state.store.users.all()[0].id
    for movie_id in ("100", "102"):
        ann_browser.state.store.lists.seen.add(user, movie_id)
    rate(ann_browser, m100=5)
    page = ann_browser.get("/taste")
    assert titles_on(page, "rated") == ["Heat"]
    seen = visible_text(page.split('id="seen"')[1].split("</section>")[0])
    assert "Amélie" in seen
    assert "Heat" not in seen
    assert ann_browser.state.user_feedback.get(ann_browser.state.served.current, user).history.movies.tolist() == [0]


def test_a_long_list_is_opened_by_its_address(ann_browser: Browser) -> None:
    for row in range(9):
        ann_browser.post(f"/movies/{100 + row}/watchlist")
    assert ann_browser.get("/taste").count("/watchlist/remove") == 6
    assert ann_browser.get("/taste", params={"opened": "watchlist"}).count("/watchlist/remove") == 9
    ann_browser.get("/taste", 422, params={"opened": "nothing"})


def test_the_newest_change_of_a_movie_can_be_undone(ann_browser: Browser) -> None:
    rate(ann_browser, m100=5)
    rate(ann_browser, m100=2)
    changes = ann_browser.get("/taste").split('id="changes"')[1]
    assert "5 stars, now 2 stars" in visible_text(changes)
    undo = re.findall(r'action="(/changes/\d+/undo)"', changes)
    assert len(undo) == 1
    page = ann_browser.post(undo[0], back="/taste#changes")
    assert "undone: 2 stars, now 5 stars" in visible_text(page)


def test_genre_shares_are_compared_with_the_catalogue(ann_browser: Browser) -> None:
    rate(ann_browser, m100=5, m102=4, m104=3, m101=1)
    charts = visible_text(ann_browser.get("/taste").split('id="charts"')[1].split('class="columns')[0])
    assert "Even 75% 50% 4.0 ★ Odd 25% 50% 1.0 ★" in charts


def test_a_visitor_is_sent_to_profiles(browser: Browser) -> None:
    answer = browser.request("GET", "/taste")
    assert answer.url.path == "/profiles"


def test_in_chinese(browser: Browser) -> None:
    browser.headers["accept-language"] = "zh"
    browser.create_profile("安")
    rate(browser, m100=4.5)
    page = visible_text(browser.get("/taste"))
    assert "片单的依据：你评过的 1 部电影。" in page
    assert "Rated" not in page
