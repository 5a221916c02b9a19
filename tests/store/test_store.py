"""The store as a whole, on both databases."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from matinee.errors import ConfigError, InputError, MatineeError
from matinee.store.store import Store, open_store
from matinee.store.users import User
from tests.store.concurrent_writes import MOVIES

ROOT = Path(__file__).parent.parent.parent
ROUNDS, PROCESSES, THREADS = 8, 2, 3


def test_data_is_still_there_after_reopening(store: Store, url: str, ann: User) -> None:
    store.ratings.rate(ann.id, "1", 4)
    store.close()
    with open_store(url) as again:
        assert again.users.all() == [ann]
        assert again.ratings.count(ann.id) == 1


def test_a_transaction_is_atomic(store: Store, ann: User) -> None:
    with store.transaction():
        store.ratings.rate(ann.id, "1", 4)
        store.lists.watchlist.add(ann.id, "2")
    with suppress(InputError), store.transaction():
        store.ratings.rate(ann.id, "1", 1)
        store.lists.watchlist.remove(ann.id, "2")
        store.ratings.rate(ann.id, "3", 9)
    assert [rating.value for rating in store.ratings.history(ann.id)] == [4]
    assert store.lists.watchlist.ids(ann.id) == {"2"}


def test_a_backup_of_a_store_in_use_is_a_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "matinee.db") as store:
        store.users.create("Ann")
        with store.transaction():
            store.users.create("Ben")  # not committed, so not in the copy
            store.backup(tmp_path / "copy.db")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "matinee.db"]
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    with open_store(tmp_path / "copy.db") as copy:
        assert [user.name for user in copy.users.all()] == ["Ann"]


@pytest.mark.slow
def test_postgresql_cannot_be_copied(postgres_with_tables: tuple[str, object], tmp_path: Path) -> None:
    with open_store(postgres_with_tables[0]) as store:
        with pytest.raises(ConfigError, match="Use pg_dump for PostgreSQL"):
            store.backup(tmp_path / "copy.db")
        store.check()


def test_the_label_has_no_password(store: Store, url: str) -> None:
    assert store.label.endswith("matinee.db") or store.label.startswith("postgresql+psycopg://postgres:***@/matinee")


def test_check_fails_for_a_damaged_database(tmp_path: Path) -> None:
    path = tmp_path / "matinee.db"
    with open_store(path) as store:
        store.check()
        store.close()
        path.write_bytes(b"something else " * 1000)
        with pytest.raises(MatineeError, match="file is not a database"):
            store.check()


@pytest.mark.slow
def test_killed_processes_lose_no_acknowledged_rating(store: Store, url: str, tmp_path: Path) -> None:
    user_ids = [store.users.create(name).id for name in ("Ann", "Ben", "Cem")]
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    n_lines = 0
    for _ in range(ROUNDS):
        _write_and_kill(url, acknowledged)
        lines = acknowledged.read_text().splitlines()
        assert len(lines) > n_lines, "no rating was acknowledged in this round"
        n_lines = len(lines)
        _assert_nothing_is_lost(store, user_ids, lines)


def _write_and_kill(url: str, acknowledged: Path) -> None:
    command = [sys.executable, "-m", "tests.store.concurrent_writes", url, str(acknowledged), str(THREADS)]
    before = acknowledged.stat().st_size
    processes = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(PROCESSES)]
    deadline = time.monotonic() + 60
    while acknowledged.stat().st_size == before and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.7))  # all processes write by now, or one still opens the database
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
    for process in processes:
        _, errors = process.communicate()
        assert (process.returncode, errors.decode()) == (-signal.SIGKILL, "")  # killed, and none had failed before


def _assert_nothing_is_lost(store: Store, user_ids: list[int], lines: list[str]) -> None:
    acknowledged = {
        int(change): (int(user), movie, float(value)) for user, movie, value, change in map(str.split, lines)
    }
    assert len(acknowledged) == len(lines)  # no number is used twice
    for user_id in user_ids:
        changes = []
        cursor = None
        while True:
            page = store.changes.page(user_id, cursor=cursor, limit=1000)
            changes += page.items
            cursor = page.next
            if cursor is None:
                break
        stored = {
            change.id: (user_id, change.movie_id, change.after.rating) for change in changes if change.after is not None
        }
        expected = {change_id: line for change_id, line in acknowledged.items() if line[0] == user_id}
        assert expected.items() <= stored.items()
        # No change is half written: the current ratings are those of the latest changes.
        latest = {change.movie_id: change for change in reversed(changes)}
        current = {
            movie: (change.after.rating, change.id) for movie, change in latest.items() if change.after is not None
        }
        ratings = {rating.movie_id: (rating.value, rating.change_id) for rating in store.ratings.history(user_id)}
        assert ratings == current
        assert len(latest) <= 2 * MOVIES
