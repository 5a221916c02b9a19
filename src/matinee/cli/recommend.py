"""`matinee recommend` and `matinee similar`: lists from a run, with reasons."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matinee.cli.console import out, table
from matinee.cli.options import JsonOption, KOption, RunOption
from matinee.errors import InputError, NotFoundError, RunError

if TYPE_CHECKING:
    import polars as pl

    from matinee.data.histories import Histories
    from matinee.models.runs import Run
    from matinee.pipeline.recommend import Recommendation

_LIKED_SHOWN = 10


def recommend(
    run: RunOption,
    user: Annotated[str | None, typer.Option("--user", help="A user id of the data the run was trained on.")] = None,
    like: Annotated[
        list[str] | None,
        typer.Option("--like", help="A movie you like, by title; may be repeated, oldest first."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Where the data is now, if not where the run was trained from."),
    ] = None,
    k: KOption = 10,
    json: JsonOption = None,
) -> None:
    """Recommend movies to a user of the data, or to anybody who names a few they like.

    [dim]matinee recommend --run runs/blend --like "Heat (1995)" --like alien[/]
    """
    from matinee.models.runs import load_run
    from matinee.pipeline.recommend import recommend as make_list

    if (user is None) == (not like):
        raise InputError("recommend needs either --user ID or --like TITLE (one or more), and got both or neither")
    loaded = load_run(run)
    history = _history_of(loaded, user, data) if user is not None else _history_liking(loaded, like or [])
    print_liked(loaded.movies, history)
    print_list("Recommended", make_list(loaded.model, loaded.movies, history, k), json)


def similar(
    title: Annotated[str, typer.Argument(help="A movie, e.g. 'Heat (1995)'.", show_default=False)],
    run: RunOption,
    k: KOption = 10,
    json: JsonOption = None,
) -> None:
    """Movies like one movie, by what the run's model learned.

    [dim]matinee similar "toy story" --run runs/blend[/]
    """
    from matinee.models.runs import load_run
    from matinee.pipeline.lookup import TitleLookup
    from matinee.pipeline.recommend import similar as make_list

    loaded = load_run(run)
    lookup = TitleLookup(loaded.movies)
    row = lookup.find(title)
    print_list(f"Like {lookup.label(row)}", make_list(loaded.model, loaded.movies, row, k), json)


def print_liked(movies: "pl.DataFrame", history: "Histories") -> None:
    """What the person liked best, latest first, so that the list can be judged against it."""
    import numpy as np

    stars = history.ratings if history.ratings is not None else np.zeros(len(history.movies))
    best = np.lexsort((-np.arange(len(stars)), -stars))[:_LIKED_SHOWN]
    rows = [
        [
            movies["title"][int(history.movies[entry])],
            _year(movies["year"][int(history.movies[entry])]),
            _stars(history, entry),
        ]
        for entry in best.tolist()
    ]
    out.print(table(f"Liked (of {len(stars):,} rated)", ["title", "year", "stars"], rows))


def print_list(title: str, recommendations: "list[Recommendation]", json: Path | None) -> None:
    """The list with its reasons, on the terminal and, if asked, as JSON."""
    from matinee.data.files import write_json

    rows: list[list[Any]] = [
        [place, one.title, _year(one.year), "; ".join(one.reasons)] for place, one in enumerate(recommendations, 1)
    ]
    out.print(table(title, ["", "title", "year", "why"], rows, numeric=[0]))
    if json is not None:
        write_json(json, [one.to_json() for one in recommendations])


def _history_of(run: "Run", user: str, data: Path | None) -> "Histories":
    """A user's ratings, read from the data the run was trained on, as rows of the run's catalogue."""
    import numpy as np
    import polars as pl

    from matinee.data.readers.formats import read_dataset

    source = data or Path(run.settings["data"]["path"])
    if not source.exists():
        raise RunError(f"{source}: the data {run.folder} was trained on is no longer there; expected --data PATH")
    dataset, _ = read_dataset(source)
    if dataset.movie_ids.ids.tolist() != run.movie_ids.ids.tolist():
        raise RunError(f"{source}: its catalogue is not the one {run.folder} was trained on; expected that data")
    row = dataset.user_ids.row(user)
    if row < 0:
        first, last = dataset.user_ids.ids[0], dataset.user_ids.ids[-1]
        raise NotFoundError(f"no user {user} in {source}; it has {dataset.n_users:,} users, {first} to {last}")
    history = dataset.histories_of(np.array([row], dtype=np.int32))
    if dataset.fingerprint == run.settings["data"]["fingerprint"] or history.users is None:
        return history
    # The data has changed since: what the model learned of a user's row may be of somebody else.
    return replace(history, users=history.users.with_columns(row=pl.lit(None, dtype=pl.Int32)))


def _history_liking(run: "Run", titles: list[str]) -> "Histories":
    from matinee.data.histories import Histories
    from matinee.pipeline.lookup import TitleLookup

    lookup = TitleLookup(run.movies)
    rows = [lookup.find(title) for title in titles]
    return Histories.of([rows], [[run.scale[1]] * len(rows)])


def _year(year: int | None) -> str:
    return "" if year is None else str(year)


def _stars(history: "Histories", entry: int) -> str:
    return "" if history.ratings is None else f"{history.ratings[entry]:g}"
