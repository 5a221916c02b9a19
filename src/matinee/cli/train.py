"""`matinee train`: train a model and save it as a run, or update a run."""

import time
from pathlib import Path
from typing import Annotated

import typer

from matinee.cli.console import errors, out
from matinee.cli.evaluate import print_report
from matinee.cli.options import DataOption, MemoryOption, SeedOption, SplitOption, parse_size, settings_from
from matinee.errors import ConfigError


def train(
    data: DataOption,
    model: Annotated[str | None, typer.Argument(help="Name of a model, such as blend.", show_default=False)] = None,
    out_folder: Annotated[Path | None, typer.Option("--out", help="Folder for the run.", show_default=False)] = None,
    config: Annotated[Path | None, typer.Option("--config", help="Recipe: a TOML file with [settings].")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A setting, such as reg=200 or training.epochs=5. Overrides the recipe. Repeatable.",
        ),
    ] = None,
    split: SplitOption = None,
    seed: SeedOption = 0,
    memory: MemoryOption = None,
    updatable: Annotated[bool, typer.Option("--updatable", help="Store in the run what --update needs.")] = False,
    update: Annotated[
        Path | None,
        typer.Option("--update", metavar="RUN", help="Update this run with the new ratings and movies of --data."),
    ] = None,
    tensorboard: Annotated[
        Path | None, typer.Option("--tensorboard", help="Folder for the figures of each epoch, for TensorBoard.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted training.")] = False,
) -> None:
    """Train a model and save it as a run, a folder for 'recommend', 'similar' and 'serve'.

    The settings are evaluated on a split first, beside random and popularity. Then the model is fitted on all ratings.
    The run contains the weights, the catalogue, the figures and a model card. It contains no ratings.

    Networks leave checkpoints beside the run until it is complete. After an interruption, the same command with
    --resume gives the same weights as a training without one.

    [dim]matinee train blend --data ml-1m --out runs/blend --set sample=1000[/]
    """
    from matinee.cli.load import limit_memory, read_split
    from matinee.models.registry import make
    from matinee.progress import shown
    from matinee.workflows.train import TrainingOptions, train_run

    if update is not None:
        if model is not None or config is not None or settings:
            raise ConfigError(f"--update {update} keeps the model and settings of the run. Remove the other options.")
        _update(update, data, out_folder)
        return
    if model is None or out_folder is None:
        raise ConfigError("There is nothing to train. Pass a model and --out FOLDER, or --update RUN.")
    # Check settings before the data is read, which takes longer.
    untrained, budget = make(model, **settings_from(model, config, settings or [])), parse_size(memory)
    options = TrainingOptions(seed, updatable, resume, tensorboard)
    with shown(errors):
        train_split = read_split(data, split, seed).sample_tested(None, seed)
        limited = limit_memory(untrained, train_split.whole.n_movies, budget)
        trained = train_run(limited, train_split, data, out_folder, options)
    print_report(trained.report)
    ratings = trained.run.info.data.ratings
    out.print(f"[dim]{model}, fitted on all {ratings:,} ratings: {trained.run.folder}[/]", highlight=False)


def _update(run: Path, data: Path, out_folder: Path | None) -> None:
    from matinee.cli.load import read
    from matinee.progress import shown
    from matinee.workflows.update import update_run

    started = time.perf_counter()
    with shown(errors):
        updated = update_run(run, read(data), data, out_folder)
    out.print(
        f"{updated} in {time.perf_counter() - started:.1f} s. Unchanged: the sums over {updated.unchanged_users:,} "
        f"other users, the densely solved movies, and everything that was chosen on validation. "
        f"Solved again: {'; '.join(map(str, updated.solver))}.",
        highlight=False,
    )
    info = updated.run.info
    out.print(
        f"[dim]{info.model}, up to date with all {info.data.ratings:,} ratings: {updated.run.folder}[/]",
        highlight=False,
    )
