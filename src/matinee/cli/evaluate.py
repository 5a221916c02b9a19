"""`matinee evaluate`: measure models on a data set."""

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
            help="List lengths to measure at. Default: 10,20,50, as far as the catalogue goes.",
        ),
    ] = None,
    seed: SeedOption = 0,
    users: UsersOption = None,
    memory: MemoryOption = None,
    checkpoints: Annotated[
        Path | None,
        typer.Option("--checkpoints", help="Folder for checkpoints; the same command resumes from them."),
    ] = None,
    json: JsonOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="Also write a report card to this file.")] = None,
) -> None:
    """Fit models on one part of the data and measure them on another, with intervals and paired tests.

    The full catalogue is ranked, except each user's earlier movies. Ties count against the model. Settings and
    weights are chosen on a validation part, never on the test part.

    [dim]matinee evaluate item_cf ease slist blend --data ml-1m --split leave-last --html report.html[/]
    """
    from matinee.cli.load import limit_memory, read_split
    from matinee.evaluation.evaluate import evaluate as run_evaluation
    from matinee.progress import shown
    from matinee.workflows.models import select_models

    ks = None if k is None else whole_numbers(k, "--k")
    budget, n_users = parse_size(memory), parse_user_count(users)
    with shown(errors):
        parts = read_split(data, split, seed).sample_tested(n_users, seed)
        selected = select_models(models, parts)
        for name in selected.models.keys() - selected.fitted.keys():
            selected.models[name] = limit_memory(selected.models[name], parts.whole.n_movies, budget)
        if checkpoints is not None:
            for model in selected.models.values():
                model.keep_checkpoints(checkpoints)
        report = run_evaluation(selected.models, parts, ks, seed, selected.fitted)
    print_report(report)
    write_report(report, json, html)


def print_report(report: "Report") -> None:
    """Print the leaderboard, the dropped users and ratings, the paired tests and the notes on models."""
    protocol = report.protocol
    out.print(
        f"{protocol.dataset}, {protocol.split}: {protocol.description}. {protocol.tested_users:,} users, "
        f"{protocol.test_ratings:,} test ratings, {protocol.movies:,} movies all ranked.",
        highlight=False,
    )
    for dropped in protocol.dropped:
        out.print(f"[dim]{dropped}[/]", highlight=False)
    out.print(leaderboard(report))
    for comparison in report.comparisons:
        verdict = "better than" if comparison.is_clear else "not surely better than"
        gain = comparison.difference
        out.print(
            f"{comparison.better} is {verdict} {comparison.worse}: {comparison.metric} "
            f"{gain.value:+.4f} ({gain.low:+.4f} to {gain.high:+.4f}), "
            f"{'p < 0.001' if comparison.p < 0.001 else f'p = {comparison.p:.3f}'}",
            highlight=False,
        )
    for model in report.models:
        for message in (model.note, *model.solver):
            if message.text:
                out.print(f"[dim]{model.name}: {message}[/]", highlight=False)


def leaderboard(report: "Report") -> "Table":
    """Build a table with the main metrics of each model."""
    from matinee.reports.metrics import LEADERBOARD

    columns = {metric.key(report.cutoffs[0]): metric for metric in LEADERBOARD}
    columns = {key: metric for key, metric in columns.items() if key in report.metrics}
    rows = [
        [
            model.name,
            *(figure(model.metrics.get(key), metric.digits) for key, metric in columns.items()),
            f"{model.fit_seconds:.1f}",
            f"{model.peak_memory_mb:.0f}",
        ]
        for model in report.models
    ]
    headers = ["model", *(key.replace("@", "\n@") for key in columns), "fit\ns", "peak\nMB"]
    return table("Leaderboard, with 95% intervals", headers, rows, numeric=range(1, len(headers)))


def write_report(report: "Report", json: Path | None, html: Path | None) -> None:
    """Write the report as JSON and as a report card, and print the paths."""
    if json is not None:
        report.write_json(json)
        out.print(f"[dim]figures: {json}[/]", highlight=False)
    if html is not None:
        from matinee.data.files import write_text
        from matinee.reports.card import render_report_card

        write_text(html, render_report_card(report))
        out.print(f"[dim]report card: {html}[/]", highlight=False)
