"""`matinee demo`: from an empty folder to the web app, on real ratings."""

from pathlib import Path
from typing import Annotated

import typer

from matinee.cli.console import errors, out
from matinee.cli.evaluate import print_report, write_report
from matinee.cli.recommend import print_liked, print_list


def demo(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the report card and the trained runs.")] = Path(
        "demo"
    ),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port of the web app; 0 for any free one.")
    ] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the web app at the end.")] = True,
) -> None:
    """Download MovieLens 100K, evaluate six models, train the best one, recommend movies, and serve the web app.

    This takes about a minute: the download, the training, the evaluation on the whole catalogue. It leaves a report
    card for the browser, and runs for the other commands. Press Ctrl-C to stop.
    """
    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.recommend import recommend
    from matinee.pipeline.request import Request
    from matinee.progress import shown
    from matinee.workflows.demo import build_demo, load_demo_data

    with shown(errors):
        data = load_demo_data()
        for note in data.notes:
            out.print(f"[dim]{note}[/]", highlight=False)
        built = build_demo(data, out_folder)
    print_report(built.report)
    out.print()
    print_liked(built.run.movies, built.history)
    out.print()
    engine = load_engine(built.run.folder)
    recommendations = recommend(engine, Request(built.history)).recommendations
    print_list("Recommended by blend, from the movies this user has not rated", recommendations, engine.movies)
    write_report(built.report, out_folder / "report.json", out_folder / "report.html")
    out.print(
        f'[dim]Next: matinee recommend --run {built.run.folder} --like "Fargo" --like "Pulp Fiction"[/]',
        highlight=False,
    )
    if serve:
        _serve(built.run.folder, built.rating_run.folder, out_folder / "matinee.db", port)


def _serve(run: Path, rating_run: Path, database: Path, port: int) -> None:
    import logging

    from matinee.cli.serve import log_as_json, serve_until_stopped
    from matinee.service.settings import read_settings

    log_as_json(logging.WARNING)
    serve_until_stopped(read_settings(run=run, rating_run=rating_run, database=str(database), port=port))
