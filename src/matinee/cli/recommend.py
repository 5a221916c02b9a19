"""`matinee recommend`, `matinee similar` and `matinee neighbours`: lists from a run, with reasons."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import JsonOption, KOption, RunOption
from matinee.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from matinee.data.histories import Histories
    from matinee.models.runs import Run
    from matinee.pipeline.recommend import Recommendation

_LIKED_SHOWN = 10
MovedDataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Where the data is now, if not where the run was trained from."),
]


def recommend(
    run: RunOption,
    user: Annotated[str | None, typer.Option("--user", help="A user id of the data the run was trained on.")] = None,
    like: Annotated[
        list[str] | None,
        typer.Option("--like", help="A movie you like, by title; may be repeated, oldest first."),
    ] = None,
    data: MovedDataOption = None,
    k: KOption = 10,
    json: JsonOption = None,
) -> None:
    """Recommend movies to a user of the data, or to anybody who names a few they like.

    [dim]matinee recommend --run runs/blend --like "Heat (1995)" --like alien[/]
    """
    import numpy as np

    from matinee.cli.reading import read_data_of, user_row
    from matinee.models.runs import load_run
    from matinee.pipeline.recommend import recommend as make_list

    if (user is None) == (not like):
        raise InputError("recommend needs either --user ID or --like TITLE (one or more), and got both or neither")
    loaded = load_run(run)
    if user is not None:
        dataset = read_data_of(loaded, data)
        history = dataset.histories_of(np.array([user_row(dataset, user)], dtype=np.int32))
    else:
        history = _history_liking(loaded, like or [])
    print_liked(loaded.movies, history)
    print_list("Recommended", make_list(loaded.model, loaded.movies, history, k), json)


def similar(
    title: Annotated[str, typer.Argument(help="A movie, e.g. 'Heat (1995)'.", show_default=False)],
    run: RunOption,
    by: Annotated[
        Literal["content", "cf", "hybrid"] | None,
        typer.Option("--by", help="Of a hybrid: what movies are about, who rated them, or both.", show_default=False),
    ] = None,
    k: KOption = 10,
    json: JsonOption = None,
) -> None:
    """Movies like one movie, by what the run's model learned, with the genres they share.

    [dim]matinee similar "toy story" --run runs/blend[/]
    """
    from matinee.models.runs import load_run
    from matinee.pipeline.lookup import TitleLookup
    from matinee.pipeline.recommend import similar as make_list

    loaded = load_run(run)
    lookup = TitleLookup(loaded.movies)
    row = lookup.find(title)
    print_list(f"Like {lookup.label(row)}", make_list(loaded.model, loaded.movies, row, k, by), json)


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


def neighbours(
    run: RunOption,
    user: Annotated[str, typer.Option("--user", help="A user id of the data the run was trained on.")],
    data: MovedDataOption = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many people.")] = 10,
    json: JsonOption = None,
) -> None:
    """People of the data near in taste to one of them, by the vectors the run's model keeps.

    [dim]matinee neighbours --run runs/dssm --user 42[/]
    """
    from matinee.cli.reading import read_data_of, user_row
    from matinee.data.files import write_json
    from matinee.models.runs import load_run
    from matinee.pipeline.neighbours import nearest_users
    from matinee.progress import shown

    loaded = load_run(run)
    dataset = read_data_of(loaded, data)
    with shown(errors):
        nearest = nearest_users(loaded.model, dataset, user_row(dataset, user), k)
    rows = [
        [one.user_id, f"{one.likeness:.3f}", f"{one.rated_by_both:,} of {one.rated:,}", ", ".join(one.liked_by_both)]
        for one in nearest
    ]
    columns = ["user", "likeness", "also rated", "both liked, the least known first"]
    out.print(table(f"Nearest to user {user}", columns, rows, numeric=[0, 1]))
    if json is not None:
        write_json(json, [one.to_json() for one in nearest])
