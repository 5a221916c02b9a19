"""How many requests does one worker serve, and how long do they take? Measured with wrk over HTTP on one machine.

One process serves the `blend` of MovieLens 1M to 10,000 users with ratings. A second one, with a single empty route,
returns the same bytes as a list: the limit of FastAPI, uvicorn and the machine. Last, 100 requests per second of all
kinds, ratings included.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.harness import Skipped, ml_1m, ml_1m_folder, record
from matinee.data.dataset import Dataset
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.store.imports import ImportRow
from matinee.store.store import open_store

USERS = 10_000
RATINGS = 60  # per user at most, the latest
SECONDS = 10  # per measurement
CONNECTIONS = 16
LIST = "/api/v1/recommendations?k=20"

EMPTY = """
import sys
from pathlib import Path
import uvicorn
from fastapi import FastAPI, Response
app, content = FastAPI(), Path(sys.argv[1]).read_bytes()
@app.get("/same")
def same() -> Response:
    return Response(content, media_type="application/json")
uvicorn.run(app, port=int(sys.argv[2]), log_config=None, access_log=False, server_header=False)
"""

# The requests of one wrk thread. Each has a random user, from a seed.
LUA_SCRIPT = """
local kind, pause = "%(kind)s", %(pause)d
local movies = {%(movies)s}
local letters = {"the", "st", "god", "termin", "alien", "lov", "night", "sev", "jurasic+park", "m"}
math.randomseed(%(seed)d)
function list() return wrk.format("GET", "%(list)s", {["X-Matinee-Profile"] = tostring(math.random(%(users)d))}) end
function search() return wrk.format("GET", "/api/v1/search?q=" .. letters[math.random(#letters)]) end
function rate()
  local headers = {["X-Matinee-Profile"] = tostring(math.random(%(users)d)), ["Content-Type"] = "application/json"}
  local rating = '{"rating": ' .. math.random(1, 10) / 2 .. '}'
  return wrk.format("PUT", "/api/v1/ratings/" .. movies[math.random(#movies)], headers, rating)
end
function same() return wrk.format("GET", "/same") end
function mixed()
  local dice = math.random()
  if dice < 0.7 then return list() elseif dice < 0.85 then return search() else return rate() end
end
local requests = {list = list, search = search, rate = rate, same = same, mixed = mixed}
function request() return requests[kind]() end
if pause > 0 then function delay() return math.random(0, 2 * pause) end end
function done(summary, latency, requests)
  local percentiles = {}
  for _, p in ipairs({50, 95, 99}) do
    table.insert(percentiles, string.format('"p%%d_ms": %%.2f', p, latency:percentile(p) / 1000))
  end
  local wrong = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  print(string.format('ANSWER {"per_second": %%.1f, %%s, "wrong": %%d}',
    summary.requests * 1000000 / summary.duration, table.concat(percentiles, ", "), wrong))
end
"""


def run() -> None:
    """Start the service and send requests."""
    if shutil.which("wrk") is None:
        raise Skipped("needs wrk: install it with your system's packages")
    data = ml_1m()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        save_run(folder / "run", make("blend").fit(data), data, ml_1m_folder())
        _create_users(data, folder / "users.db")
        (folder / "movies.txt").write_text(", ".join(str(movie_id) for movie_id in data.movie_ids.ids.tolist()))
        with running(folder / "run", folder / "users.db", 8711) as address:
            results = _measure(folder, address)
    record(
        "load",
        f"One worker, {USERS:,} users with ratings, wrk with {CONNECTIONS} connections: requests per second and "
        "latency?",
        results,
    )


def _measure(folder: Path, address: str) -> dict[str, Any]:
    same = httpx.get(address + LIST, headers={"X-Matinee-Profile": "1"})
    (folder / "same.json").write_bytes(same.raise_for_status().content)
    results = {"lists, not cached": _wrk(folder, address, "list", seed=0)}
    for kind in ("list", "search", "rate"):
        n_users = 500 if kind == "list" else USERS  # who return, so that their lists are cached
        _wrk(folder, address, kind, seed=1, n_users=n_users)
        results[{"list": "lists, cached"}.get(kind, kind)] = _wrk(folder, address, kind, seed=1, n_users=n_users)
    empty = [sys.executable, "-c", EMPTY, str(folder / "same.json"), "8712"]
    with _running(empty, "http://127.0.0.1:8712/same"):
        results["empty route, same bytes"] = _wrk(folder, "http://127.0.0.1:8712", "same", seed=2)
    limit = results["empty route, same bytes"]["per_second"]
    for measurement in results.values():
        measurement["of_empty_route"] = round(measurement["per_second"] / limit, 3)
    pause = 1000 * CONNECTIONS // 100
    results["100 a second, mixed"] = _wrk(folder, address, "mixed", seed=3, pause=pause, seconds=3 * SECONDS)
    for kind, measurement in results.items():
        print(f"{kind}: {measurement}")
    return results


def _wrk(
    folder: Path, address: str, kind: str, *, seed: int, n_users: int = USERS, pause: int = 0, seconds: int = 0
) -> dict[str, Any]:
    script, movies = folder / "requests.lua", (folder / "movies.txt").read_text()
    script.write_text(
        LUA_SCRIPT % {"kind": kind, "pause": pause, "seed": seed, "list": LIST, "users": n_users, "movies": movies}
    )
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds or SECONDS}s", "-s", str(script), address]
    measurement = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"ANSWER (\{.*\})", measurement)
    if match is None:
        raise RuntimeError(measurement)
    return json.loads(match[1])


def _create_users(data: Dataset, database: Path) -> None:
    """Create users with the latest ratings of the users of `data`, some of them twice."""
    histories, start = data.histories, datetime(2026, 1, 1, tzinfo=UTC)
    ratings = histories.ratings
    assert ratings is not None
    ids = [str(movie_id) for movie_id in data.movie_ids.ids]
    store = open_store(str(database))
    for number in range(USERS):
        user = number % data.n_users
        first, last = histories.offsets[user], histories.offsets[user + 1]
        latest = np.arange(max(first, last - RATINGS), last)
        rows = [
            ImportRow(
                "rating",
                ids[histories.movies[entry]],
                float(ratings[entry]),
                start + timedelta(seconds=int(entry - first)),
                {"group": "matched"},
            )
            for entry in latest
        ]
        created_user = store.users.create(f"user {number + 1}")
        started_import, _ = store.imports.create(
            created_user.id, f"{number:064x}", "synthetic", rows, {"matched": len(rows)}
        )
        store.imports.keep(created_user.id, started_import.id)
    store.close()


@contextmanager
def running(run: Path, database: Path, port: int, *more: str) -> Generator[str]:
    """Run `matinee serve`. Yields its address as soon as it answers."""
    arguments = ["serve", "--run", str(run), "--database", str(database), "--port", str(port), *more]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", "from matinee.cli.app import main; main()", *arguments]
    with _running(command, f"{address}/api/v1/ready"):
        yield address


@contextmanager
def _running(command: list[str], ready: str) -> Generator[None]:
    """Run a server. Yields as soon as it answers."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(600):
                if process.poll() is not None:
                    log.seek(0)
                    raise RuntimeError(log.read().decode())
                try:
                    httpx.get(ready).raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait()
