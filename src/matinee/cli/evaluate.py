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
    bytes_of,
    people_of,
    read_recipe,
    whole_numbers,
)

if TYPE_CHECKING:
    from rich.table import Table

    from matinee.data.splits import Split
    from matinee.evaluation.report import Report
    from matinee.models.recommender import Recommender

_FLOORS = ("random", "popularity")


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
    from matinee.cli.load import read_split
    from matinee.evaluation.evaluate import evaluate as run_evaluation
    from matinee.progress import shown

    ks = None if k is None else whole_numbers(k, "--k")
    budget, people = bytes_of(memory), people_of(users)
    with shown(errors):
        divided = read_split(data, split, seed).sample_tested(people, seed)
        chosen, fitted = _models(models, divided)
        for name in chosen.keys() - fitted.keys():
            chosen[name] = fit_within(chosen[name], divided.whole.n_movies, budget)
        if checkpoints is not None:
            for model in chosen.values():
                model.keep_checkpoints(checkpoints)
        report = run_evaluation(chosen, divided, ks, seed, fitted)
    print_report(report)
    write_report(report, json, html)


def fit_within(model: "Recommender", n_movies: int, budget: int | None) -> "Recommender":
    """The model within so many bytes, or within what suits this machine, which is told if it makes a difference."""
    from matinee.models.memory_budget import default_budget, fit_to_memory

    allowed = default_budget() if budget is None else budget
    found = fit_to_memory(model, n_movies, allowed)
    if found is not model and budget is None:
        errors.print(
            f"[dim]{model.name}: dense solutions within {allowed / 1e9:.1f} GB, as suits the memory that is free; "
            f"--memory says otherwise[/]",
            highlight=False,
        )
    return found


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


def _models(names: list[str], split: "Split") -> tuple[dict[str, "Recommender"], dict[str, str]]:
    """Unfitted models by the names they get in the report, and notes for those runs that need no new fit."""
    from matinee.models.registry import make
    from matinee.models.runs import is_run, load_run

    models: dict[str, Recommender] = {name: make(name) for name in _FLOORS}
    notes: dict[str, str] = {}
    for name in names:
        path = Path(name)
        if path.suffix == ".toml":
            named, settings = read_recipe(path)
            models[path.stem] = make(str(named), **settings)
        elif path.is_dir() and (is_run(path) or "/" in name):
            run = load_run(path)
            if run.settings["data"]["fingerprint"] == split.known.fingerprint:
                notes[name] = "judged as saved: it was trained on exactly this split's training and validation part"
                models[name] = run.model
            else:
                models[name] = type(run.model)(run.model.config)  # it has seen the test ratings: fit afresh
        else:
            models[name] = make(name)
    return models, notes
