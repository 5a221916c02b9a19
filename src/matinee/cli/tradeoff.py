"""`matinee tradeoff`: measure the cost of variety and exploration on a data set."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import DataOption, JsonOption, KOption, SeedOption, SplitOption, settings_from

if TYPE_CHECKING:
    from matinee.reports.schema import TradeoffPoint


def tradeoff(
    model: Annotated[str, typer.Argument(help="A model by name, e.g. blend.", show_default=False)],
    data: DataOption,
    config: Annotated[Path | None, typer.Option("--config", help="Recipe: a TOML file with [settings].")] = None,
    split: SplitOption = None,
    seed: SeedOption = 0,
    k: KOption = 10,
    users: Annotated[int, typer.Option("--users", min=1, help="Maximum number of users to measure with.")] = 2000,
    plot: Annotated[Path | None, typer.Option("--plot", help="Also draw the curves into this PNG file.")] = None,
    json: JsonOption = None,
) -> None:
    """Measure accuracy, variety and coverage for settings of 'recommend --diversity' and '--exploration'.

    [dim]matinee tradeoff blend --data ml-100k --plot tradeoff.png[/]
    """
    from matinee.cli.load import read_split
    from matinee.data.files import write_bytes, write_json
    from matinee.evaluation.tradeoff import draw_tradeoff, measure_tradeoff
    from matinee.models.registry import make
    from matinee.progress import shown

    recommender = make(model, **settings_from(model, config, []))
    with shown(errors):
        curves = measure_tradeoff(recommender, read_split(data, split, seed), k, users, seed)
    _print_points("--diversity", curves.diversity, k)
    _print_points("--exploration", curves.exploration, k)
    if plot is not None:
        write_bytes(plot, draw_tradeoff({model: curves}))
    if json is not None:
        write_json(json, curves.to_json())


def _print_points(option: str, points: "list[TradeoffPoint]", k: int) -> None:
    from matinee.reports.metrics import NDCG

    rows = [
        [
            f"{point.setting:g}",
            f"{point.ndcg.value:.3f}",
            f"{point.ndcg.low:.3f}-{point.ndcg.high:.3f}",
            f"{point.variety.value:.2f}",
            f"{point.coverage:.2f}",
        ]
        for point in points
    ]
    columns = [option, f"{NDCG}@{k}", "95%", "variety", "coverage"]
    out.print(table(f"The cost of {option}", columns, rows, numeric=[0, 1, 3, 4]))
