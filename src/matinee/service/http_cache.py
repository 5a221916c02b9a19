"""ETags, so that a response that the client already has is neither built nor sent again."""

import hashlib

from fastapi import Request, Response

from matinee.service.errors import NotModified


def etag_for(request: Request, *parts: object) -> str:
    """Compute the ETag of a response from its URL and `parts`, everything else that the response depends on."""
    suffix = "\n".join(map(str, parts)).encode("utf-8", "surrogatepass")
    path = request.scope["path"].encode("utf-8", "surrogatepass")
    content = b"\n".join([path, request.scope["query_string"], suffix])
    return f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def if_none_match(request: Request, etag: str) -> bool:
    """Tell whether the If-None-Match header of a request names this ETag."""
    header = request.headers.get("if-none-match")
    return header is not None and (header.strip() == "*" or etag in (value.strip() for value in header.split(",")))


def check_etag(request: Request, response: Response, *parts: object) -> None:
    """Add the ETag for `parts` to a response. Raises `NotModified` if the client already has it."""
    etag = etag_for(request, *parts)
    if if_none_match(request, etag):
        raise NotModified(etag)
    set_etag(response, etag)


def set_etag(response: Response, etag: str) -> None:
    """Add an ETag to a response, which only the browser of the user may cache."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
