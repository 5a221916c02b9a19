import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.web.conftest import Browser, words_of


@pytest.fixture
def rated(ann_at: Browser) -> Browser:
    ann_at.post("/movies/101/rating", stars="5")
    return ann_at


def duel_of(page: str) -> str:
    found = re.search(r'action="(/compare/duels/\d+/pick)"', page)
    assert found
    return found[1]


def test_without_ratings_it_says_what_is_missing(ann_at: Browser) -> None:
    assert "First, a few ratings" in ann_at.get("/compare")
    assert "First, a few ratings" in ann_at.post("/compare/duels")


def test_a_duel_names_nobody_until_the_pick(rated: Browser) -> None:
    page = rated.post("/compare/duels")
    main = page[page.index("<main") : page.index("</main")]
    assert "ease" not in words_of(main)
    assert "popularity" not in main
    page = rated.post(duel_of(page), picked="left")
    duel = rated.house.store.duels.get(1, 1)
    assert f"You picked {duel.left_model}" in words_of(page)
    told = words_of(page)
    assert "Too few picks yet. At least 5 more." in told
    assert "1 : 0" in told or "0 : 1" in told


def test_a_pick_stays(rated: Browser) -> None:
    address = duel_of(rated.post("/compare/duels"))
    rated.post(address, picked="left")
    assert "it stays" in words_of(rated.post(address, 409, picked="right"))
    rated.post(address, 422, picked="both")
    assert rated.house.store.duels.get(1, 1).picked == "left"


def test_neither_is_counted_and_says_nothing_of_either(rated: Browser) -> None:
    page = words_of(rated.post(duel_of(rated.post("/compare/duels")), picked="neither"))
    assert "You picked neither" in page
    assert "and once neither" in page
    assert "not known" in page


def test_six_picks_of_one_model_mean_something(rated: Browser) -> None:
    page = ""
    for _ in range(6):
        page = rated.post("/compare/duels", first="ease", second="popularity")
        number = int(re.findall(r"/compare/duels/(\d+)/pick", page)[0])
        left = rated.house.store.duels.get(1, number).left_model
        page = rated.post(duel_of(page), picked="left" if left == "ease" else "right")
    assert "You prefer ease." in words_of(page)
    assert "100% ( 54% to 100% )" in words_of(page) or "(54% to 100%)" in words_of(page)


def test_another_persons_duel_is_out_of_reach(rated: Browser) -> None:
    address = duel_of(rated.post("/compare/duels"))
    rated.come_in("Bob")
    rated.post(address, 404, picked="left")
    rated.get("/compare?duel=1", 404)


def test_by_name_what_both_lists_have_is_marked(rated: Browser) -> None:
    page = rated.get("/compare?first=popularity&second=ease")
    shared = len(re.findall(r'<li class="both">', page))
    assert f"{shared // 2} films are on both lists" in words_of(page)
    assert "one model twice" in words_of(rated.get("/compare?first=ease&second=ease"))
    rated.get("/compare?first=nonesuch&second=ease")


def test_models_that_agree_are_no_duel(rated: Browser) -> None:
    assert "the same list" in words_of(rated.post("/compare/duels", 409, first="ease", second="ease"))
    rated.post("/compare/duels", 404, first="ease", second="nonesuch")


def test_further_runs_can_be_compared(new_browser: Callable[..., Browser], stars_folder: Path) -> None:
    browser = new_browser(compare=(stars_folder,)).come_in("Ann")
    browser.post("/movies/101/rating", stars="5")
    assert '<option value="bayes_mf">' in browser.get("/compare")


def test_it_is_told_in_chinese(new_browser: Callable[..., Browser]) -> None:
    browser = new_browser("zh").come_in("安")
    browser.post("/movies/101/rating", stars="5")
    page = words_of(browser.post(duel_of(browser.post("/compare/duels")), picked="neither"))
    assert "你两份都没选" in page
    assert "次数还太少" in page
