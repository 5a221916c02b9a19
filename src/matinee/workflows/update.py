"""Update a run with new ratings and movies, without fitting it from scratch."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from matinee.data.dataset import Dataset
from matinee.message import Message
from matinee.models.incremental import update_model
from matinee.models.memory_budget import describe_solver
from matinee.models.runs import Run, load_run, save_run, updated_documents


@dataclass(frozen=True, eq=False)
class UpdatedRun:
    """A run after an update, and what the update changed."""

    run: Run
    new_ratings: int
    new_movies: int
    updated_users: int
    unchanged_users: int
    solver: list[Message]  # which movies were solved densely, where not all were

    def __str__(self) -> str:
        return _describe(self.new_ratings, self.updated_users, self.new_movies)


def update_run(folder: Path, dataset: Dataset, source: Path, out_folder: Path | None = None) -> UpdatedRun:
    """Bring the run in `folder` up to date with `dataset`, read from `source`, and save it in `out_folder`.

    By default it replaces the old run. The sums over unchanged users, the densely solved movies and everything that was
    chosen on validation stay. Raises `RunError` for a run that is not updatable, and for data that is not the run's
    own with something added.
    """
    out_folder = out_folder or folder
    run = load_run(folder)
    out_folder.parent.mkdir(parents=True, exist_ok=True)
    sums = Path(tempfile.mkdtemp(dir=out_folder.parent, prefix=f".{out_folder.name}.statistics.", suffix=".part"))
    try:
        change = update_model(run.model, folder, run.movie_ids, dataset, sums)
        new_ratings = len(change.after.movies) - len(change.before.movies)
        new_movies = dataset.n_movies - len(change.rows)
        documents = updated_documents(run, _describe(new_ratings, len(change.after), new_movies))
        updated = save_run(out_folder, run.model, dataset, source, documents, sums)
    finally:
        shutil.rmtree(sums, ignore_errors=True)
    return UpdatedRun(
        run=updated,
        new_ratings=new_ratings,
        new_movies=new_movies,
        updated_users=len(change.after),
        unchanged_users=int((dataset.histories.lengths > 0).sum()) - len(change.after),
        solver=describe_solver(run.model, dataset.counts),
    )


def _describe(ratings: int, users: int, movies: int) -> str:
    return f"{ratings:,} new ratings of {users:,} users and {movies:,} new movies"
