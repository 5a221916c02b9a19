"""`matinee demo`: the main job, from nothing to a page to rate on, with real ratings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out
from matinee.cli.evaluate import print_report, write_report
from matinee.cli.recommend import print_liked, print_list

if TYPE_CHECKING:
    from matinee.data.dataset import Dataset

_MODELS = ("random", "popularity", "item_cf", "ease", "slist", "blend")
_NAME = "ml-100k-films"  # MovieLens 100K joined with the CC0 film table


def demo(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the report card and the trained runs.")] = Path(
        "demo"
    ),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where the page is served; 0: any free.")
    ] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Whether to serve the page at the end.")] = True,
) -> None:
    """Fetch MovieLens 100K, judge six models, train the best one, recommend with reasons, and serve the web app.

    Everything is done for real, in about a minute: the download, the fits, the evaluation over the whole
    catalogue. It leaves a report card to open in a browser and runs to try the other commands on. Ctrl-C ends it.
    """
    from matinee.data.splits import make_split
    from matinee.evaluation.evaluate import evaluate
    from matinee.evaluation.model_card import run_documents
    from matinee.models.registry import make
    from matinee.models.runs import save_run
    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.recommend import recommend
    from matinee.pipeline.request import Request
    from matinee.progress import shown

    with shown(errors):
        source, dataset = _joined()
        report = evaluate({name: make(name) for name in _MODELS}, make_split(dataset, "leave-last"))
        model = make("blend").fit(dataset)
        stars = make("bayes_mf").fit(dataset)
    print_report(report)
    run = save_run(out_folder / "run", model, dataset, source, run_documents(report, "blend", model))
    save_run(out_folder / "stars", stars, dataset, source)

    history = dataset.histories_of(_somebody(dataset))
    out.print()
    print_liked(run.movies, history)
    out.print()
    print_list(
        "Recommended by blend, out of everything this user has not rated",
        recommend(load_engine(run.folder), Request(history)).recommendations,
        None,
    )
    write_report(report, out_folder / "report.json", out_folder / "report.html")
    out.print(
        f'[dim]try: matinee recommend --run {run.folder} --like "Fargo" --like "Pulp Fiction"[/]',
        highlight=False,
    )
    if serve:
        _serve(out_folder, port)


def _serve(folder: Path, port: int) -> None:
    """The web app on the runs of the demo; who rated what in it is kept beside them."""
    import logging

    from matinee.cli.serve import log_in_json, serve_until_ended
    from matinee.service.settings import read_settings

    log_in_json(logging.WARNING)
    database = str(folder / "matinee.db")
    serve_until_ended(read_settings(run=folder / "run", stars=folder / "stars", database=database, port=port))


def _joined() -> "tuple[Path, Dataset]":
    """MovieLens 100K joined with the film table, made once and kept in the cache."""
    from matinee.data.fetching.download import default_folder, get
    from matinee.data.linking.catalogue_join import join_catalogue
    from matinee.data.readers.formats import read_dataset
    from matinee.data.readers.plain_writing import write_plain
    from matinee.store.movie_table import read_movie_table

    folder = default_folder() / _NAME
    if not folder.exists():
        ratings, films = get("ml-100k", default_folder()), get("films", default_folder())
        out.print(f"[dim]{ratings.note}[/]", highlight=False)
        dataset, _ = read_dataset(ratings.path)
        joined, matched = join_catalogue(dataset, read_movie_table(films.path / "movies.db"))
        write_plain(joined, folder)
        out.print(
            f"[dim]{matched.matched:,} of {joined.n_movies:,} movies, with {matched.ratings_covered:.0%} of the "
            f"ratings, found in the film table[/]",
            highlight=False,
        )
    return folder, read_dataset(folder)[0]


def _somebody(dataset: "Dataset"):
    """The row of the user whose number of ratings is the median one: neither a beginner nor a collector."""
    import numpy as np

    lengths = dataset.histories.lengths
    return np.array([np.argsort(lengths, kind="stable")[len(lengths) // 2]], dtype=np.int32)
