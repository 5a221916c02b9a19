"""Load the data and models of a command, with warnings on standard error."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from matinee.cli.console import errors
from matinee.errors import NotFoundError, RunError

if TYPE_CHECKING:
    from matinee.data.dataset import Dataset
    from matinee.data.splits import Split
    from matinee.models.recommender import Recommender
    from matinee.models.runs import Run

_SHOWN = 3


def read(path: Path) -> "Dataset":
    """Read the dataset at `path`. Print warnings about repairs to standard error."""
    from matinee.data.readers.formats import read_dataset

    dataset, findings = read_dataset(path)
    warnings = [finding for finding in findings if finding.severity == "warning"]
    for finding in warnings[:_SHOWN]:
        errors.print(f"[yellow]{finding.path.name}:[/] {finding.message}", highlight=False)
    if len(warnings) > _SHOWN:
        errors.print(f"[dim]{len(warnings) - _SHOWN} more: see 'matinee data inspect {path}'[/]", highlight=False)
    return dataset


def read_split(path: Path, protocol: str | None, seed: int) -> "Split":
    """Read the dataset at `path` and split it. By default the split depends on whether there are timestamps."""
    from matinee.data.readers.predefined_split import read_predefined_split
    from matinee.data.splits import make_split

    if protocol == "files":
        file_split = read_predefined_split(path)
        return make_split(file_split.dataset, protocol, seed, file_split.part)
    dataset = read(path)
    return make_split(dataset, protocol or ("leave-last" if dataset.has_order else "random:0.1"), seed)


def read_data_of(run: "Run", data: Path | None) -> "Dataset":
    """Read the data that a run was trained on, from `data` or from its path at the time of training.

    If the ratings have changed since, the users are anonymous: a row may stand for another user than in training.
    Raises `RunError` if the data is missing or has another catalogue.
    """
    from matinee.data.readers.formats import read_dataset

    source = data or Path(run.info.data.path)
    if not source.exists():
        raise RunError(f"{source}, the training data of {run.folder}, no longer exists. Pass its new path with --data.")
    dataset, _ = read_dataset(source)
    if not run.has_same_catalogue(dataset.movie_ids.ids.tolist()):
        raise RunError(f"{source} has another catalogue than {run.folder}. Use the data that the run was trained on.")
    return replace(dataset, anonymous=dataset.fingerprint != run.info.data.fingerprint)


def user_row(dataset: "Dataset", user: str) -> int:
    """Find the row of a user id as typed. Raises `NotFoundError`."""
    row = dataset.user_ids.row(user)
    if row < 0:
        first, last = dataset.user_ids.ids[0], dataset.user_ids.ids[-1]
        raise NotFoundError(
            f"{dataset.name} has no user {user}. Use an id of its {dataset.n_users:,} users, from {first} to {last}."
        )
    return row


def limit_memory(model: "Recommender", n_movies: int, budget: int | None) -> "Recommender":
    """Limit a model to `budget` bytes. Print a note if the default budget limits it."""
    from matinee.workflows.models import limit_memory as limit

    limited = limit(model, n_movies, budget)
    if limited.default_limit is not None:
        errors.print(
            f"[dim]{model.name}: dense solutions are limited to {limited.default_limit / 1e9:.1f} GB, a share of the "
            f"free memory. Use --memory to change this.[/]",
            highlight=False,
        )
    return limited.model
