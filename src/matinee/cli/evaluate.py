"""`matinee evaluate`: how good are these models on this data?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, figure, out, table
from matinee.cli.options import (
    DataOption,
    JsonOption,
    MemoryOption,
    SeedOption,
    SplitOption,
    UsersOption,
    parse_size,
    parse_user_count,
    whole_numbers,
)

if TYPE_CHECKING:
    from rich.table import Table

    from matinee.reports.schema import Report


def evaluate(
    models: Annotated[
        list[str],
        typer.Argument(
            help="Models by name, recipes (.toml) or folders of runs. 'random' and 'popularity' are always added.",
            show_default=False,
        ),
    ],
    data: DataOption,
    split: SplitOption = None,
    k: Annotated[
        str | None,
        typer.Option(
            "-k",
            "--k",
            help="List lengths to measure at, such as 10,20,50 (the default, if there are so many).",
        ),
    ] = None,
    seed: SeedOption = 0,
    users: UsersOption = None,
    memory: MemoryOption = None,
    checkpoints: Annotated[
        Path | None,
        typer.Option("--checkpoints", help="Folder to keep unfinished trainings in, and to take them up again from."),
    ] = None,
    json: JsonOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="Also write a report card to this file.")] = None,
) -> None:
    """Fit models on one part of the data and judge them on another, in full and with intervals.

    Every movie of the catalogue is ranked, the user's earlier movies left out, ties counted against the model;
    settings and weights are chosen on a validation part, never on the test part.

    [dim]matinee evaluate item_cf ease slist blend --data ml-1m --split leave-last --html report.html[/]
    """
    from matinee.cli.load import limit_memory, read_split
    from matinee.evaluation.evaluate import evaluate as run_evaluation
    from matinee.progress import shown
    from matinee.workflows.models import select_models

    ks = None if k is None else whole_numbers(k, "--k")
    budget, n_users = parse_size(memory), parse_user_count(users)
    with shown(errors):
        divided = read_split(data, split, seed).sample_tested(n_users, seed)
        selected = select_models(models, divided)
        for name in selected.models.keys() - selected.fitted.keys():
            selected.models[name] = limit_memory(selected.models[name], divided.whole.n_movies, budget)
        if checkpoints is not None:
            for model in selected.models.values():
                model.keep_checkpoints(checkpoints)
        report = run_evaluation(selected.models, divided, ks, seed, selected.fitted)
    print_report(report)
    write_report(report, json, html)


def print_report(report: "Report") -> None:
    """The leaderboard and what it does not say by itself: what was dropped, and which differences are real."""
    protocol = report.protocol
    out.print(
        f"{protocol['dataset']}, {protocol['split']}: {protocol['about']}. {protocol['tested_users']:,} users, "
        f"{protocol['test_ratings']:,} test ratings, {protocol['movies']:,} movies all ranked.",
        highlight=False,
    )
    for dropped in protocol["dropped"]:
        out.print(f"[dim]{dropped}[/]", highlight=False)
    out.print(leaderboard(report))
    for comparison in report.comparisons:
        verdict = "better than" if comparison.p < 0.05 else "not surely better than"
        gain = comparison.difference
        out.print(
            f"{comparison.better} is {verdict} {comparison.worse}: {comparison.metric} "
            f"{gain.value:+.4f} ({gain.low:+.4f} to {gain.high:+.4f}), {_p_value(comparison.p)}",
            highlight=False,
        )
    for model in report.models:
        if model.note:
            out.print(f"[dim]{model.name}: {model.note}[/]", highlight=False)
        if model.covers:
            out.print(f"[dim]{model.name} solved, {model.covers}[/]", highlight=False)


def leaderboard(report: "Report") -> "Table":
    """One row per model with its headline figures."""
    k = report.protocol["k"][0]
    wanted = [f"{name}@{k}" for name in ("hr", "ndcg", "recall", "coverage", "novelty", "diversity")]
    wanted = [name for name in (*wanted, "rmse", "mae") if any(name in model.metrics for model in report.models)]
    rows = [
        [
            model.name,
            *(figure(model.metrics.get(name), 2 if name.startswith(("coverage", "novelty")) else 3) for name in wanted),
            f"{model.fit_seconds:.1f}",
            f"{model.peak_memory_mb:.0f}",
        ]
        for model in report.models
    ]
    columns = ["model", *(name.replace("@", "\n@") for name in wanted), "fit\ns", "peak\nMB"]
    return table("Leaderboard, with 95% intervals", columns, rows, numeric=range(1, len(columns)))


def _p_value(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def write_report(report: "Report", json: Path | None, html: Path | None) -> None:
    """Write the files that were asked for and say where they are."""
    if json is not None:
        report.write_json(json)
        out.print(f"[dim]figures: {json}[/]", highlight=False)
    if html is not None:
        from matinee.data.files import write_text
        from matinee.evaluation.report_card import render_report_card

        write_text(html, render_report_card(report.to_json()))
        out.print(f"[dim]report card: {html}[/]", highlight=False)
