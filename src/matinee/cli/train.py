"""`matinee train`: fit a model, judge its settings, keep it as a run."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from matinee.cli.console import errors, out
from matinee.cli.evaluate import print_report
from matinee.cli.options import DataOption, SeedOption, SplitOption, settings_from


def train(
    model: Annotated[str, typer.Argument(help="A model by name, e.g. blend.", show_default=False)],
    data: DataOption,
    out_folder: Annotated[Path, typer.Option("--out", help="Folder to write the run to.", show_default=False)],
    config: Annotated[Path | None, typer.Option("--config", help="Recipe: a TOML file with [settings].")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="One setting, over the file's; may be repeated."),
    ] = None,
    split: SplitOption = None,
    seed: SeedOption = 0,
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
    from matinee.cli.reading import read_split
    from matinee.evaluation.evaluate import evaluate
    from matinee.evaluation.model_card import run_documents
    from matinee.models.registry import make
    from matinee.models.runs import save_run
    from matinee.progress import shown

    # Before anything slow, so that a mistyped setting is told at once.
    judged_model = make(model, **settings_from(model, config, settings or []))
    checkpoints = _checkpoints(out_folder, resume)
    judged_model.keep_checkpoints(checkpoints / "judged")
    judged_model.events = tensorboard
    with shown(errors):
        divided = read_split(data, split, seed)
        judged = {"random": make("random"), "popularity": make("popularity"), model: judged_model}
        report = evaluate(judged, divided, seed=seed)
        fresh = judged_model.for_everything()
        fresh.keep_checkpoints(checkpoints / "everything")
        fresh.fit(divided.whole)
    run = save_run(out_folder, fresh, divided.whole, data, run_documents(report, model, judged_model))
    shutil.rmtree(checkpoints, ignore_errors=True)
    print_report(report)
    out.print(f"[dim]{model}, fitted on all {len(divided.whole.ratings):,} ratings: {run.folder}[/]", highlight=False)


def _checkpoints(out_folder: Path, resume: bool) -> Path:
    """The hidden folder for checkpoints beside the run; what an earlier training left is kept only to resume it."""
    folder = out_folder.parent / f".{out_folder.name}.training"
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    return folder
