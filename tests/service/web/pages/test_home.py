import re

from tests.service.web.conftest import Browser, words_of


def films(page: str, row: str = "for-you") -> list[str]:
    return re.findall(rf'data-film="{row}-(\w+)"', page)


def test_nobody_is_asked_who_it_is(browser: Browser) -> None:
    assert browser.ask("GET", "/").url.path == "/profiles"


def test_without_ratings_there_are_good_films_and_it_says_so(ann_at: Browser) -> None:
    page = ann_at.get("/")
    assert "You have not rated anything yet" in page
    assert len(set(films(page))) == len(films(page)) > 5


def test_a_rating_changes_the_list_at_once(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars="5")
    even = ann_at.get("/?variety=0")
    assert all(int(movie) % 2 == 0 for movie in films(even)[:4])
    assert "100" not in films(even)
    assert "Because you liked Heat" in even
    ann_at.post("/movies/100/rating", stars="0.5")
    ann_at.post("/movies/101/rating", stars="5")
    odd = ann_at.get("/?variety=0")
    assert all(int(movie) % 2 == 1 for movie in films(odd)[:3])


def test_what_was_shown_is_kept_to_be_explained_later(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars="5")
    page = ann_at.get("/")
    listed = re.search(r"\?list=(l-\w+)", page)
    assert listed
    ann_at.house.events.flush()
    events = ann_at.house.store.events.of_list(listed[1])
    assert [one.movie_id for one in events] == films(page)


def test_every_list_notes_what_was_shown_of_it_and_no_more(ann_at: Browser) -> None:
    ann_at.post_in_place("/movies/100/rating", stars="5")
    page = ann_at.get("/")
    ann_at.house.events.flush()
    ann = ann_at.house.store.users.all()[0]
    noted = ann_at.house.store.events.page(ann.id, kinds=("shown",), limit=500).items
    shown = [film for row in ("for-you", "gems", "genre") for film in films(page, row)]
    assert len(shown) > len(films(page))
    assert sorted(str(one.movie_id) for one in noted) == sorted(shown)
    assert {one.list_id for one in noted} == set(re.findall(r"\?list=(l-\w+)", page))


def test_chips_that_are_made_up_are_refused_in_words(ann_at: Browser) -> None:
    for query in ("decade=1937", "variety=2", "variety=nan", "mood=" + "x" * 30):
        ann_at.get(f"/?{query}", 422)
    ann_at.get("/?mood=nonesuch&decade=&utm=1")


def test_a_chip_that_nothing_answers_says_so(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars="5")
    assert "Ask for less" in words_of(ann_at.get("/?decade=1930"))
    assert films(ann_at.get("/?decade=1930")) == []


def test_titles_are_text_and_never_markup(ann_at: Browser) -> None:
    ann_at.post("/account/name", name="<b>Ann</b>")
    page = ann_at.get("/")
    assert "<b>Ann</b>" not in page
    assert "&lt;b&gt;Ann" in page


def test_the_page_is_light(ann_at: Browser) -> None:
    ann_at.post("/movies/100/rating", stars="5")
    page = ann_at.get("/")
    needed = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    total = len(page.encode()) + sum(len(ann_at.ask("GET", one).content) for one in set(needed))
    total += len(ann_at.ask("GET", "/static/fonts/instrument-sans-latin-wght-normal.woff2").content)
    assert total < 250_000  # bytes, before compression
