"""Answers that are kept for whoever asks the same again: they are sent before FastAPI takes the question apart.

Parameters, dependencies and validation take FastAPI longer than all the rest of such an answer. A question that was
answered once was a valid one; so its address, who asks, and the version of their marks are enough to find the answer.
"""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from matinee.service.dependencies import RequestContext, get_request_context
from matinee.service.http_cache import etag_for, if_none_match, set_etag
from matinee.service.state.app_state import get_state

_PROFILE = re.compile(r"[1-9][0-9]{0,14}")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CachedRoute(APIRoute):
    """A route whose JSON depends on its address, the stage, and who asks, alone."""

    def get_route_handler(self) -> Handler:
        """What is kept, or else what FastAPI's own handler makes."""
        make = super().get_route_handler()

        async def kept_or_made(request: Request) -> Response:
            context = await run_in_threadpool(_request_context, request)
            if context is None:
                return await make(request)
            kept, user = get_state(request).cached_lists, context.user
            etag = etag_for(request, context.run.version, user.id, context.version, user.language)
            content = kept.get(etag)
            if content is None and not if_none_match(request, etag):
                content = kept.put(etag, bytes((await make(request)).body))
            answer = Response(content, media_type="application/json")
            set_etag(request, answer, etag)
            return answer

        return kept_or_made


def _request_context(request: Request) -> RequestContext | None:
    """Who asks whom; None for a profile that is none, which validation has words for."""
    profile = request.headers.get("x-matinee-profile")
    if profile is not None and not _PROFILE.fullmatch(profile):
        return None
    return get_request_context(request, None if profile is None else int(profile))
