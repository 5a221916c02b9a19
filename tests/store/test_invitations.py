"""Invitations, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from matinee.errors import ConflictError, NotFoundError
from matinee.store.store import Store
from matinee.store.users import User

DAY = timedelta(days=1)


def test_an_invitation_can_be_used_once(store: Store, ann: User, ben: User) -> None:
    token, invitation = store.invitations.create(ann.id, DAY)
    assert store.invitations.find(token) == invitation
    used = store.invitations.use(token, ben.id)
    assert (used.id, used.created_by, used.used_by) == (invitation.id, ann.id, ben.id)
    assert used.used_at is not None
    assert store.invitations.find(token) is None
    with pytest.raises(ConflictError, match="This invitation was used, has expired or is unknown"):
        store.invitations.use(token, ann.id)
    assert store.invitations.all() == [used]


def test_expired_deleted_and_unknown_invitations_are_refused(store: Store, ann: User) -> None:
    expired, _ = store.invitations.create(ann.id, -DAY)
    deleted, invitation = store.invitations.create(ann.id, DAY)
    store.invitations.delete(invitation.id)
    for token in (expired, deleted, "never existed"):
        assert store.invitations.find(token) is None
        with pytest.raises(ConflictError):
            store.invitations.use(token, ann.id)
    with pytest.raises(NotFoundError, match=f"No invitation has the number {invitation.id}"):
        store.invitations.delete(invitation.id)


def test_a_failed_sign_up_creates_no_user(store: Store, ann: User) -> None:
    token, _ = store.invitations.create(ann.id, DAY)

    def join(name: str) -> bool:
        try:
            with store.transaction():
                store.invitations.use(token, store.users.create(name).id)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as guests:
        joined = list(guests.map(join, ["Cem", "Dot", "Eve", "Fay"]))
    assert joined.count(True) == 1
    assert store.users.count() == 2
