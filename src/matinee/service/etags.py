"""Tags of answers, so that what somebody has already is not sent, nor made, again."""

import hashlib

from fastapi import Request, Response

from matinee.service.problems import Unchanged


def tag_answer(request: Request, response: Response, *parts: object) -> None:
    """Tag the answer by its address and by `parts`, all that it depends on besides.

    Raises `Unchanged` if the request says by If-None-Match that it has the answer of this tag.
    """
    whole = "\n".join([request.url.path, request.url.query, *map(str, parts)])
    etag = f'W/"{hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()}"'
    given = request.headers.get("if-none-match", "")
    if given.strip() == "*" or etag in (one.strip() for one in given.split(",")):
        raise Unchanged(etag)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
