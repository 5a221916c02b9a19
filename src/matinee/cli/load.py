"""Reading data for a command, telling the user what was repaired on the way."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from matinee.cli.console import errors
from matinee.errors import NotFoundError, RunError

if TYPE_CHECKING:
    from matinee.data.dataset import Dataset
    from matinee.data.splits import Split
    from matinee.models.runs import Run

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


def read_data_of(run: "Run", data: Path | None) -> "Dataset":
    """The data a run was trained on, from where it was then or, if given, is now. Raises `RunError` if it is other.

    Where ratings have changed since, the users' rows are taken off: what the model learned of a row may be of
    somebody else by now.
    """
    from matinee.data.readers.formats import read_dataset

    source = data or Path(run.settings["data"]["path"])
    if not source.exists():
        raise RunError(f"{source}: the data {run.folder} was trained on is no longer there; expected --data PATH")
    dataset, _ = read_dataset(source)
    if dataset.movie_ids.ids.tolist() != run.movie_ids.ids.tolist():
        raise RunError(f"{source}: its catalogue is not the one {run.folder} was trained on; expected that data")
    return replace(dataset, strangers=dataset.fingerprint != run.settings["data"]["fingerprint"])


def user_row(dataset: "Dataset", user: str) -> int:
    """The row of a user id as typed. Raises `NotFoundError`."""
    row = dataset.user_ids.row(user)
    if row < 0:
        first, last = dataset.user_ids.ids[0], dataset.user_ids.ids[-1]
        raise NotFoundError(f"no user {user} in {dataset.name}; it has {dataset.n_users:,} users, {first} to {last}")
    return row
