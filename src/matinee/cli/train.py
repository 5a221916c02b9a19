"""`matinee train`: fit a model, judge its settings, keep it as a run."""

import json
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
    config: Annotated[Path | None, typer.Option("--config", help="TOML file with the model's settings.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="One setting, over the file's; may be repeated."),
    ] = None,
    split: SplitOption = None,
    seed: SeedOption = 0,
) -> None:
    """Train a model and keep it as a run: a folder that 'recommend' and 'similar' work from.

    First the settings are judged on a split, beside random and popularity; then the model is fitted on all
    ratings. The run holds the weights, the catalogue, the figures and a model card, and nobody's ratings.

    [dim]matinee train blend --data ml-1m --out runs/blend --set sample=1000[/]
    """
    from matinee.cli.reading import read_split
    from matinee.evaluation.evaluate import evaluate
    from matinee.evaluation.model_card import model_card
    from matinee.models.registry import make
    from matinee.models.runs import save_run
    from matinee.progress import shown

    given = settings_from(config, settings or [])
    fresh = make(model, **given)  # before anything slow, so that a mistyped setting is told at once
    with shown(errors):
        divided = read_split(data, split, seed)
        judged = {"random": make("random"), "popularity": make("popularity"), model: make(model, **given)}
        report = evaluate(judged, divided, seed=seed)
        everything = divided.known.plus(divided.test)
        fresh.fit(everything)
    documents = {
        "metrics.json": json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n",
        "MODEL_CARD.md": model_card(report, model),
    }
    run = save_run(out_folder, fresh, everything, data, documents)
    print_report(report)
    out.print(f"[dim]{model}, fitted on all {len(everything.ratings):,} ratings: {run.folder}[/]", highlight=False)
