"""Duels, on both databases."""

import pytest

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.duels import Tally
from matinee.store.store import Store
from matinee.store.users import User

SHOWN = {"left": ["1", "2"], "right": ["2", "3"]}


def test_a_duel_is_decided_once(store: Store, ann: User) -> None:
    duel = store.duels.create(ann.id, "slist", "ease", "abc", SHOWN)
    assert (duel.left_model, duel.right_model, duel.shown, duel.picked) == ("slist", "ease", SHOWN, None)
    picked = store.duels.pick(ann.id, duel.id, "left")
    assert picked.picked == "left"
    assert picked.picked_at is not None
    assert store.duels.pick(ann.id, duel.id, "left") == picked
    with pytest.raises(ConflictError, match=f"Duel {duel.id} was decided: left. Start a new duel."):
        store.duels.pick(ann.id, duel.id, "right")


def test_a_duel_belongs_to_its_user(store: Store, ann: User, ben: User) -> None:
    duel = store.duels.create(ann.id, "slist", "ease", "abc", SHOWN)
    assert store.duels.get(ann.id, duel.id) == duel
    with pytest.raises(NotFoundError, match=f"User {ben.id} has no duel"):
        store.duels.get(ben.id, duel.id)


def test_wins_are_counted_by_model_not_by_side(store: Store, ann: User, ben: User) -> None:
    picks = [
        (ann, "slist", "ease", "left"),
        (ann, "ease", "slist", "right"),
        (ann, "ease", "slist", "left"),
        (ann, "slist", "ease", "neither"),
        (ben, "ease", "slist", "left"),
        (ben, "blend", "ease", "left"),
    ]
    for user, left, right, picked in picks:
        store.duels.pick(user.id, store.duels.create(user.id, left, right, "abc", SHOWN).id, picked)
    store.duels.create(ann.id, "slist", "ease", "abc", SHOWN)  # undecided, so not counted
    assert store.duels.tallies(ann.id) == [Tally("ease", "slist", 1, 2, 1)]
    assert store.duels.tallies() == [Tally("blend", "ease", 1, 0, 0), Tally("ease", "slist", 2, 2, 1)]


def test_invalid_duels_and_picks_are_refused(store: Store, ann: User, ben: User) -> None:
    with pytest.raises(InputError, match="A duel needs two models, and both are ease"):
        store.duels.create(ann.id, "ease", "ease", "abc", SHOWN)
    duel = store.duels.create(ann.id, "slist", "ease", "abc", SHOWN)
    with pytest.raises(InputError, match=r"Invalid pick 'ease'. Use one of left, right, neither"):
        store.duels.pick(ann.id, duel.id, "ease")
    with pytest.raises(NotFoundError, match=f"User {ben.id} has no duel {duel.id}"):
        store.duels.pick(ben.id, duel.id, "left")
