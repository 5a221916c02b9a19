"""Make items in other threads while the caller works on earlier ones."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def prefetch(make: Callable[[A], B], items: Iterable[A], threads: int = 2) -> Iterator[B]:
    """Yield `make` of each item, in order, computed ahead of the caller by `threads` threads.

    They run in parallel only if `make` releases the interpreter's lock, as products of sparse matrices do.
    """
    pending: deque[Future[B]] = deque()
    with ThreadPoolExecutor(threads) as executor:
        for item in items:
            pending.append(executor.submit(make, item))
            if len(pending) > threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
