"""People: on both databases."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.database import database_url, make_engine
from matinee.store.events import NewEvent
from matinee.store.imports import ImportRow
from matinee.store.posters import Poster
from matinee.store.store import Store, open_store
from matinee.store.tables import metadata
from matinee.store.users import User

NAME = "Wilhelmina Vanderhoeven"


def test_somebody_is_kept_as_given(store: Store) -> None:
    before = datetime.now(UTC)
    created = store.users.create("  Ann  Lee ", language="zh", theme="dark", role="admin", password_hash="$argon2id$x")
    assert created == store.users.get(created.id) == store.users.by_name("ann lee")
    assert (created.name, created.language, created.theme, created.role) == ("Ann Lee", "zh", "dark", "admin")
    assert not created.disabled
    assert before <= created.created_at <= datetime.now(UTC)
    assert store.users.password_hash(created.id) == "$argon2id$x"


@pytest.mark.parametrize(
    ("first", "second"), [("Ann", "ANN"), ("Straße", "STRASSE"), ("Ångström", "Ångström"), ("A b", "a  B")]
)
def test_a_name_is_given_once_however_its_letters_are_written(store: Store, first: str, second: str) -> None:
    store.users.create(first)
    with pytest.raises(ConflictError, match="is taken; expected one that nobody here has"):
        store.users.create(second)
    assert store.users.count() == 1


def test_everybody_in_the_order_they_came(store: Store) -> None:
    for name in ("Zoe", "Ann", "李安"):
        store.users.create(name)
    assert [user.name for user in store.users.all()] == ["Zoe", "Ann", "李安"]


def test_only_what_is_given_is_changed(store: Store, ann: User) -> None:
    changed = store.users.update(ann.id, theme="light", disabled=True)
    assert changed == store.users.get(ann.id)
    assert (changed.name, changed.language, changed.theme, changed.disabled) == ("Ann", "en", "light", True)
    assert store.users.update(ann.id) == changed
    assert store.users.update(ann.id, name="ANN").name == "ANN"


def test_a_name_of_somebody_else_cannot_be_taken(store: Store, ann: User, ben: User) -> None:
    with pytest.raises(ConflictError, match="the name 'BEN' is taken"):
        store.users.update(ann.id, name="BEN", theme="dark")
    assert store.users.get(ann.id) == ann
    assert store.users.get(ben.id) == ben


def test_a_password_can_be_given_and_taken(store: Store, ann: User) -> None:
    assert store.users.password_hash(ann.id) is None
    store.users.set_password_hash(ann.id, "hash")
    assert store.users.password_hash(ann.id) == "hash"
    store.users.set_password_hash(ann.id, None)
    assert store.users.password_hash(ann.id) is None


def test_what_is_wrong_is_told(store: Store, ann: User) -> None:
    with pytest.raises(InputError, match="theme 'pink'; expected system, light, dark"):
        store.users.update(ann.id, theme="pink")
    with pytest.raises(InputError, match="role 'king'; expected member, admin"):
        store.users.create("Ben", role="king")
    with pytest.raises(InputError, match="name has 61 characters; expected at most 60"):
        store.users.create("x" * 61)
    nobody = ann.id + 1
    for call in (store.users.get, store.users.update, store.users.export, store.users.delete):
        with pytest.raises(NotFoundError, match=f"no user has the number {nobody}"):
            call(nobody)


def full_life(store: Store, name: str) -> User:
    """Somebody with something in every table; posters, which are nobody's, as well."""
    user = store.users.create(name, password_hash=f"hash of {name}")
    store.sessions.create(user.id, timedelta(days=1), f"browser of {name}")
    store.invitations.create(user.id, timedelta(days=1))
    store.ratings.rate(user.id, f"movie of {name}", 4)
    store.lists.watchlist.add(user.id, f"wish of {name}")
    store.events.add([NewEvent(kind="searched", user_id=user.id, detail={"text": f"search of {name}"})])
    store.imports.begin(user.id, f"digest of {name}", "imdb", [ImportRow("rating", None, entry={"of": name})], {})
    store.duels.open(user.id, "slist", "ease", "f", {"left": [f"duel of {name}"], "right": []})
    store.idempotency.once(f"key of {name}", user.id, "request", lambda: f"answer to {name}")
    store.posters.put([Poster("1", "found", "tmdb", datetime.now(UTC))])
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


def test_everything_of_a_person_comes_out_as_plain_data(store: Store, url: str, ben: User) -> None:
    store.ratings.rate(ben.id, "of Ben", 1)
    user = full_life(store, NAME)
    assert all(rows_by_table(url).values())  # so this test sees every table there is
    told = store.users.export(user.id)
    assert set(told) == {table.name for table in metadata.sorted_tables} - {"posters"}
    assert all(told.values())
    text = json.dumps(told)
    for part in ("browser of", "movie of", "wish of", "search of", "digest of", "duel of", "key of", "answer to"):
        assert f"{part} {NAME}" in text
    assert "hash of" not in text
    assert "_hash" not in text
    assert "of Ben" not in text
    rating = next(mark for mark in told["marks"] if mark["kind"] == "rating")
    assert datetime.fromisoformat(rating["at"]).utcoffset() == timedelta(0)


def test_nothing_is_left_of_somebody_deleted(store: Store, url: str, ann: User) -> None:
    store.ratings.rate(ann.id, "1", 3)
    before = rows_by_table(url)
    user = full_life(store, NAME)
    store.users.delete(user.id)
    assert rows_by_table(url) == before | {"posters": 1}
    assert store.ratings.count(ann.id) == 1
    assert store.users.create(NAME).id > user.id  # the number is not given again


def test_somebody_deleted_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    """Not even in pages that are no longer used, or in the log beside it."""
    path = tmp_path / "matinee.db"

    def traces() -> int:
        return sum(file.read_bytes().count(NAME.encode()) for file in tmp_path.iterdir())

    with open_store(path) as store:
        user = full_life(store, NAME)
        for number in range(300):
            store.events.add([NewEvent(kind="searched", user_id=user.id, detail={"text": f"{number} {NAME}"})])
        assert traces() > 300
        store.users.delete(user.id)
        assert traces() == 0


def test_an_invitation_somebody_came_by_stays_used_without_them(store: Store, ann: User) -> None:
    token, invitation = store.invitations.create(ann.id, timedelta(days=1))
    user = store.users.create("Guest")
    store.invitations.use(token, user.id)
    assert store.users.export(user.id)["invitations"][0]["id"] == invitation.id
    store.users.delete(user.id)
    left = store.invitations.all()[0]
    assert (left.used_by, left.used_at is not None) == (None, True)
    assert store.invitations.find(token) is None
