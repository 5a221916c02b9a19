import re

from tests.service.web.conftest import Browser, visible_text


def movies(page: str, row: str = "for-you") -> list[str]:
    return re.findall(rf'data-movie="{row}-(\w+)"', page)


def test_a_visitor_is_sent_to_profiles(browser: Browser) -> None:
    assert browser.request("GET", "/").url.path == "/profiles"


def test_without_ratings_there_are_popular_movies(ann_browser: Browser) -> None:
    page = ann_browser.get("/")
    assert "You have not rated anything yet" in page
    assert len(set(movies(page))) == len(movies(page)) > 5


def test_a_rating_changes_the_list_at_once(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars="5")
    even = ann_browser.get("/?variety=0")
    assert all(int(movie) % 2 == 0 for movie in movies(even)[:4])
    assert "100" not in movies(even)
    assert "Because you liked Heat" in even
    ann_browser.post("/movies/100/rating", stars="0.5")
    ann_browser.post("/movies/101/rating", stars="5")
    odd = ann_browser.get("/?variety=0")
    assert all(int(movie) % 2 == 1 for movie in movies(odd)[:3])


def test_impressions_are_logged(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars="5")
    page = ann_browser.get("/")
    list_id = re.search(r"\?list=(l-\w+)", page)
    assert list_id
    ann_browser.state.events.flush()
    events = ann_browser.state.store.events.for_list(list_id[1])
    assert [event.movie_id for event in events] == movies(page)


def test_each_row_logs_only_the_shown_movies(ann_browser: Browser) -> None:
    ann_browser.post_htmx("/movies/100/rating", stars="5")
    page = ann_browser.get("/")
    ann_browser.state.events.flush()
    ann = ann_browser.state.store.users.all()[0]
    impressions = ann_browser.state.store.events.page(ann.id, kinds=("shown",), limit=500).items
    shown = [movie for row in ("for-you", "gems", "genre") for movie in movies(page, row)]
    assert len(shown) > len(movies(page))
    assert sorted(str(event.movie_id) for event in impressions) == sorted(shown)
    assert {event.list_id for event in impressions} == set(re.findall(r"\?list=(l-\w+)", page))


def test_invalid_filters_are_refused(ann_browser: Browser) -> None:
    for query in ("decade=1937", "variety=2", "variety=nan", "mood=" + "x" * 30):
        ann_browser.get(f"/?{query}", 422)
    ann_browser.get("/?mood=nonesuch&decade=&utm=1")


def test_filters_without_matches_say_so(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars="5")
    assert "Loosen a filter" in visible_text(ann_browser.get("/?decade=1930"))
    assert movies(ann_browser.get("/?decade=1930")) == []


def test_titles_are_text_and_never_markup(ann_browser: Browser) -> None:
    ann_browser.post("/account/name", name="<b>Ann</b>")
    page = ann_browser.get("/")
    assert "<b>Ann</b>" not in page
    assert "&lt;b&gt;Ann" in page


def test_the_page_is_small(ann_browser: Browser) -> None:
    ann_browser.post("/movies/100/rating", stars="5")
    page = ann_browser.get("/")
    needed = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    total = len(page.encode()) + sum(len(ann_browser.request("GET", address).content) for address in set(needed))
    total += len(ann_browser.request("GET", "/static/fonts/instrument-sans-latin-wght-normal.woff2").content)
    assert total < 250_000  # bytes, before compression
