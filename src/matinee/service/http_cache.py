"""Tags of answers, so that what somebody has already is not sent, nor made, again."""

import hashlib

from fastapi import Request, Response

from matinee.service.errors import NotModified


def etag_for(request: Request, *parts: object) -> str:
    """The tag of the answer to a request, by its address and by `parts`, all that the answer depends on besides."""
    told = "\n".join(map(str, parts)).encode("utf-8", "surrogatepass")
    whole = b"\n".join([request.scope["path"].encode("utf-8", "surrogatepass"), request.scope["query_string"], told])
    return f'W/"{hashlib.blake2b(whole, digest_size=12).hexdigest()}"'


def if_none_match(request: Request, etag: str) -> bool:
    """Whether the request says by If-None-Match that it has the answer of this tag."""
    given = request.headers.get("if-none-match")
    return given is not None and (given.strip() == "*" or etag in (one.strip() for one in given.split(",")))


def check_etag(request: Request, response: Response, *parts: object) -> None:
    """Tag the answer by its address and by `parts`, all that it depends on besides.

    Raises `Unchanged` if the request says that it has the answer of this tag.
    """
    set_etag(request, response, etag_for(request, *parts))


def set_etag(request: Request, response: Response, etag: str) -> None:
    """Put a tag on an answer. Raises `Unchanged` if the request says that it has it."""
    if if_none_match(request, etag):
        raise NotModified(etag)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
