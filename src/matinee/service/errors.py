"""Error responses: problem documents by RFC 9457, `application/problem+json`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from matinee.errors import ConflictError, InputError, MatineeError, NotFoundError, RunError

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """An error: one line for users and a type for programs."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(examples=["urn:matinee:problem:not-found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["No movie has the id '12'. Use an id from this run's catalogue."])
    instance: str = Field(examples=["/api/v1/movies/12"])
    request_id: str = Field(examples=["5e0b7a9d4c1f4a10"])
    errors: list[dict[str, str]] | None = Field(default=None, examples=[[{"field": "query.k", "message": "too large"}]])


class NotModified(Exception):  # noqa: N818 - an early response, not an error
    """The client already has the response."""

    def __init__(self, etag: str):
        super().__init__(etag)
        self.etag = etag


def problem_response(
    status: int,
    detail: str,
    *,
    path: str,
    request_id: str,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build a problem document."""
    title = HTTPStatus(status).phrase
    problem: dict[str, Any] = {
        "type": f"urn:matinee:problem:{title.lower().replace(' ', '-')}",
        "title": title,
        "status": status,
        "detail": _plain(" ".join(detail.split())),
        "instance": _plain(path),
        "request_id": request_id,
    }
    if errors is not None:
        problem["errors"] = [{key: _plain(value) for key, value in error.items()} for error in errors]
    content = orjson.dumps(problem)
    return Response(content, status, dict(headers or {}) | {"Cache-Control": "no-store"}, MEDIA_TYPE)


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()  # JSON cannot hold lone surrogates


def http_status(error: MatineeError) -> int:
    """The HTTP status of a Matinee error."""
    if isinstance(error, NotFoundError):
        return 404
    if isinstance(error, ConflictError | RunError):
        return 409
    return 400 if isinstance(error, InputError) else 503


def install_error_handlers(app: FastAPI) -> None:
    """Make the app respond to errors with problem documents."""
    app.add_exception_handler(MatineeError, _handle_matinee_error)
    app.add_exception_handler(HTTPException, _handle_http_error)
    app.add_exception_handler(RequestValidationError, _handle_validation_error)
    app.add_exception_handler(NotModified, _handle_not_modified)


#: The errors of all routes in the OpenAPI document.
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "The request is invalid. The detail says how to fix it.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
    "5XX": {
        "description": "The server failed.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}


def response_types(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Describe a response that is not JSON in the OpenAPI document."""
    content = {media_type: {"schema": {"type": "string"}} for media_type in media_types}
    return {200: {"description": "OK", "content": content}}


def _respond(request: Request, status: int, detail: str, **options: Any) -> Response:
    if _wants_page(request, status):
        return request.app.state.problem_page(request, status, detail)
    request_id = getattr(request.state, "request_id", "")
    return problem_response(status, detail, path=request.url.path, request_id=request_id, **options)


def _wants_page(request: Request, status: int) -> bool:
    """Tell whether a browser requested a whole page, so that the error is a page too."""
    return (
        status >= 400
        and "text/html" in request.headers.get("accept", "")
        and "hx-request" not in request.headers
        and hasattr(request.app.state, "problem_page")
    )


async def _handle_matinee_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, MatineeError)
    return _respond(request, http_status(error), str(error))


async def _handle_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _respond(request, error.status_code, str(error.detail), headers=error.headers)


async def _handle_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The value is not repeated, because it may be a password.
    errors = [
        {"field": ".".join(str(part) for part in detail["loc"]), "message": str(detail["msg"])}
        for detail in error.errors()
    ]
    return _respond(request, 422, f"{errors[0]['field']}: {errors[0]['message']}", errors=errors)


async def _handle_not_modified(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": error.etag, "Cache-Control": "private, no-cache"})
