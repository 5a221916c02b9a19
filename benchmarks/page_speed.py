"""How heavy are the pages, and how soon is something to be seen? In a real Chromium with nothing in its cache.

Served is the `blend` of MovieLens 100K with its film table, to somebody who has rated thirty films. Weight is what
goes over the wire; posters are counted by themselves. First paint is Chromium's own First Contentful Paint.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.load import running
from benchmarks.measuring import Skipped, film_table, ml_100k, record
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.data.readers.plain_writing import write_plain
from matinee.models.registry import make
from matinee.models.runs import save_run

PORT = 8713
PAGES = ("/", "/movies/{film}", "/search?q=star", "/taste", "/movie-night", "/import", "/compare", "/lab", "/profiles")
ROUNDS = 5
RATED = 30
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"


def run() -> None:
    """Serve, open each page a few times, and write down what came over the wire."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise Skipped("needs Chromium: install it with your system's packages")
    data, _ = join_catalogue(ml_100k(), film_table())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_plain(data, folder / "data")
        save_run(folder / "run", make("blend").fit(data), data, folder / "data")
        save_run(folder / "stars", make("bayes_mf").fit(data), data, folder / "data")
        with running(folder / "run", folder / "people.db", PORT, "--stars", str(folder / "stars")) as address:
            _rate(address)
            answer = _opened(chromium, address)
    record("page_speed", f"weight and first paint of each page, Chromium, the median of {ROUNDS}", answer)


def _rate(address: str) -> None:
    """Somebody who likes every third of the most-rated films."""
    httpx.post(f"{address}/api/v1/profiles", json={"name": "Ann"}).raise_for_status()
    items = httpx.get(f"{address}/api/v1/movies?limit={RATED}").json()["items"]
    for place, film in enumerate(items):
        stars, who = (5, 3, 4)[place % 3], {"X-Matinee-Profile": "1"}
        httpx.put(f"{address}/api/v1/ratings/{film['movie_id']}", json={"stars": stars}, headers=who).raise_for_status()


def _opened(chromium: str, address: str) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    film = httpx.get(f"{address}/api/v1/movies?limit={RATED + 1}").json()["items"][-1]["movie_id"]
    answer: dict[str, Any] = {}
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        for page in PAGES:
            rounds = [_once(browser, address, page.format(film=film)) for _ in range(ROUNDS)]
            answer[page] = {name: round(float(np.median([one[name] for one in rounds])), 1) for name in rounds[0]}
            print(page, answer[page], flush=True)
        browser.close()
    return answer


def _once(browser: Any, address: str, path: str) -> dict[str, float]:
    """One look at a page, by a browser that has seen nothing yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.request.post(f"{address}/profiles/1", form={"back": "/profiles"})
    weights = {"page_kb": 0.0, "posters_kb": 0.0}
    session = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["response"]["url"]}))

    def finished(told: dict[str, Any]) -> None:
        kind = "posters_kb" if "/posters/" in kinds.get(told["requestId"], "") else "page_kb"
        weights[kind] += told["encodedDataLength"] / 1000

    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    page.goto(address + path, wait_until="networkidle")
    timing = page.evaluate("(({responseStart, requestStart}) => responseStart - requestStart)(performance.timing)")
    told = weights | {"server_ms": timing, "first_paint_ms": page.evaluate(_PAINTED)}
    context.close()
    return told
