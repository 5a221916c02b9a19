"""The app: the JSON API and the web pages.

Start it with `uvicorn --factory matinee.service.app:app_from_environment`.
"""

import pkgutil
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool

import matinee
from matinee.service import api
from matinee.service.api.health import metrics_router
from matinee.service.errors import RESPONSES, Problem, install_error_handlers
from matinee.service.middleware import API, RequestMiddleware
from matinee.service.operations.reports import load_report, load_tradeoff
from matinee.service.settings import Settings, read_settings
from matinee.service.state.app_state import AppState, open_state
from matinee.service.state.served_run import ServedRun
from matinee.service.web.app import add_pages

__all__ = ["API", "app_from_environment", "create_app"]


def create_app(settings: Settings, state: AppState | None = None) -> FastAPI:
    """Create the app.

    After the start, `app.state.app_state` is `state`, which the caller closes, or a state that the app opens and closes
    itself. Raises `ConfigError` for unsafe settings, and `InputError` for report files that cannot be read.
    """
    settings.check()
    if state is not None:
        _check_report_files(settings, state.served.current)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        app_state = state or await run_in_threadpool(open_state, settings)
        try:
            if state is None:
                await run_in_threadpool(_check_report_files, settings, app_state.served.current)
            app.state.app_state = app_state
            yield
        finally:
            if state is None:
                await run_in_threadpool(app_state.close)

    app = FastAPI(
        title="Matinee",
        version=matinee.__version__,
        description="A self-hosted movie recommender. Errors are problem documents (RFC 9457).",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # it would load scripts from another site
        redoc_url=None,
        lifespan=lifespan,
        responses=RESPONSES,
    )
    install_error_handlers(app)
    app.add_middleware(RequestMiddleware, settings=settings)
    for router in _api_routers():
        app.include_router(router, prefix=API)
    app.include_router(metrics_router)
    add_pages(app)
    app.openapi = _with_problem_schema(app.openapi)
    return app


def app_from_environment() -> FastAPI:
    """Create the app with the settings in the environment, MATINEE_SERVE_*. Raises `ConfigError`."""
    return create_app(read_settings())


def _check_report_files(settings: Settings, run: ServedRun) -> None:
    """Read the files in the settings at the start, so that errors appear before a user opens the lab."""
    if settings.report is not None:
        load_report(settings, run)
    if settings.tradeoff is not None:
        load_tradeoff(settings, run)


def _api_routers() -> Iterator[APIRouter]:
    """The `router` of each module of the package `api` that has one, in alphabetical order."""
    for module_info in sorted(pkgutil.iter_modules(api.__path__), key=lambda info: info.name):
        router = getattr(import_module(f"{api.__name__}.{module_info.name}"), "router", None)
        if isinstance(router, APIRouter):
            yield router


def _with_problem_schema(build: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Add the schema of errors, to which all routes refer, to the OpenAPI document."""

    def openapi() -> dict[str, Any]:
        document = build()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        return document

    return openapi
