"""Progress of long work: the library reports it, the command line shows it.

Library code wraps its loops in `track`; nothing is drawn unless a caller has opened `shown()`. So the
same function is silent in a notebook or a server, and shows a bar with an estimate in a terminal.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

T = TypeVar("T")

_active: ContextVar[Progress | None] = ContextVar("matinee_progress", default=None)


@contextmanager
def shown(console: Console) -> Iterator[None]:
    """Show the progress of everything inside the `with` block on `console`, if it is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        token = _active.set(progress)
        try:
            yield
        finally:
            _active.reset(token)


def track(items: Sequence[T], description: str) -> Iterator[T]:
    """Iterate over `items`, reporting each one as done when the next is asked for."""
    progress = _active.get()
    if progress is None:
        yield from items
        return
    task = progress.add_task(description, total=len(items))
    try:
        for item in items:
            yield item
            progress.advance(task)
    finally:
        progress.remove_task(task)
