"""The app: the API's routes and the pages behind the front, over a house that opens when the app starts.

uvicorn --factory matinee.service.app:app_from_environment
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

import matinee
from matinee.service.api import health, imports, lists, models, movies, ratings, recommendations, users
from matinee.service.errors import RESPONSES, Problem, install_error_handlers
from matinee.service.middleware import API, RequestMiddleware
from matinee.service.settings import Settings, read_settings
from matinee.service.state.app_state import AppState, open_state
from matinee.service.web.app import add_pages

_ROUTERS = (
    recommendations.router,
    movies.router,
    ratings.router,
    lists.router,
    imports.router,
    users.router,
    models.router,
    health.router,
)


__all__ = ["API", "app_from_environment", "create_app"]


def create_app(settings: Settings, state: AppState | None = None) -> FastAPI:
    """The app for some settings: the API, and the pages over it.

    Its state is `app.state.app_state` as soon as it has started: the one given, which stays the giver's to close, or one
    that it opens and closes itself. Raises `ConfigError` for settings that would be unsafe.
    """
    settings.check()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        opened = state or await run_in_threadpool(open_state, settings)
        app.state.app_state = opened
        try:
            yield
        finally:
            if state is None:
                await run_in_threadpool(opened.close)

    app = FastAPI(
        title="Matinee",
        version=matinee.__version__,
        description="A movie recommender you own. Errors are problem documents (RFC 9457).",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # it would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        responses=RESPONSES,
    )
    install_error_handlers(app)
    app.add_middleware(RequestMiddleware, settings=settings)
    for router in _ROUTERS:
        app.include_router(router, prefix=API)
    app.include_router(health.metrics_router)
    add_pages(app)
    app.openapi = _with_problems(app.openapi)
    return app


def app_from_environment() -> FastAPI:
    """The app by the environment alone, MATINEE_SERVE_*, for a server of your own choice. Raises `ConfigError`."""
    return create_app(read_settings())


def _with_problems(make: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """The OpenAPI document, with the schema that all errors refer to."""

    def openapi() -> dict[str, Any]:
        document = make()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        return document

    return openapi
