"""Reading data for a command, telling the user what was repaired on the way."""

from pathlib import Path
from typing import TYPE_CHECKING

from matinee.cli.console import errors

if TYPE_CHECKING:
    from matinee.data.dataset import Dataset
    from matinee.data.splits import Split

_SHOWN = 3


def read(path: Path) -> "Dataset":
    """The dataset at `path`; warnings about repairs go to standard error."""
    from matinee.data.readers.formats import read_dataset

    dataset, findings = read_dataset(path)
    warnings = [finding for finding in findings if finding.severity == "warning"]
    for finding in warnings[:_SHOWN]:
        errors.print(f"[yellow]{finding.path.name}:[/] {finding.message}", highlight=False)
    if len(warnings) > _SHOWN:
        errors.print(f"[dim]{len(warnings) - _SHOWN} more: see 'matinee data inspect {path}'[/]", highlight=False)
    return dataset


def read_split(path: Path, protocol: str | None, seed: int) -> "Split":
    """The dataset at `path`, split as asked, or in the way that suits it."""
    from matinee.data.readers.given_split import read_given_split
    from matinee.data.splits import make_split

    if protocol == "files":
        given = read_given_split(path)
        return make_split(given.dataset, protocol, seed, given.part)
    dataset = read(path)
    return make_split(dataset, protocol or ("leave-last" if dataset.has_order else "random:0.1"), seed)
