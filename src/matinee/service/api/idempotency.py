"""Idempotent writes: a write repeated under the same `Idempotency-Key` returns the first response."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from matinee.service.dependencies import CurrentUser
from matinee.service.state.app_state import AppState, StateDep
from matinee.store.users import User


class IdempotentWrite:
    """One write of one user."""

    def __init__(self, state: AppState, user: User, request: Request, response: Response, key: str | None):
        self.state, self.user = state, user
        self._request, self._response, self._key = request, response, key

    def run(self, work: Callable[[], BaseModel], body: BaseModel | bytes = b"") -> Any:
        """Do `work` and return its response as JSON; for a known key, return the stored response instead.

        Raises `ConflictError` if the key was used for another request.
        """

        def to_json() -> Any:
            return work().model_dump(mode="json")

        if self._key is None:
            return to_json()
        stored = self.state.store.idempotency.run_once(self._key, self.user.id, self._digest(body), to_json)
        if stored.replayed:
            self._response.headers["Idempotency-Replayed"] = "true"
        return stored.value

    def _digest(self, body: BaseModel | bytes) -> str:
        content = body if isinstance(body, bytes) else body.model_dump_json().encode()
        url = f"{self._request.method} {self._request.url.path}?{self._request.url.query}\n"
        return hashlib.sha256(url.encode("utf-8", "surrogatepass") + content).hexdigest()


async def get_idempotent_write(
    state: StateDep,
    user: CurrentUser,
    request: Request,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="A unique key for each write. A repeated request with the same key is not executed again.",
            min_length=1,
            max_length=200,
        ),
    ] = None,
) -> IdempotentWrite:
    """The idempotent write of a request."""
    return IdempotentWrite(state, user, request, response, idempotency_key)


IdempotentWriteDep = Annotated[IdempotentWrite, Depends(get_idempotent_write)]
