"""Writes that may be sent twice: with an `Idempotency-Key`, the second time gives the first answer and does nothing."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from matinee.service.dependencies import CurrentUser
from matinee.service.state.app_state import AppState, StateDep
from matinee.store.users import User


class IdempotentWrite:
    """One write of one person."""

    def __init__(self, state: AppState, user: User, request: Request, response: Response, key: str | None):
        self.house, self.person = state, user
        self._request, self._response, self._key = request, response, key

    def run(self, work: Callable[[], BaseModel], body: BaseModel | bytes = b"") -> Any:
        """What `work` answers, as JSON; or, under a key seen before, what it answered then.

        Raises `ConflictError` if the key came with another request.
        """

        def told() -> Any:
            return work().model_dump(mode="json")

        if self._key is None:
            return told()
        answer = self.house.store.idempotency.once(self._key, self.person.id, self._digest(body), told)
        if answer.repeated:
            self._response.headers["Idempotency-Replayed"] = "true"
        return answer.value

    def _digest(self, body: BaseModel | bytes) -> str:
        content = body if isinstance(body, bytes) else body.model_dump_json().encode()
        address = f"{self._request.method} {self._request.url.path}?{self._request.url.query}\n"
        return hashlib.sha256(address.encode("utf-8", "surrogatepass") + content).hexdigest()


async def get_idempotent_write(
    state: StateDep,
    user: CurrentUser,
    request: Request,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Of your own making, one for each write: sent again, the write is not done again.",
            min_length=1,
            max_length=200,
        ),
    ] = None,
) -> IdempotentWrite:
    """The write of a request."""
    return IdempotentWrite(state, user, request, response, idempotency_key)


IdempotentWriteDep = Annotated[IdempotentWrite, Depends(get_idempotent_write)]
