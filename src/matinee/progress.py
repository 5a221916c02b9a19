"""Progress bars: the library reports progress, the command line shows it.

Library code wraps loops in `track` and transfers in `track_bytes`. Nothing is drawn unless the caller is inside
`shown()`, so the same function is silent in a notebook or server and draws a bar in a terminal.
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
    """`3/10` for items, `1.2/4.9 MB` for bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._items, self._bytes = MofNCompleteColumn(), DownloadColumn()

    def render(self, task: Task) -> Text:
        return (self._bytes if task.fields.get("in_bytes") else self._items).render(task)


@contextmanager
def shown(console: Console) -> Generator[None]:
    """Show progress bars on `console` during the `with` block, if it is a terminal."""
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
    """Iterate over `items`. Each counts as done when the next one is requested."""
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
    """Give the `with` block a function to call after each of `total` steps. `done` steps are complete already."""
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
    """Give the `with` block a function to call with the number of bytes just transferred. `total` may be unknown."""
    progress = _active.get()
    if progress is None:
        yield lambda count: None
        return
    task = progress.add_task(description, total=total, in_bytes=True)
    try:
        yield lambda count: progress.advance(task, count)
    finally:
        progress.remove_task(task)
