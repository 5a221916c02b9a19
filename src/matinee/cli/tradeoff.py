"""`matinee dial`: what variety and chance cost on the data at hand."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import DataOption, JsonOption, KOption, SeedOption, SplitOption, settings_from

if TYPE_CHECKING:
    from matinee.evaluation.tradeoff import TradeoffPoint


def tradeoff(
    model: Annotated[str, typer.Argument(help="A model by name, e.g. blend.", show_default=False)],
    data: DataOption,
    config: Annotated[Path | None, typer.Option("--config", help="Recipe: a TOML file with [settings].")] = None,
    split: SplitOption = None,
    seed: SeedOption = 0,
    k: KOption = 10,
    users: Annotated[int, typer.Option("--users", min=1, help="How many users to try it on, at most.")] = 2000,
    plot: Annotated[Path | None, typer.Option("--plot", help="Also draw it, into this PNG file.")] = None,
    json: JsonOption = None,
) -> None:
    """What each notch of 'recommend --diversity' and '--exploration' costs, and brings, on your data.

    [dim]matinee dial blend --data ml-100k --plot dial.png[/]
    """
    from matinee.cli.load import read_split
    from matinee.data.files import write_bytes, write_json
    from matinee.evaluation.tradeoff import draw_tradeoff, measure_tradeoff
    from matinee.models.registry import make
    from matinee.progress import shown

    wanted = make(model, **settings_from(model, config, []))
    with shown(errors):
        found = measure_tradeoff(wanted, read_split(data, split, seed), k, users, seed)
    _print_notches("--diversity", found.diversity, k)
    _print_notches("--exploration", found.exploration, k)
    if plot is not None:
        write_bytes(plot, draw_tradeoff({model: found}))
    if json is not None:
        write_json(json, found.to_json())


def _print_notches(name: str, notches: "tuple[TradeoffPoint, ...]", k: int) -> None:
    rows = [
        [
            f"{notch.at:g}",
            f"{notch.ndcg.value:.3f}",
            f"{notch.ndcg.low:.3f}-{notch.ndcg.high:.3f}",
            f"{notch.variety.value:.2f}",
            f"{notch.coverage:.2f}",
        ]
        for notch in notches
    ]
    columns = [name, f"ndcg@{k}", "95%", "variety", "coverage"]
    out.print(table(f"The price of {name}", columns, rows, numeric=[0, 1, 3, 4]))
