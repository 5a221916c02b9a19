"""How large are the pages, and how fast do they appear? Measured in Chromium with an empty cache.

The service runs the `blend` of MovieLens 100K with the movie table, for a user with thirty ratings. Size is the
number of bytes transferred, with posters counted separately. First paint is Chromium's First Contentful Paint.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.harness import Skipped, ml_100k, movie_table, record
from benchmarks.load import running
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.data.readers.dataset_writer import write_dataset
from matinee.models.registry import make
from matinee.models.runs import save_run

PORT = 8713
PAGES = ("/", "/movies/{movie}", "/search?q=star", "/taste", "/movie-night", "/import", "/compare", "/lab", "/profiles")
ROUNDS = 5
N_RATED = 30
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"


def run() -> None:
    """Start the service, open each page several times, and record the bytes transferred."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise Skipped("needs Chromium: install it with your system's packages")
    data, _ = join_catalogue(ml_100k(), movie_table())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_dataset(data, folder / "data")
        save_run(folder / "run", make("blend").fit(data), data, folder / "data")
        save_run(folder / "rating-run", make("bayes_mf").fit(data), data, folder / "data")
        with running(folder / "run", folder / "users.db", PORT, "--rating-run", str(folder / "rating-run")) as address:
            _rate(address)
            results = _measure_pages(chromium, address)
    record("page_speed", f"weight and first paint of each page, Chromium, the median of {ROUNDS}", results)


def _rate(address: str) -> None:
    """Rate the most popular movies as a user who likes every third one."""
    httpx.post(f"{address}/api/v1/profiles", json={"name": "Ann"}).raise_for_status()
    items = httpx.get(f"{address}/api/v1/movies?limit={N_RATED}").json()["items"]
    for position, movie in enumerate(items):
        rating, headers = (5, 3, 4)[position % 3], {"X-Matinee-Profile": "1"}
        httpx.put(
            f"{address}/api/v1/ratings/{movie['movie_id']}", json={"rating": rating}, headers=headers
        ).raise_for_status()


def _measure_pages(chromium: str, address: str) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    movie = httpx.get(f"{address}/api/v1/movies?limit={N_RATED + 1}").json()["items"][-1]["movie_id"]
    results: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for page in PAGES:
            rounds = [_measure_page(browser, address, page.format(movie=movie)) for _ in range(ROUNDS)]
            results[page] = {
                name: round(float(np.median([round_[name] for round_ in rounds])), 1) for name in rounds[0]
            }
            print(page, results[page], flush=True)
        browser.close()
    return results


def _measure_page(browser: Any, address: str, path: str) -> dict[str, float]:
    """Open a page once in a browser with an empty cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.request.post(f"{address}/profiles/1", form={"back": "/profiles"})
    weights = {"page_kb": 0.0, "posters_kb": 0.0}
    session = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["response"]["url"]}))

    def finished(event: dict[str, Any]) -> None:
        kind = "posters_kb" if "/posters/" in kinds.get(event["requestId"], "") else "page_kb"
        weights[kind] += event["encodedDataLength"] / 1000

    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    page.goto(address + path, wait_until="networkidle")
    timing = page.evaluate("(({responseStart, requestStart}) => responseStart - requestStart)(performance.timing)")
    event = weights | {"server_ms": timing, "first_paint_ms": page.evaluate(_PAINTED)}
    context.close()
    return event
