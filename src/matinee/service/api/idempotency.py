"""Writes that may be sent twice: with an `Idempotency-Key`, the second time gives the first answer and does nothing."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from matinee.service.dependencies import ThePerson
from matinee.service.state.app_state import House, TheHouse
from matinee.store.users import Person


class Write:
    """One write of one person."""

    def __init__(self, house: House, person: Person, request: Request, response: Response, key: str | None):
        self.house, self.person = house, person
        self._request, self._response, self._key = request, response, key

    def once(self, work: Callable[[], BaseModel], body: BaseModel | bytes = b"") -> Any:
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


async def the_write(
    house: TheHouse,
    person: ThePerson,
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
) -> Write:
    """The write of a request."""
    return Write(house, person, request, response, idempotency_key)


TheWrite = Annotated[Write, Depends(the_write)]
