"""Things are made in other threads while those before them are worked on."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def prefetch(make: Callable[[A], B], items: Iterable[A], threads: int = 2) -> Iterator[B]:
    """`make` of each of the items, in their order, made by so many threads, each one ahead of the caller.

    They are busy at once only where `make` leaves the interpreter's lock, as products of sparse matrices do.
    """
    coming: deque[Future[B]] = deque()
    with ThreadPoolExecutor(threads) as others:
        for item in items:
            coming.append(others.submit(make, item))
            if len(coming) > threads:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
