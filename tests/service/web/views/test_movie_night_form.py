import pytest

from matinee.service.state.served_run import ServedRun
from matinee.service.web.views.movie_night_form import MovieNightForm

TWO = MovieNightForm(guest=("Bob", "Cleo"), like=("0:100", "1:101"), dislike=("1:102",))


def guests_of(form: MovieNightForm, run: ServedRun) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(guest.name, guest.likes, guest.dislikes) for guest in form.guests(run)]


def test_guests_have_their_own_movies(run: ServedRun) -> None:
    assert guests_of(TWO, run) == [("Bob", ("100",), ()), ("Cleo", ("101",), ("102",))]


def test_unknown_and_empty_values_are_ignored(run: ServedRun) -> None:
    form = MovieNightForm(guest=(" ", "Bob"), like=("1:nonesuch", "x", "7:100", "1:100", "1:100"))
    assert guests_of(form, run) == [("Bob", ("100",), ())]


@pytest.mark.parametrize(
    ("change", "likes", "dislikes"),
    [
        ("like:0:103", ("0:100", "1:101", "0:103"), ("1:102",)),
        ("like:1:102", ("0:100", "1:101", "1:102"), ()),  # the latest opinion counts
        ("dislike:0:100", ("1:101",), ("1:102", "0:100")),
        ("remove:1:102", ("0:100", "1:101"), ()),
        ("like:0:a:b", ("0:100", "1:101", "0:a:b"), ("1:102",)),  # ids may have colons
        ("nonsense", ("0:100", "1:101"), ("1:102",)),
        ("remove_guest:x", ("0:100", "1:101"), ("1:102",)),
    ],
)
def test_a_change_is_applied(change: str, likes: tuple[str, ...], dislikes: tuple[str, ...]) -> None:
    changed = TWO.model_copy(update={"change": change, "q": ("x",)}).applied()
    assert (changed.like, changed.dislike) == (likes, dislikes)
    assert (changed.change, changed.q, changed.guest) == ("", (), ("Bob", "Cleo"))


def test_guests_are_renumbered_when_one_is_removed(run: ServedRun) -> None:
    left = TWO.model_copy(update={"change": "remove_guest:0"}).applied()
    assert guests_of(left, run) == [("Cleo", ("101",), ("102",))]


def test_the_address_has_no_default_values() -> None:
    assert MovieNightForm().url() == "/movie-night"
    assert MovieNightForm(users=(2, 2), guest=("Bo b",), like=("0:1",), mood="laugh", strategy="average").url() == (
        "/movie-night?users=2&guest=Bo+b&like=0%3A1&mood=laugh&strategy=average"
    )


def test_the_request_has_the_chosen_filters(run: ServedRun) -> None:
    request = MovieNightForm(guest=("Bob",), decade="1990", max_minutes="120", mood="nonesuch").to_request(run, "en")
    assert (request.year_from, request.year_to, request.genre) == (1990, 1999, ())
    has_runtime = "runtime" in run.engine.movies.columns
    assert request.max_runtime == (120 if has_runtime else None)
