"""A real Chromium at a real server with a run on 120 synthetic movies, in a wide window and on a phone."""

import re
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from matinee.data.dataset import Dataset
from matinee.data.readers.dataset_writer import write_dataset
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.service.app import create_app
from matinee.service.settings import read_settings
from tests.datasets import DAY, START, dataset_of
from tests.resources import skip_without

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
PASSWORD = "a long enough password"
SECRET = "a secret of sixteen letters or more"
GENRES = ("Comedy", "Drama", "Thriller", "Sci-Fi", "Horror", "Romance")
_SHOTS = "screenshots"


def make_movies() -> Dataset:
    """120 movies of six genres, five per director, and 200 users who each like two of the genres."""
    rng = np.random.default_rng(0)
    n_movies, n_users = 120, 200
    users: list[int] = []
    movies: list[int] = []
    ratings: list[float] = []
    times: list[int] = []
    appeal = 1 / np.arange(1, n_movies + 1) ** 0.6
    for user in range(n_users):
        liked = {user % 6, (user // 6) % 6}
        weight = appeal * np.where(np.isin(np.arange(n_movies) % 6, list(liked)), 4.0, 0.5)
        seen = rng.choice(n_movies, 25, replace=False, p=weight / weight.sum())
        for step, movie in enumerate(seen.tolist()):
            users.append(user)
            movies.append(movie)
            ratings.append(float(np.clip(round(2 * (4.2 if movie % 6 in liked else 2.4) + rng.normal()) / 2, 0.5, 5)))
            times.append(START + step * DAY + user)
    dataset = dataset_of(
        users,
        movies,
        ratings,
        times,
        n_users=n_users,
        n_movies=n_movies,
        genres=[[GENRES[row % 6]] for row in range(n_movies)],
        name="movies",
    )
    words = ("Midnight", "River", "Garden", "Paper", "Silver", "Winter", "Echo", "Harbour", "Lantern", "Orchard")
    titles = [f"{words[row % 10]} {('Train', 'Song', 'House', 'Road')[row % 4]} {row}" for row in range(n_movies)]
    more = pl.DataFrame(
        {
            "title": titles,
            "year": pl.Series([1950 + row % 50 for row in range(n_movies)], dtype=pl.Int32),
            "director": [[f"Director {row // 5}"] for row in range(n_movies)],
            "cast": [[f"Actor {row % 17}", f"Actor {row % 23}"] for row in range(n_movies)],
            "runtime": pl.Series([80 + row % 70 for row in range(n_movies)], dtype=pl.Int32),
            "language": [["English"] if row % 3 else ["French"] for row in range(n_movies)],
            "overview": [f"Film number {row} is about {GENRES[row % 6].lower()}." for row in range(n_movies)],
        }
    )
    movies_left = dataset.movies.drop([name for name in more.columns if name in dataset.movies.columns])
    return replace(dataset, movies=pl.concat([movies_left, more], how="horizontal"))


@pytest.fixture(scope="session")
def movie_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a blend on the movies."""
    data, folder = make_movies(), tmp_path_factory.mktemp("runs")
    write_dataset(data, folder / "data")
    save_run(folder / "run", make("blend").fit(data), data, folder / "data", {"MODEL_CARD.md": b"# blend\n"})
    save_run(folder / "ratings", make("bias").fit(data), data, folder / "data")
    return folder / "run"


@pytest.fixture
def serve(movie_run: Path, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """`serve(accounts=True)`: the address of a new server."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(**flags: Any) -> str:
        defaults: dict[str, Any] = {
            "run": movie_run,
            "rating_run": movie_run.parent / "ratings",
            "database": str(tmp_path / "matinee.db"),
        }
        app = create_app(read_settings(**(defaults | flags)))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        running.append((server, thread))
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Chromium]:
    """The Chromium of this machine."""
    if CHROMIUM is None:
        skip_without("browser")
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def open_window(chromium: Chromium) -> Iterator[Callable[..., Page]]:
    """`open_window(size="phone", dark=True, language="zh", scripts=False)`: its scripts must raise no errors."""
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    def window(
        size: str = "wide", dark: bool = False, language: str = "en", scripts: bool = True, still: bool = True
    ) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="zh-CN" if language == "zh" else "en-GB",
            has_touch=size == "phone",
            java_script_enabled=scripts,
            reduced_motion="reduce" if still else "no-preference",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
        return page

    yield window
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """`shoot(page, "home")`: a screenshot beside the other output of the tests."""
    folder = Path(request.config.rootpath) / ".pytest_cache" / _SHOTS
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", request.node.name)

    def shot(page: Page, label: str) -> None:
        page.screenshot(path=folder / f"{name}-{label}.png", full_page=True)

    return shot


def in_every_appearance(test: Callable[..., None]) -> Callable[..., None]:
    """The test with every `size`, `dark` and `language`."""
    sizes = pytest.mark.parametrize("size", ["wide", "phone"])
    themes = pytest.mark.parametrize("dark", [False, True])
    return pytest.mark.parametrize("language", ["en", "zh"])(themes(sizes(test)))


def create_profile(page: Page, address: str, name: str = "Ann", welcome: bool = False) -> Page:
    """Create a profile in a window, then open Home or stay at the welcome page."""
    page.goto(f"{address}/profiles")
    page.locator("#name").fill(name)
    page.locator("form.narrow-form button").click()
    page.wait_for_url("**/welcome")
    if not welcome:
        page.goto(address)
    return page


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A synthetic Letterboxd export: thirty movies of the catalogue, one ambiguous title, and one unknown title."""
    movies = make_movies().movies
    listed = list(zip(movies["title"].to_list(), movies["year"].to_list(), strict=True))[:30]
    rated = [f"2024-01-02,{title},{year},https://boxd.it/{n},{3 + n % 5 / 2}" for n, (title, year) in enumerate(listed)]
    rated += ["2024-02-01,Midnight Train,1950,https://boxd.it/x,5", "2024-02-01,Qwertyuiop,1950,https://boxd.it/y,4"]
    file = tmp_path / "letterboxd-ann-2024.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ratings.csv", "\n".join(["Date,Name,Year,Letterboxd URI,Rating", *rated]))
        archive.writestr("watchlist.csv", "Date,Name,Year,Letterboxd URI\n2024-01-02,Silver House 114,1964,u\n")
    return file


def upload(page: Page, address: str, file: Path) -> None:
    """Upload a diary, and wait for its import page."""
    page.goto(f"{address}/import")
    page.locator("#files").set_input_files(file)
    page.locator("form.upload button:not([type])").click()
    page.wait_for_url("**/import/*")
