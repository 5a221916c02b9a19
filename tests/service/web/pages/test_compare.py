import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.web.conftest import Browser, visible_text


@pytest.fixture
def rated(ann_browser: Browser) -> Browser:
    ann_browser.post("/movies/101/rating", stars="5")
    return ann_browser


def duel_of(page: str) -> str:
    match = re.search(r'action="(/compare/duels/\d+/pick)"', page)
    assert match
    return match[1]


def test_without_ratings_it_asks_for_some(ann_browser: Browser) -> None:
    assert "First, a few ratings" in ann_browser.get("/compare")
    assert "First, a few ratings" in ann_browser.post("/compare/duels")


def test_a_duel_hides_the_models_until_the_pick(rated: Browser) -> None:
    page = rated.post("/compare/duels")
    main = page[page.index("<main") : page.index("</main")]
    assert "ease" not in visible_text(main)
    assert "popularity" not in main
    page = rated.post(duel_of(page), picked="left")
    duel = rated.state.store.duels.get(1, 1)
    assert f"You picked {duel.left_model}" in visible_text(page)
    text = visible_text(page)
    assert "Not enough picks yet. At least 5 more." in text
    assert "1 : 0" in text or "0 : 1" in text


def test_a_pick_cannot_be_changed(rated: Browser) -> None:
    address = duel_of(rated.post("/compare/duels"))
    rated.post(address, picked="left")
    assert "cannot be changed" in visible_text(rated.post(address, 409, picked="right"))
    rated.post(address, 422, picked="both")
    assert rated.state.store.duels.get(1, 1).picked == "left"


def test_neither_is_counted_apart(rated: Browser) -> None:
    page = visible_text(rated.post(duel_of(rated.post("/compare/duels")), picked="neither"))
    assert "You picked neither" in page
    assert "and once neither" in page
    assert "unknown" in page


def test_six_picks_of_one_model_are_meaningful(rated: Browser) -> None:
    page = ""
    for _ in range(6):
        page = rated.post("/compare/duels", first="ease", second="popularity")
        number = int(re.findall(r"/compare/duels/(\d+)/pick", page)[0])
        left = rated.state.store.duels.get(1, number).left_model
        page = rated.post(duel_of(page), picked="left" if left == "ease" else "right")
    assert "You prefer ease." in visible_text(page)
    assert "100% ( 54% to 100% )" in visible_text(page) or "(54% to 100%)" in visible_text(page)


def test_another_users_duel_is_not_found(rated: Browser) -> None:
    address = duel_of(rated.post("/compare/duels"))
    rated.create_profile("Bob")
    rated.post(address, 404, picked="left")
    rated.get("/compare?duel=1", 404)


def test_movies_on_both_lists_are_marked(rated: Browser) -> None:
    page = rated.get("/compare?first=popularity&second=ease")
    shared = len(re.findall(r'<li class="both">', page))
    assert f"{shared // 2} movies are on both lists" in visible_text(page)
    assert "same model twice" in visible_text(rated.get("/compare?first=ease&second=ease"))
    rated.get("/compare?first=nonesuch&second=ease")


def test_models_with_the_same_list_make_no_duel(rated: Browser) -> None:
    assert "the same list" in visible_text(rated.post("/compare/duels", 409, first="ease", second="ease"))
    rated.post("/compare/duels", 404, first="ease", second="nonesuch")


def test_further_runs_can_be_compared(new_browser: Callable[..., Browser], rating_run_folder: Path) -> None:
    browser = new_browser(compare=(rating_run_folder,)).create_profile("Ann")
    browser.post("/movies/101/rating", stars="5")
    assert '<option value="bayes_mf">' in browser.get("/compare")


def test_in_chinese(new_browser: Callable[..., Browser]) -> None:
    browser = new_browser("zh").create_profile("安")
    browser.post("/movies/101/rating", stars="5")
    page = visible_text(browser.post(duel_of(browser.post("/compare/duels")), picked="neither"))
    assert "你两份都没选" in page
    assert "次数还太少" in page
