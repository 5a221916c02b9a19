"""A route whose responses are cached and sent before FastAPI processes the request.

Parameters, dependencies and validation take FastAPI longer than all other work for a cached response. A request that
was answered once was valid, so its URL, the user, and the version of the user's marks identify the response.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from matinee.service.dependencies import ProfileNumber, RequestContext, get_request_context
from matinee.service.errors import NotModified
from matinee.service.http_cache import etag_for, if_none_match, set_etag

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_PROFILE_NUMBER: TypeAdapter[int] = TypeAdapter(ProfileNumber)


class CachedRoute(APIRoute):
    """A route with a JSON response that depends only on the URL, the run, and the user."""

    def get_route_handler(self) -> Handler:
        """Return a handler that sends the cached response, or the response of FastAPI's own handler."""
        build_response = super().get_route_handler()

        async def handle(request: Request) -> Response:
            context = await run_in_threadpool(_load_context, request)
            if context is None:
                return await build_response(request)
            user, cached_lists = context.user, context.state.cached_lists
            etag = etag_for(request, context.run.version, user.id, context.version, user.language)
            if if_none_match(request, etag):
                raise NotModified(etag)
            body = cached_lists.get(etag)
            if body is None:
                body = bytes((await build_response(request)).body)
                cached_lists.put(etag, body)
            response = Response(body, media_type="application/json")
            set_etag(response, etag)
            return response

        return handle


def _load_context(request: Request) -> RequestContext | None:
    """Load the context; None for an invalid profile number, which FastAPI then reports."""
    header = request.headers.get("x-matinee-profile")
    try:
        profile = None if header is None else _PROFILE_NUMBER.validate_python(header)
    except ValidationError:
        return None
    return get_request_context(request, profile)
