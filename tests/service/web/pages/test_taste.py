import re

from tests.service.web.conftest import Browser, words_of


def rated_by(ann_at: Browser, **stars: float) -> None:
    for movie, value in stars.items():
        ann_at.post(f"/movies/{movie.removeprefix('m')}/rating", stars=value, back="/taste")


def titles_on(page: str, part: str) -> list[str]:
    section = page.split(f'id="{part}"')[1].split("</section>")[0]
    return [words_of(one) for one in re.findall(r"<h3><a[^>]*>(.*?)</a>", section)]


def test_what_was_rated_is_there_the_newest_first_with_its_stars(ann_at: Browser) -> None:
    rated_by(ann_at, m100=5, m101=1, m102=3.5)
    page = ann_at.get("/taste")
    assert titles_on(page, "rated") == ["Amélie", "The Third Man", "Heat"]
    assert re.search(r'value="3.5" id="stars-102-7" checked', page)
    assert "3 films you have rated" in words_of(page)
    assert "From about 10 on it means something" in words_of(page)


def test_stars_filter_and_long_lists_have_pages(ann_at: Browser) -> None:
    for row in range(14):
        ann_at.post(f"/movies/{100 + row}/rating", stars=4 if row % 2 else 2)
    page = ann_at.get("/taste", params={"stars": "4"})
    assert len(titles_on(page, "rated")) == 7
    assert "4 stars (7)" in words_of(page)
    assert titles_on(ann_at.get("/taste", params={"stars": "1"}), "rated") == []
    for stars in ("0", "6", "3.3", "many"):
        ann_at.get("/taste", 422, params={"stars": stars})
    ann_at.get("/taste", 400, params={"after": "no such place"})


def test_older_ratings_are_on_the_next_page(ann_at: Browser) -> None:
    ids = [f"gone {number}" for number in range(8)] + [str(100 + row) for row in range(16)]
    user = ann_at.house.store.users.all()[0].id
    for movie_id in ids:
        ann_at.house.store.ratings.rate(user, movie_id, 4)
    page = ann_at.get("/taste", params={"stars": "4"})
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    older = ann_at.get(following[1].replace("&amp;", "&"))
    assert "gone 0 4 stars, not in this catalogue" in words_of(older)
    assert 'rel="next"' not in older


def test_a_film_that_is_left_out_counts_no_more_and_counts_again(ann_at: Browser) -> None:
    rated_by(ann_at, m100=5, m102=5)
    user = ann_at.house.store.users.all()[0].id
    page = ann_at.post("/movies/100/excluded", back="/taste")
    assert "Left out of your taste: count it again" in words_of(page)
    assert "the one film you have rated" in words_of(page)
    feedback = ann_at.house.user_feedback.get(ann_at.house.served.current, user)
    assert (feedback.history.movies.tolist(), feedback.hidden) == ([2], (0,))
    answer = ann_at.post_in_place("/movies/100/excluded/remove")
    assert answer.headers["hx-trigger-after-settle"] == "rated"
    assert "Heat counts again." in words_of(answer.text)
    assert "2 films you have rated" in words_of(ann_at.get("/taste"))


def test_the_six_for_you_follow_what_is_rated(ann_at: Browser) -> None:
    assert "Rate a film, and six that go with it stand here." in words_of(ann_at.get("/taste"))
    rated_by(ann_at, m100=5, m104=5)

    def six() -> set[int]:
        part = ann_at.get("/taste").split('id="for-you"')[1].split("</section>")[0]
        return {int(one) for one in re.findall(r'href="/movies/(\d+)"', part)}

    assert len(six()) == 6
    first = sorted(six())
    ann_at.post("/movies/104/rating/remove")
    ann_at.post("/movies/100/rating/remove")
    rated_by(ann_at, m101=5, m103=5)
    assert sorted(six()) != first
    assert sum(one % 2 for one in six()) > sum(one % 2 for one in first)  # odd films go with odd ones


def test_lists_are_there_and_what_is_on_them_can_be_taken_off(ann_at: Browser) -> None:
    ann_at.post("/movies/100/watchlist")
    ann_at.post("/movies/101/not-interested")
    user = ann_at.house.store.users.all()[0].id
    ann_at.house.store.lists.seen.add(user, "102")
    ann_at.house.store.lists.seen.add(user, "gone")
    page = ann_at.get("/taste")
    for part, title in (("watchlist", "Heat"), ("not-interested", "The Third Man"), ("seen", "Amélie")):
        assert title in words_of(page.split(f'id="{part}"')[1].split("</section>")[0])
        ann_at.post(f"/movies/{100 + ['watchlist', 'not-interested', 'seen'].index(part)}/{part}/remove", back="/taste")
    lists = ann_at.house.store.lists
    assert lists.watchlist.ids(user) == lists.not_interested.ids(user) == set()
    assert lists.seen.ids(user) == {"gone"}
    assert "gone not in this catalogue" in words_of(ann_at.get("/taste"))


def test_a_seen_film_that_is_given_stars_counts_and_is_listed_with_the_rated(ann_at: Browser) -> None:
    user = ann_at.house.store.users.all()[0].id
    for movie_id in ("100", "102"):
        ann_at.house.store.lists.seen.add(user, movie_id)
    rated_by(ann_at, m100=5)
    page = ann_at.get("/taste")
    assert titles_on(page, "rated") == ["Heat"]
    seen = words_of(page.split('id="seen"')[1].split("</section>")[0])
    assert "Amélie" in seen
    assert "Heat" not in seen
    assert ann_at.house.user_feedback.get(ann_at.house.served.current, user).history.movies.tolist() == [0]


def test_a_long_list_is_opened_by_its_address(ann_at: Browser) -> None:
    for row in range(9):
        ann_at.post(f"/movies/{100 + row}/watchlist")
    assert ann_at.get("/taste").count("/watchlist/remove") == 6
    assert ann_at.get("/taste", params={"opened": "watchlist"}).count("/watchlist/remove") == 9
    ann_at.get("/taste", 422, params={"opened": "nothing"})


def test_the_newest_change_of_a_film_can_be_taken_back(ann_at: Browser) -> None:
    rated_by(ann_at, m100=5)
    rated_by(ann_at, m100=2)
    changes = ann_at.get("/taste").split('id="changes"')[1]
    assert "5 stars, now 2 stars" in words_of(changes)
    undo = re.findall(r'action="(/changes/\d+/undo)"', changes)
    assert len(undo) == 1
    page = ann_at.post(undo[0], back="/taste#changes")
    assert "taken back: 2 stars, now 5 stars" in words_of(page)


def test_shares_are_of_genres_beside_the_catalogue(ann_at: Browser) -> None:
    rated_by(ann_at, m100=5, m102=4, m104=3, m101=1)
    drawn = words_of(ann_at.get("/taste").split('id="drawn"')[1].split('class="columns')[0])
    assert "Even 75% 50% 4.0 ★ Odd 25% 50% 1.0 ★" in drawn


def test_who_is_nobody_is_led_to_where_one_says_who_one_is(browser: Browser) -> None:
    answer = browser.ask("GET", "/taste")
    assert answer.url.path == "/profiles"


def test_in_chinese(browser: Browser) -> None:
    browser.headers["accept-language"] = "zh"
    browser.come_in("安")
    rated_by(browser, m100=4.5)
    page = words_of(browser.get("/taste"))
    assert "片单的依据：你评过的 1 部电影。" in page
    assert "Rated" not in page
