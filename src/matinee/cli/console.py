"""The two consoles, and the tables every command prints alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from matinee.evaluation.intervals import Figure

out = Console()
errors = Console(stderr=True)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], numeric: Sequence[int] = ()) -> Table:
    """A plain table; the columns whose places are in `numeric` are set flush right.

    Cells are shown as they are: a movie may be called "[Rec]". A `Text` may bring a style of its own.
    """
    made = Table(
        title=Text(title), title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0)
    )
    made.show_header = any(columns)
    for place, column in enumerate(columns):
        made.add_column(column, justify="right" if place in numeric else "left", no_wrap=place in (0, *numeric))
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return made


def figure(measured: "Figure | None", digits: int = 3) -> Text:
    """The value, and under it the interval (`.163-.175`); a dash where a model has no such figure."""
    if measured is None:
        return Text("-")
    low, high = (f"{bound:.{digits}f}".removeprefix("0") for bound in (measured.low, measured.high))
    return Text.assemble(f"{measured.value:.{digits}f}\n", (f"{low}-{high}", "dim"))
