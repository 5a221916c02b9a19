"""Users, on both databases."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.database import database_url, make_engine
from matinee.store.events import NewEvent
from matinee.store.imports import ImportRow
from matinee.store.store import Store, open_store
from matinee.store.tables import metadata
from matinee.store.users import User

NAME = "Wilhelmina Vanderhoeven"


def test_a_user_is_stored_exactly(store: Store) -> None:
    before = datetime.now(UTC)
    created = store.users.create("  Ann  Lee ", language="zh", theme="dark", role="admin", password_hash="$argon2id$x")
    assert created == store.users.get(created.id) == store.users.find_by_name("ann lee")
    assert (created.name, created.language, created.theme, created.role) == ("Ann Lee", "zh", "dark", "admin")
    assert not created.disabled
    assert before <= created.created_at <= datetime.now(UTC)
    assert store.users.password_hash(created.id) == "$argon2id$x"


@pytest.mark.parametrize(
    ("first", "second"), [("Ann", "ANN"), ("Straße", "STRASSE"), ("Ångström", "Ångström"), ("A b", "a  B")]
)
def test_names_are_unique_regardless_of_case_and_spelling(store: Store, first: str, second: str) -> None:
    store.users.create(first)
    with pytest.raises(ConflictError, match=r"is taken. Choose another name"):
        store.users.create(second)
    assert store.users.count() == 1


def test_users_are_in_the_order_of_their_creation(store: Store) -> None:
    for name in ("Zoe", "Ann", "李安"):
        store.users.create(name)
    assert [user.name for user in store.users.all()] == ["Zoe", "Ann", "李安"]


def test_update_changes_only_the_given_fields(store: Store, ann: User) -> None:
    changed = store.users.update(ann.id, theme="light", disabled=True)
    assert changed == store.users.get(ann.id)
    assert (changed.name, changed.language, changed.theme, changed.disabled) == ("Ann", "en", "light", True)
    assert store.users.update(ann.id) == changed
    assert store.users.update(ann.id, name="ANN").name == "ANN"


def test_a_taken_name_is_refused(store: Store, ann: User, ben: User) -> None:
    with pytest.raises(ConflictError, match="The name 'BEN' is taken"):
        store.users.update(ann.id, name="BEN", theme="dark")
    assert store.users.get(ann.id) == ann
    assert store.users.get(ben.id) == ben


def test_a_password_can_be_set_and_removed(store: Store, ann: User) -> None:
    assert store.users.password_hash(ann.id) is None
    store.users.set_password_hash(ann.id, "hash")
    assert store.users.password_hash(ann.id) == "hash"
    store.users.set_password_hash(ann.id, None)
    assert store.users.password_hash(ann.id) is None


def test_invalid_values_are_refused(store: Store, ann: User) -> None:
    with pytest.raises(InputError, match=r"Invalid theme 'pink'. Use one of system, light, dark"):
        store.users.update(ann.id, theme="pink")
    with pytest.raises(InputError, match=r"Invalid role 'king'. Use one of member, admin"):
        store.users.create("Ben", role="king")
    with pytest.raises(InputError, match=r"Name has 61 characters. Use at most 60"):
        store.users.create("x" * 61)
    unknown_id = ann.id + 1
    for call in (store.users.get, store.users.update, store.users.export, store.users.delete):
        with pytest.raises(NotFoundError, match=f"No user has the number {unknown_id}"):
            call(unknown_id)


def user_with_data(store: Store, name: str) -> User:
    """A user with rows in every table, and a failed sign-in, which belongs to no user."""
    user = store.users.create(name, password_hash=f"hash of {name}")
    store.sessions.create(user.id, timedelta(days=1), f"browser of {name}")
    store.invitations.create(user.id, timedelta(days=1))
    store.ratings.rate(user.id, f"movie of {name}", 4)
    store.lists.watchlist.add(user.id, f"watchlist of {name}")
    store.events.add([NewEvent(kind="shown", user_id=user.id, detail={"reasons": f"reasons for {name}"})])
    store.imports.create(user.id, f"digest of {name}", "imdb", [ImportRow("rating", None, entry={"of": name})], {})
    store.duels.create(user.id, "slist", "ease", "f", {"left": [f"duel of {name}"], "right": []})
    store.idempotency.run_once(f"key of {name}", user.id, "request", lambda: f"response to {name}")
    store.login_failures.add(f"name {name}")
    return user


def rows_by_table(url: str) -> dict[str, int]:
    engine = make_engine(database_url(url))
    with engine.connect() as connection:
        counted = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return counted


def test_the_export_has_all_data_as_json(store: Store, url: str, ben: User) -> None:
    store.ratings.rate(ben.id, "of Ben", 1)
    user = user_with_data(store, NAME)
    assert all(rows_by_table(url).values())  # so this test covers every table
    exported = store.users.export(user.id)
    assert set(exported) == {table.name for table in metadata.sorted_tables} - {"login_failures"}
    assert all(exported.values())
    text = json.dumps(exported)
    for part in (
        "browser of",
        "movie of",
        "watchlist of",
        "reasons for",
        "digest of",
        "duel of",
        "key of",
        "response to",
    ):
        assert f"{part} {NAME}" in text
    assert "hash of" not in text
    assert "_hash" not in text
    assert "of Ben" not in text
    rating = next(mark for mark in exported["marks"] if mark["kind"] == "rating")
    assert datetime.fromisoformat(rating["at"]).utcoffset() == timedelta(0)


def test_deleting_a_user_deletes_all_their_data(store: Store, url: str, ann: User) -> None:
    store.ratings.rate(ann.id, "1", 3)
    before = rows_by_table(url)
    user = user_with_data(store, NAME)
    store.users.delete(user.id)
    assert rows_by_table(url) == before | {"login_failures": 1}
    assert store.ratings.count(ann.id) == 1
    assert store.users.create(NAME).id > user.id  # no number is used twice


def test_a_deleted_user_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    """Not even in unused pages or in the log beside the file."""
    path = tmp_path / "matinee.db"

    def traces() -> int:
        return sum(file.read_bytes().count(NAME.encode()) for file in tmp_path.iterdir())

    with open_store(path) as store:
        user = user_with_data(store, NAME)
        for number in range(300):
            store.events.add([NewEvent(kind="shown", user_id=user.id, detail={"reasons": f"{number} {NAME}"})])
        assert traces() > 300
        store.users.delete(user.id)
        assert traces() == 0


def test_a_used_invitation_outlives_its_user(store: Store, ann: User) -> None:
    token, invitation = store.invitations.create(ann.id, timedelta(days=1))
    user = store.users.create("Guest")
    store.invitations.use(token, user.id)
    assert store.users.export(user.id)["invitations"][0]["id"] == invitation.id
    store.users.delete(user.id)
    remaining = store.invitations.all()[0]
    assert (remaining.used_by, remaining.used_at is not None) == (None, True)
    assert store.invitations.find(token) is None
