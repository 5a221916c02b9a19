"""`matinee train`: fit a model, judge its settings, keep it as a run; or bring a run up to date."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out
from matinee.cli.evaluate import fit_within, print_report
from matinee.cli.options import DataOption, MemoryOption, SeedOption, SplitOption, bytes_of, settings_from
from matinee.errors import ConfigError

if TYPE_CHECKING:
    from matinee.models.recommender import Recommender


def train(
    data: DataOption,
    model: Annotated[str | None, typer.Argument(help="A model by name, e.g. blend.", show_default=False)] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write the run to.", show_default=False)
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", help="Recipe: a TOML file with [settings].")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="One setting, over the file's; may be repeated."),
    ] = None,
    split: SplitOption = None,
    seed: SeedOption = 0,
    memory: MemoryOption = None,
    updatable: Annotated[
        bool, typer.Option("--updatable", help="Keep in the run what it takes to bring it up to date with --update.")
    ] = False,
    update: Annotated[
        Path | None,
        typer.Option("--update", metavar="RUN", help="Bring this run up to date with what --data has by now."),
    ] = None,
    tensorboard: Annotated[
        Path | None, typer.Option("--tensorboard", help="Also write the figures of each epoch here, for TensorBoard.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a training that was interrupted.")] = False,
) -> None:
    """Train a model and keep it as a run: a folder that 'recommend' and 'similar' work from.

    First the settings are judged on a split, beside random and popularity; then the model is fitted on all
    ratings. The run holds the weights, the catalogue, the figures and a model card, and nobody's ratings.

    Models that train for long leave checkpoints beside the run until it is finished: after an interruption, the
    same command with --resume ends in the same weights as if nothing had happened.

    [dim]matinee train blend --data ml-1m --out runs/blend --set sample=1000[/]
    """
    from matinee.models.registry import make

    if update is not None:
        if model is not None or config is not None or settings:
            raise ConfigError(
                f"--update {update} keeps the model and settings of that run; expected no others beside it"
            )
        _bring_up_to_date(update, data, out_folder or update)
        return
    if model is None or out_folder is None:
        raise ConfigError("nothing to train was given; expected a model and --out FOLDER, or --update RUN")
    # Before anything slow, so that a mistyped setting is told at once.
    made, budget = make(model, **settings_from(model, config, settings or [])), bytes_of(memory)
    made.events = tensorboard
    _train_anew(made, data, out_folder, split, seed, budget, updatable, resume)


def _train_anew(
    model: "Recommender",
    data: Path,
    out_folder: Path,
    split: str | None,
    seed: int,
    budget: int | None,
    updatable: bool,
    resume: bool,
) -> None:
    """Judge the model on a split, fit it on everything, and write the run."""
    from matinee.cli.load import read_split
    from matinee.evaluation.evaluate import evaluate
    from matinee.evaluation.model_card import run_documents
    from matinee.models.memory_budget import updatable as with_sums
    from matinee.models.registry import make
    from matinee.models.runs import save_run
    from matinee.progress import shown

    name, events = model.name, model.events
    checkpoints = _checkpoints(out_folder, resume)
    sums = out_folder.parent / f".{out_folder.name}.statistics.part"
    try:
        with shown(errors):
            divided = read_split(data, split, seed).sample_tested(None, seed)
            model = fit_within(model, divided.whole.n_movies, budget)
            if updatable:
                model = with_sums(model, int((divided.whole.counts > 0).sum()))
            model.keep_checkpoints(checkpoints / "judged")
            model.events = events
            report = evaluate(
                {"random": make("random"), "popularity": make("popularity"), name: model}, divided, seed=seed
            )
            fresh = model.unfitted_copy_for_all_data()
            fresh.keep_checkpoints(checkpoints / "everything")
            if updatable:
                _keep_sums(fresh, sums)
            fresh.fit(divided.whole)
            documents = run_documents(report, name, model)
            run = save_run(out_folder, fresh, divided.whole, data, documents, sums if updatable else None)
    finally:
        shutil.rmtree(sums, ignore_errors=True)
    shutil.rmtree(checkpoints, ignore_errors=True)
    print_report(report)
    out.print(f"[dim]{name}, fitted on all {len(divided.whole.ratings):,} ratings: {run.folder}[/]", highlight=False)


def _keep_sums(model: "Recommender", folder: Path) -> None:
    from matinee.models.blend.blend import Blend
    from matinee.models.linear.closed_form import ClosedForm

    if isinstance(model, ClosedForm | Blend):
        model.keep_sums(folder)


def _checkpoints(out_folder: Path, resume: bool) -> Path:
    """The hidden folder for checkpoints beside the run; what an earlier training left is kept only to resume it."""
    folder = out_folder.parent / f".{out_folder.name}.training"
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    return folder


def _bring_up_to_date(folder: Path, data: Path, out_folder: Path) -> None:
    """Update a run with the new ratings and movies of `data`, and say what was kept of it."""
    from matinee.cli.load import read
    from matinee.models.incremental import update
    from matinee.models.memory_budget import describe_solver
    from matinee.models.runs import documents_of, load_run, save_run
    from matinee.progress import shown

    started = time.perf_counter()
    run = load_run(folder)
    out_folder.parent.mkdir(parents=True, exist_ok=True)
    sums = Path(tempfile.mkdtemp(dir=out_folder.parent, prefix=f".{out_folder.name}.statistics.", suffix=".part"))
    try:
        with shown(errors):
            dataset = read(data)
            change = update(run.model, folder, run.movie_ids, dataset, sums)
            ratings = len(change.after.movies) - len(change.before.movies)
            movies = dataset.n_movies - len(change.rows)
            told = f"{ratings:,} new ratings of {len(change.after):,} people and {movies:,} new movies"
            save_run(out_folder, run.model, dataset, data, documents_of(run, told), sums)
    finally:
        shutil.rmtree(sums, ignore_errors=True)
    others = int((dataset.histories.lengths > 0).sum()) - len(change.after)
    out.print(
        f"{told} in {time.perf_counter() - started:.1f} s. Kept: the sums over {others:,} other people, which movies "
        f"are solved densely, and what was learned on validation. "
        f"Solved again: {describe_solver(run.model, dataset.counts)}.",
        highlight=False,
    )
    out.print(
        f"[dim]{run.model.name}, up to date with all {len(dataset.ratings):,} ratings: {out_folder}[/]", highlight=False
    )
