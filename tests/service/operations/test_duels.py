import pytest

from matinee.errors import ConflictError, NotFoundError
from matinee.service.operations.duels import MOVIES_PER_LIST, start_duel
from matinee.store.users import User
from tests.service.conftest import Api


@pytest.fixture
def ann(api: Api) -> User:
    user = api.house.store.users.create("Ann")
    api.house.store.ratings.rate(user.id, "101", 5)
    return user


def test_two_lists_that_differ_at_sides_that_change(api: Api, ann: User) -> None:
    run, sides = api.house.served.current, set[str]()
    shown: list[dict[str, list[str]]] = []
    for _ in range(12):
        duel = start_duel(api.house, run, ann)
        assert {duel.left_model, duel.right_model} == {"ease", "popularity"}
        assert duel.shown["left"] != duel.shown["right"]
        assert all(0 < len(films) <= MOVIES_PER_LIST and "101" not in films for films in duel.shown.values())
        sides.add(duel.left_model)
        shown.append(duel.shown)
        api.house.store.duels.pick(ann.id, duel.id, "neither")
    assert sides == {"ease", "popularity"}
    assert len({str(one) for one in shown}) > 6  # of another half of the catalogue each time


def test_beginning_again_without_a_pick_gives_the_same(api: Api, ann: User) -> None:
    run = api.house.served.current
    first, second = start_duel(api.house, run, ann), start_duel(api.house, run, ann)
    assert (first.left_model, first.shown) == (second.left_model, second.shown)


def test_models_that_are_not_there_or_agree_are_no_duel(api: Api, ann: User) -> None:
    run = api.house.served.current
    with pytest.raises(NotFoundError, match="no model here is called 'nonesuch'; there are ease, popularity"):
        start_duel(api.house, run, ann, ("ease", "nonesuch"))
    with pytest.raises(ConflictError, match="the same list"):
        start_duel(api.house, run, ann, ("ease", "ease"))
