"""How many visitors does one worker serve, and how long do they wait? wrk asks, over HTTP on this machine.

One process serves the `blend` of MovieLens 1M to 10,000 people who have rated. A second one, with a single empty route,
answers the same bytes as a list: what FastAPI, uvicorn and the machine allow. Last, 100 requests a second of all
kinds, ratings among them, as a site of some size would have them.
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

from benchmarks.measuring import Skipped, ml_1m, ml_1m_folder, record
from matinee.data.dataset import Dataset
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.store.imports import ImportRow
from matinee.store.store import open_store

PEOPLE = 10_000
RATINGS = 60  # of each, at most: their latest
SECONDS = 10  # of each measurement
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

# What one thread of wrk sends. Everybody is somebody else each time, from a seed.
ASKING = """
local kind, pause = "%(kind)s", %(pause)d
local films = {%(films)s}
local letters = {"the", "st", "god", "termin", "alien", "lov", "night", "sev", "jurasic+park", "m"}
math.randomseed(%(seed)d)
function list() return wrk.format("GET", "%(list)s", {["X-Matinee-Profile"] = tostring(math.random(%(people)d))}) end
function search() return wrk.format("GET", "/api/v1/search?q=" .. letters[math.random(#letters)]) end
function rate()
  local headers = {["X-Matinee-Profile"] = tostring(math.random(%(people)d)), ["Content-Type"] = "application/json"}
  local stars = '{"stars": ' .. math.random(1, 10) / 2 .. '}'
  return wrk.format("PUT", "/api/v1/ratings/" .. films[math.random(#films)], headers, stars)
end
function same() return wrk.format("GET", "/same") end
function mixed()
  local dice = math.random()
  if dice < 0.7 then return list() elseif dice < 0.85 then return search() else return rate() end
end
local made = {list = list, search = search, rate = rate, same = same, mixed = mixed}
function request() return made[kind]() end
if pause > 0 then function delay() return math.random(0, 2 * pause) end end
function done(summary, latency, requests)
  local told = {}
  for _, p in ipairs({50, 95, 99}) do
    table.insert(told, string.format('"p%%d_ms": %%.2f', p, latency:percentile(p) / 1000))
  end
  local wrong = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  print(string.format('ANSWER {"per_second": %%.1f, %%s, "wrong": %%d}',
    summary.requests * 1000000 / summary.duration, table.concat(told, ", "), wrong))
end
"""


def run() -> None:
    """Serve and ask."""
    if shutil.which("wrk") is None:
        raise Skipped("needs wrk: install it with your system's packages")
    data = ml_1m()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        save_run(folder / "run", make("blend").fit(data), data, ml_1m_folder())
        _people(data, folder / "people.db")
        (folder / "films.txt").write_text(", ".join(str(one) for one in data.movie_ids.ids.tolist()))
        with running(folder / "run", folder / "people.db", 8711) as address:
            answer = _measured(folder, address)
    record(
        "load",
        f"one worker, {PEOPLE:,} people with ratings, wrk with {CONNECTIONS} connections: requests a second, waiting",
        answer,
    )


def _measured(folder: Path, address: str) -> dict[str, Any]:
    same = httpx.get(address + LIST, headers={"X-Matinee-Profile": "1"})
    (folder / "same.json").write_bytes(same.raise_for_status().content)
    answer = {"lists, for the first time": _wrk(folder, address, "list", seed=0)}
    for kind in ("list", "search", "rate"):
        people = 500 if kind == "list" else PEOPLE  # who come again: their lists are there, until they rate
        _wrk(folder, address, kind, seed=1, people=people)
        answer[{"list": "lists, asked for again"}.get(kind, kind)] = _wrk(folder, address, kind, seed=1, people=people)
    empty = [sys.executable, "-c", EMPTY, str(folder / "same.json"), "8712"]
    with _running(empty, "http://127.0.0.1:8712/same"):
        answer["empty route, same bytes"] = _wrk(folder, "http://127.0.0.1:8712", "same", seed=2)
    most = answer["empty route, same bytes"]["per_second"]
    for told in answer.values():
        told["of_empty_route"] = round(told["per_second"] / most, 3)
    pause = 1000 * CONNECTIONS // 100
    answer["100 a second, mixed"] = _wrk(folder, address, "mixed", seed=3, pause=pause, seconds=3 * SECONDS)
    for kind, told in answer.items():
        print(f"{kind}: {told}")
    return answer


def _wrk(
    folder: Path, address: str, kind: str, *, seed: int, people: int = PEOPLE, pause: int = 0, seconds: int = 0
) -> dict[str, Any]:
    script, films = folder / "asking.lua", (folder / "films.txt").read_text()
    script.write_text(
        ASKING % {"kind": kind, "pause": pause, "seed": seed, "list": LIST, "people": people, "films": films}
    )
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds or SECONDS}s", "-s", str(script), address]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"ANSWER (\{.*\})", told)
    if found is None:
        raise RuntimeError(told)
    return json.loads(found[1])


def _people(data: Dataset, database: Path) -> None:
    """Everybody of the data, some of them twice, each with their latest ratings."""
    histories, start = data.histories, datetime(2026, 1, 1, tzinfo=UTC)
    stars = histories.ratings
    assert stars is not None
    ids = [str(one) for one in data.movie_ids.ids]
    store = open_store(str(database))
    for person in range(PEOPLE):
        user = person % data.n_users
        first, last = histories.offsets[user], histories.offsets[user + 1]
        latest = np.arange(max(first, last - RATINGS), last)
        rows = [
            ImportRow(
                "rating",
                ids[histories.movies[place]],
                float(stars[place]),
                start + timedelta(seconds=int(place - first)),
                {"group": "matched"},
            )
            for place in latest
        ]
        somebody = store.users.create(f"person {person + 1}")
        begun, _ = store.imports.begin(somebody.id, f"{person:064x}", "made", rows, {"matched": len(rows)})
        store.imports.keep(somebody.id, begun.id)
    store.close()


@contextmanager
def running(run: Path, database: Path, port: int, *more: str) -> Generator[str]:
    """`matinee serve`, as soon as it answers; its address."""
    asked = ["serve", "--run", str(run), "--database", str(database), "--port", str(port), *more]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", "from matinee.cli.app import main; main()", *asked]
    with _running(command, f"{address}/api/v1/ready"):
        yield address


@contextmanager
def _running(command: list[str], ready: str) -> Generator[None]:
    """A server, as soon as it answers."""
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
