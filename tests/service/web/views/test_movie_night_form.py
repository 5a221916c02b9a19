import pytest

from matinee.service.state.served_run import Stage
from matinee.service.web.views.movie_night_form import Evening

TWO = Evening(guest=("Bob", "Cleo"), like=("0:100", "1:101"), dislike=("1:102",))


def told(evening: Evening, stage: Stage) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(one.name, one.likes, one.dislikes) for one in evening.guests(stage)]


def test_guests_have_the_films_of_their_place(stage: Stage) -> None:
    assert told(TWO, stage) == [("Bob", ("100",), ()), ("Cleo", ("101",), ("102",))]


def test_what_is_made_up_or_empty_is_passed_over(stage: Stage) -> None:
    odd = Evening(guest=(" ", "Bob"), like=("1:nonesuch", "x", "7:100", "1:100", "1:100"))
    assert told(odd, stage) == [("Bob", ("100",), ())]


@pytest.mark.parametrize(
    ("do", "likes", "dislikes"),
    [
        ("like:0:103", ("0:100", "1:101", "0:103"), ("1:102",)),
        ("like:1:102", ("0:100", "1:101", "1:102"), ()),  # another opinion takes the place of the first
        ("dislike:0:100", ("1:101",), ("1:102", "0:100")),
        ("drop:1:102", ("0:100", "1:101"), ()),
        ("like:0:a:b", ("0:100", "1:101", "0:a:b"), ("1:102",)),  # ids may have colons
        ("nonsense", ("0:100", "1:101"), ("1:102",)),
        ("leave:x", ("0:100", "1:101"), ("1:102",)),
    ],
)
def test_one_change_at_a_time(do: str, likes: tuple[str, ...], dislikes: tuple[str, ...]) -> None:
    changed = TWO.model_copy(update={"do": do, "q": ("x",)}).changed()
    assert (changed.like, changed.dislike) == (likes, dislikes)
    assert (changed.do, changed.q, changed.guest) == ("", (), ("Bob", "Cleo"))


def test_who_is_behind_a_guest_that_leaves_moves_up(stage: Stage) -> None:
    left = TWO.model_copy(update={"do": "leave:0"}).changed()
    assert told(left, stage) == [("Cleo", ("101",), ("102",))]


def test_the_address_tells_the_evening_and_nothing_that_goes_without_saying() -> None:
    assert Evening().address() == "/night"
    assert Evening(people=(2, 2), guest=("Bo b",), like=("0:1",), mood="laugh", strategy="average").address() == (
        "/night?people=2&guest=Bo+b&like=0%3A1&mood=laugh&strategy=average"
    )


def test_the_question_has_the_limits_that_were_chosen(stage: Stage) -> None:
    asked = Evening(guest=("Bob",), decade="1990", longest="120", mood="nonesuch").asked(stage, "en")
    assert (asked.year_from, asked.year_to, asked.genre) == (1990, 1999, ())
    knows_length = "runtime" in stage.cinema.movies.columns
    assert asked.longest == (120 if knows_length else None)
