"""A real app over a real store and a real small run, asked in this process."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from matinee.data.dataset import Dataset
from matinee.data.readers.plain_writing import write_plain
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.service.app import API, create_app
from matinee.service.settings import Settings, read_settings
from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import RunPaths, ServedRun, load_served_run
from tests.datasets import checkerboard

TITLES = ("Heat", "The Third Man", "Amélie", "Alien", "Aliens", "Brazil", "Vertigo", "Seven (a.k.a. Se7en)")
SECRET = "a secret of sixteen letters or more"
NewSettings = Callable[..., Settings]


def named(dataset: Dataset) -> Dataset:
    """The checkerboard with titles to be searched in its first rows."""
    titles = [*TITLES, *dataset.movies["title"].to_list()[len(TITLES) :]]
    return replace(dataset, movies=dataset.movies.with_columns(pl.Series("title", titles)))


DATA = named(checkerboard(n_movies=16))


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data, as a folder."""
    folder = tmp_path_factory.mktemp("data") / "films"
    write_plain(DATA, folder)
    return folder


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, films: Path) -> Path:
    """A run of ease on it."""
    folder = tmp_path_factory.mktemp("runs") / "ease"
    save_run(folder, make("ease", ridge=5).fit(DATA), DATA, films, {"MODEL_CARD.md": b"# ease\n"})
    return folder


@pytest.fixture(scope="session")
def stars_folder(tmp_path_factory: pytest.TempPathFactory, films: Path) -> Path:
    """A run of a model that predicts stars."""
    folder = tmp_path_factory.mktemp("runs") / "stars"
    model = make("bayes_mf", rank=2, burn_in=1, samples=2, thin=1)
    save_run(folder, model.fit(DATA), DATA, films)
    return folder


@pytest.fixture(scope="session")
def run(run_folder: Path) -> ServedRun:
    return load_served_run(RunPaths(run_folder))


@pytest.fixture
def new_settings(run_folder: Path, url: str) -> NewSettings:
    """`new_settings(accounts=True)`: settings on a database that is empty at first."""

    def new(**flags: Any) -> Settings:
        return read_settings(**({"run": run_folder, "database": url} | flags))

    return new


class Api:
    """An app that is running, and somebody who asks it."""

    def __init__(self, app: FastAPI, portal: BlockingPortal, client: httpx.AsyncClient):
        self.app, self._portal, self._client = app, portal, client
        self.headers: dict[str, str] = {}

    @property
    def house(self) -> AppState:
        return self.app.state.app_state

    def ask(self, method: str, path: str, status: int | None = 200, **options: Any) -> httpx.Response:
        """An answer, of this status."""
        headers = {**self.headers, **options.pop("headers", {})}
        address = path if path == "/metrics" else API + path

        async def asked() -> httpx.Response:
            return await self._client.request(method, address, headers=headers, **options)

        answer = self._portal.call(asked)
        assert status is None or answer.status_code == status, answer.text
        return answer

    def ask_page(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer at an address outside the API, redirects followed."""

        async def asked() -> httpx.Response:
            return await self._client.request(method, path, follow_redirects=True, **options)

        return self._portal.call(asked)

    def get(self, path: str, status: int | None = 200, **options: Any) -> Any:
        """What JSON says."""
        return self.ask("GET", path, status, **options).json()

    def put(self, path: str, json: Any = None, status: int | None = 200, **options: Any) -> Any:
        return self.ask("PUT", path, status, json=json, **options).json()

    def post(self, path: str, json: Any = None, status: int | None = 200, **options: Any) -> Any:
        return self.ask("POST", path, status, json=json, **options).json()

    def delete(self, path: str, status: int | None = 200, **options: Any) -> Any:
        return self.ask("DELETE", path, status, **options).json()

    def somebody(self, name: str) -> "Api":
        """The same app, asked by a new profile."""
        number = self.post("/profiles", {"name": name}, 201)["id"]
        other = Api(self.app, self._portal, self._client)
        other.headers = {"X-Matinee-Profile": str(number)}
        return other

    def stranger(self) -> "Api":
        """The same app, asked by a browser that has no cookies yet."""
        return Api(self.app, self._portal, client_of(self.app))


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000")


@pytest.fixture
def new_api(new_settings: NewSettings) -> Iterator[Callable[..., Api]]:
    """`new_api(accounts=True)`: an app that is running, closed after the test."""
    with start_blocking_portal() as portal:
        opened = []

        def new(settings: Settings | None = None, **flags: Any) -> Api:
            app = create_app(settings or new_settings(**flags))
            context = portal.wrap_async_context_manager(app.router.lifespan_context(app))
            context.__enter__()
            opened.append(context)
            return Api(app, portal, client_of(app))

        yield new
        for context in reversed(opened):
            context.__exit__(None, None, None)


@pytest.fixture
def api(new_api: Callable[..., Api]) -> Api:
    """An app with profiles, asked by nobody."""
    return new_api()


@pytest.fixture
def ann(api: Api) -> Api:
    """The app, asked by Ann."""
    return api.somebody("Ann")
