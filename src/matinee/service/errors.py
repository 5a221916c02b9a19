"""Every error as a problem document: RFC 9457, `application/problem+json`."""

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
    """What went wrong, in one line for people and a type for programs."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(examples=["urn:matinee:problem:not-found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no movie has the id '12'; expected one of the catalogue of this run"])
    instance: str = Field(examples=["/api/v1/movies/12"])
    request_id: str = Field(examples=["5e0b7a9d4c1f4a10"])
    errors: list[dict[str, str]] | None = Field(default=None, examples=[[{"where": "query.k", "message": "too large"}]])


class NotModified(Exception):  # noqa: N818 - no error: the caller has it already
    """The caller has what would be sent."""

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
    """A problem document as an answer."""
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
        problem["errors"] = [{key: _plain(value) for key, value in one.items()} for one in errors]
    content = orjson.dumps(problem)
    return Response(content, status, dict(headers or {}) | {"Cache-Control": "no-store"}, MEDIA_TYPE)


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()  # JSON has no halves of characters


def status_of(error: MatineeError) -> int:
    """The status of an error of ours."""
    if isinstance(error, NotFoundError):
        return 404
    if isinstance(error, ConflictError | RunError):
        return 409
    return 400 if isinstance(error, InputError) else 503


def install_error_handlers(app: FastAPI) -> None:
    """Make the app answer errors with problem documents."""
    app.add_exception_handler(MatineeError, _of_ours)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(NotModified, _unchanged)


#: What routers say of their errors in the OpenAPI document.
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "What was asked cannot be answered; the detail says what would do.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
    "5XX": {
        "description": "Our fault.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}


def response_types(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """What a route that answers something else than JSON says of it in the OpenAPI document."""
    return {200: {"description": "OK", "content": {one: {"schema": {"type": "string"}} for one in media_types}}}


def _answer(request: Request, status: int, detail: str, **more: Any) -> Response:
    if _is_for_people(request, status):
        return request.app.state.problem_page(request, status, detail)
    given = getattr(request.state, "request_id", "")
    return problem_response(status, detail, path=request.url.path, request_id=given, **more)


def _is_for_people(request: Request, status: int) -> bool:
    """Whether a browser asks for a whole page, so that a page is what tells it."""
    return (
        status >= 400
        and "text/html" in request.headers.get("accept", "")
        and "hx-request" not in request.headers
        and hasattr(request.app.state, "problem_page")
    )


async def _of_ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, MatineeError)
    return _answer(request, status_of(error), str(error))


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(request, error.status_code, str(error.detail), headers=error.headers)


async def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # What was given is not repeated: it may be a password.
    errors = [
        {"where": ".".join(str(part) for part in one["loc"]), "message": str(one["msg"])} for one in error.errors()
    ]
    return _answer(request, 422, f"{errors[0]['where']}: {errors[0]['message']}", errors=errors)


async def _unchanged(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": error.etag, "Cache-Control": "private, no-cache"})
