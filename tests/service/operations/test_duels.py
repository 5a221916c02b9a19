import pytest

from matinee.errors import ConflictError, NotFoundError
from matinee.service.operations.duels import MOVIES_PER_LIST, start_duel
from matinee.store.users import User
from tests.service.conftest import Api


@pytest.fixture
def ann(api: Api) -> User:
    user = api.state.store.users.create("Ann")
    api.state.store.ratings.rate(user.id, "101", 5)
    return user


def test_duels_have_different_lists_on_random_sides(api: Api, ann: User) -> None:
    run, sides = api.state.served.current, set[str]()
    shown: list[dict[str, list[str]]] = []
    for _ in range(12):
        duel = start_duel(api.state, run, ann)
        assert {duel.left_model, duel.right_model} == {"ease", "popularity"}
        assert duel.shown["left"] != duel.shown["right"]
        assert all(
            0 < len(movie_ids) <= MOVIES_PER_LIST and "101" not in movie_ids for movie_ids in duel.shown.values()
        )
        sides.add(duel.left_model)
        shown.append(duel.shown)
        api.state.store.duels.pick(ann.id, duel.id, "neither")
    assert sides == {"ease", "popularity"}
    assert len({str(lists) for lists in shown}) > 6  # each duel uses another half of the catalogue


def test_a_new_duel_without_a_pick_is_the_same(api: Api, ann: User) -> None:
    run = api.state.served.current
    first, second = start_duel(api.state, run, ann), start_duel(api.state, run, ann)
    assert (first.left_model, first.shown) == (second.left_model, second.shown)


def test_unknown_and_equal_models_are_refused(api: Api, ann: User) -> None:
    run = api.state.served.current
    with pytest.raises(NotFoundError, match=r"No model is called 'nonesuch'\. Choose from ease, popularity"):
        start_duel(api.state, run, ann, ("ease", "nonesuch"))
    with pytest.raises(ConflictError, match="the same list"):
        start_duel(api.state, run, ann, ("ease", "ease"))
