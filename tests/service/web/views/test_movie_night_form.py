import pytest

from matinee.service.state.served_run import ServedRun
from matinee.service.web.views.movie_night_form import MovieNightForm

TWO = MovieNightForm(guest=("Bob", "Cleo"), like=("0:100", "1:101"), dislike=("1:102",))


def told(evening: MovieNightForm, run: ServedRun) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(one.name, one.likes, one.dislikes) for one in evening.guests(run)]


def test_guests_have_the_films_of_their_place(run: ServedRun) -> None:
    assert told(TWO, run) == [("Bob", ("100",), ()), ("Cleo", ("101",), ("102",))]


def test_what_is_made_up_or_empty_is_passed_over(run: ServedRun) -> None:
    odd = MovieNightForm(guest=(" ", "Bob"), like=("1:nonesuch", "x", "7:100", "1:100", "1:100"))
    assert told(odd, run) == [("Bob", ("100",), ())]


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
    changed = TWO.model_copy(update={"do": do, "q": ("x",)}).applied()
    assert (changed.like, changed.dislike) == (likes, dislikes)
    assert (changed.do, changed.q, changed.guest) == ("", (), ("Bob", "Cleo"))


def test_who_is_behind_a_guest_that_leaves_moves_up(run: ServedRun) -> None:
    left = TWO.model_copy(update={"do": "leave:0"}).applied()
    assert told(left, run) == [("Cleo", ("101",), ("102",))]


def test_the_address_tells_the_evening_and_nothing_that_goes_without_saying() -> None:
    assert MovieNightForm().url() == "/movie-night"
    assert MovieNightForm(people=(2, 2), guest=("Bo b",), like=("0:1",), mood="laugh", strategy="average").url() == (
        "/movie-night?people=2&guest=Bo+b&like=0%3A1&mood=laugh&strategy=average"
    )


def test_the_question_has_the_limits_that_were_chosen(run: ServedRun) -> None:
    asked = MovieNightForm(guest=("Bob",), decade="1990", longest="120", mood="nonesuch").to_request(run, "en")
    assert (asked.year_from, asked.year_to, asked.genre) == (1990, 1999, ())
    knows_length = "runtime" in run.engine.movies.columns
    assert asked.longest == (120 if knows_length else None)
