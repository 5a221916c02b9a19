"""The two consoles, and tables in one style for all commands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from matinee.reports.schema import Figure

out = Console()
errors = Console(stderr=True)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], numeric: Sequence[int] = ()) -> Table:
    """Build a table. Columns whose indices are in `numeric` are right-aligned.

    Text is not parsed as markup, since a movie may be called "[Rec]". A `Text` cell may have a style.
    """
    built = Table(
        title=Text(title), title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0)
    )
    built.show_header = any(columns)
    for index, column in enumerate(columns):
        built.add_column(column, justify="right" if index in numeric else "left", no_wrap=index in (0, *numeric))
    for row in rows:
        built.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return built


def figure(measured: "Figure | None", digits: int = 3) -> Text:
    """The value, and under it the interval (`.163-.175`); a dash where a model has no such figure."""
    if measured is None:
        return Text("-")
    low, high = (f"{bound:.{digits}f}".removeprefix("0") for bound in (measured.low, measured.high))
    return Text.assemble(f"{measured.value:.{digits}f}\n", (f"{low}-{high}", "dim"))
