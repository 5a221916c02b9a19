"""The store as a whole: on both databases."""

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
from tests.store.storm import MOVIES

ROOT = Path(__file__).parent.parent.parent
ROUNDS, PROCESSES, THREADS = 8, 2, 3


def test_what_was_kept_is_there_when_it_is_opened_again(store: Store, url: str, ann: User) -> None:
    store.ratings.rate(ann.id, "1", 4)
    store.close()
    with open_store(url) as again:
        assert again.users.all() == [ann]
        assert again.ratings.count(ann.id) == 1


def test_together_happens_whole_or_not_at_all(store: Store, ann: User) -> None:
    with store.transaction():
        store.ratings.rate(ann.id, "1", 4)
        store.lists.watchlist.add(ann.id, "2")
    with suppress(InputError), store.transaction():
        store.ratings.rate(ann.id, "1", 1)
        store.lists.watchlist.remove(ann.id, "2")
        store.ratings.rate(ann.id, "3", 9)
    assert [rating.stars for rating in store.ratings.history(ann.id)] == [4]
    assert store.lists.watchlist.ids(ann.id) == {"2"}


def test_a_backup_of_a_store_in_use_is_a_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "matinee.db") as store:
        store.users.create("Ann")
        with store.transaction():
            store.users.create("Ben")  # not yet there for others, so not in the copy
            store.backup(tmp_path / "copy.db")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "matinee.db"]
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    with open_store(tmp_path / "copy.db") as copy:
        assert [user.name for user in copy.users.all()] == ["Ann"]


@pytest.mark.slow
def test_postgresql_is_backed_up_by_its_own_program(postgres_with_tables: tuple[str, object], tmp_path: Path) -> None:
    with open_store(postgres_with_tables[0]) as store:
        with pytest.raises(ConfigError, match="expected pg_dump for PostgreSQL"):
            store.backup(tmp_path / "copy.db")
        store.check()


def test_the_place_is_told_without_a_password(store: Store, url: str) -> None:
    assert store.label.endswith("matinee.db") or store.label.startswith("postgresql+psycopg://postgres:***@/matinee")


def test_a_database_that_has_gone_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "matinee.db"
    with open_store(path) as store:
        store.check()
        store.close()
        path.write_bytes(b"something else " * 1000)
        with pytest.raises(MatineeError, match="file is not a database"):
            store.check()


@pytest.mark.slow
def test_no_acknowledged_rating_is_lost_when_processes_are_killed(store: Store, url: str, tmp_path: Path) -> None:
    people = [store.users.create(name).id for name in ("Ann", "Ben", "Cem")]
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    told = 0
    for _ in range(ROUNDS):
        _storm_and_kill(url, acknowledged)
        lines = acknowledged.read_text().splitlines()
        assert len(lines) > told, "no rating was acknowledged in this round"
        told = len(lines)
        _nothing_is_lost(store, people, lines)


def _storm_and_kill(url: str, acknowledged: Path) -> None:
    words = [sys.executable, "-m", "tests.store.storm", url, str(acknowledged), str(THREADS)]
    before = acknowledged.stat().st_size
    processes = [subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(PROCESSES)]
    deadline = time.monotonic() + 60
    while acknowledged.stat().st_size == before and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.7))  # so that all of them are at it, or one is still opening
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
    for process in processes:
        _, said = process.communicate()
        assert (process.returncode, said.decode()) == (-signal.SIGKILL, "")  # killed, and nobody had failed before


def _nothing_is_lost(store: Store, people: list[int], lines: list[str]) -> None:
    acknowledged = {
        int(change): (int(user), movie, float(stars)) for user, movie, stars, change in map(str.split, lines)
    }
    assert len(acknowledged) == len(lines)  # no number given twice
    for user_id in people:
        changes = []
        cursor = None
        while True:
            page = store.changes.page(user_id, cursor=cursor, limit=1000)
            changes += page.items
            cursor = page.next
            if cursor is None:
                break
        kept = {one.id: (user_id, one.movie_id, one.after.stars) for one in changes if one.after is not None}
        assert {one: said for one, said in acknowledged.items() if said[0] == user_id}.items() <= kept.items()
        # And nothing is half there: what stands is what the latest change of each movie made.
        latest = {one.movie_id: one for one in reversed(changes)}
        standing = {movie: (one.after.stars, one.id) for movie, one in latest.items() if one.after is not None}
        assert {one.movie_id: (one.stars, one.change_id) for one in store.ratings.history(user_id)} == standing
        assert len(latest) <= 2 * MOVIES
