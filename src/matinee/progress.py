"""Progress of long work: the library reports it, the command line shows it.

Library code wraps its loops in `track`, and its transfers in `track_bytes`; nothing is drawn unless a
caller has opened `shown()`. So the same function is silent in a notebook or a server, and shows a bar with
an estimate in a terminal.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

T = TypeVar("T")

_active: ContextVar[Progress | None] = ContextVar("matinee_progress", default=None)


class _DoneColumn(ProgressColumn):
    """`3/10` for things, `1.2/4.9 MB` for bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._things, self._bytes = MofNCompleteColumn(), DownloadColumn()

    def render(self, task: Task) -> Text:
        return (self._bytes if task.fields.get("in_bytes") else self._things).render(task)


@contextmanager
def shown(console: Console) -> Generator[None]:
    """Show the progress of everything inside the `with` block on `console`, if it is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        _DoneColumn(),
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


@contextmanager
def track_steps(total: int, description: str, done: int = 0) -> Generator[Callable[[], None]]:
    """Give the `with` block a function to call after each of `total` steps, `done` of which are behind us."""
    progress = _active.get()
    if progress is None:
        yield lambda: None
        return
    task = progress.add_task(description, total=total, completed=done)
    try:
        yield lambda: progress.advance(task)
    finally:
        progress.remove_task(task)


@contextmanager
def track_bytes(total: int | None, description: str) -> Generator[Callable[[int], None]]:
    """Give the `with` block a function to call with the number of bytes just done; `total` may be unknown."""
    progress = _active.get()
    if progress is None:
        yield lambda count: None
        return
    task = progress.add_task(description, total=total, in_bytes=True)
    try:
        yield lambda count: progress.advance(task, count)
    finally:
        progress.remove_task(task)
