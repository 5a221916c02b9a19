"""A real app with a real store and a small run, called in this process."""

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
from matinee.data.readers.dataset_writer import write_dataset
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


def with_titles(dataset: Dataset) -> Dataset:
    """The checkerboard with searchable titles in its first rows."""
    titles = [*TITLES, *dataset.movies["title"].to_list()[len(TITLES) :]]
    return replace(dataset, movies=dataset.movies.with_columns(pl.Series("title", titles)))


DATA = with_titles(checkerboard(n_movies=16))


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the data."""
    folder = tmp_path_factory.mktemp("data") / "films"
    write_dataset(DATA, folder)
    return folder


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Path:
    """A run of ease."""
    folder = tmp_path_factory.mktemp("runs") / "ease"
    save_run(folder, make("ease", reg=5).fit(DATA), DATA, data_folder, {"MODEL_CARD.md": b"# ease\n"})
    return folder


@pytest.fixture(scope="session")
def rating_run_folder(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Path:
    """A run of a model that predicts ratings."""
    folder = tmp_path_factory.mktemp("runs") / "ratings"
    model = make("bayes_mf", embedding_dim=2, burn_in=1, samples=2, thin=1)
    save_run(folder, model.fit(DATA), DATA, data_folder)
    return folder


@pytest.fixture(scope="session")
def run(run_folder: Path) -> ServedRun:
    return load_served_run(RunPaths(run_folder))


@pytest.fixture
def new_settings(run_folder: Path, url: str) -> NewSettings:
    """`new_settings(accounts=True)`: settings with an empty database."""

    def new(**flags: Any) -> Settings:
        return read_settings(**({"run": run_folder, "database": url} | flags))

    return new


class Api:
    """A running app and a client."""

    def __init__(self, app: FastAPI, portal: BlockingPortal, client: httpx.AsyncClient):
        self.app, self._portal, self._client = app, portal, client
        self.headers: dict[str, str] = {}

    @property
    def state(self) -> AppState:
        return self.app.state.app_state

    def request(self, method: str, path: str, status: int | None = 200, **options: Any) -> httpx.Response:
        """Send a request and check the status of the response."""
        headers = {**self.headers, **options.pop("headers", {})}
        url = path if path == "/metrics" else API + path

        async def send() -> httpx.Response:
            return await self._client.request(method, url, headers=headers, **options)

        response = self._portal.call(send)
        assert status is None or response.status_code == status, response.text
        return response

    def request_page(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Request a URL outside the API, and follow redirects."""

        async def send() -> httpx.Response:
            return await self._client.request(method, path, follow_redirects=True, **options)

        return self._portal.call(send)

    def get(self, path: str, status: int | None = 200, **options: Any) -> Any:
        """Request JSON."""
        return self.request("GET", path, status, **options).json()

    def put(self, path: str, json: Any = None, status: int | None = 200, **options: Any) -> Any:
        return self.request("PUT", path, status, json=json, **options).json()

    def post(self, path: str, json: Any = None, status: int | None = 200, **options: Any) -> Any:
        return self.request("POST", path, status, json=json, **options).json()

    def delete(self, path: str, status: int | None = 200, **options: Any) -> Any:
        return self.request("DELETE", path, status, **options).json()

    def new_user(self, name: str) -> "Api":
        """The same app with a new profile."""
        number = self.post("/profiles", {"name": name}, 201)["id"]
        other = Api(self.app, self._portal, self._client)
        other.headers = {"X-Matinee-Profile": str(number)}
        return other

    def new_browser(self) -> "Api":
        """The same app with a browser without cookies."""
        return Api(self.app, self._portal, new_client(self.app))


def new_client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000")


@pytest.fixture
def new_api(new_settings: NewSettings) -> Iterator[Callable[..., Api]]:
    """`new_api(accounts=True)`: a running app, closed after the test."""
    with start_blocking_portal() as portal:
        opened = []

        def new(settings: Settings | None = None, **flags: Any) -> Api:
            app = create_app(settings or new_settings(**flags))
            context = portal.wrap_async_context_manager(app.router.lifespan_context(app))
            context.__enter__()
            opened.append(context)
            return Api(app, portal, new_client(app))

        yield new
        for context in reversed(opened):
            context.__exit__(None, None, None)


@pytest.fixture
def api(new_api: Callable[..., Api]) -> Api:
    """An app with profiles, and no user."""
    return new_api()


@pytest.fixture
def ann(api: Api) -> Api:
    """The app with the user Ann."""
    return api.new_user("Ann")
