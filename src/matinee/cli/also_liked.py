"""`matinee also-liked`: what people who liked a movie also liked, from the ratings of the data a run was trained on."""

from typing import Annotated, Any

import typer

from matinee.cli.console import out, table
from matinee.cli.options import JsonOption, KOption
from matinee.cli.request_options import MovedDataOption, RunOption


def also_liked(
    title: Annotated[str, typer.Argument(help="A movie, e.g. 'Heat (1995)'.", show_default=False)],
    run: RunOption,
    data: MovedDataOption = None,
    user: Annotated[
        str | None,
        typer.Option("--user", help="A user id: people near to them count more, and what they have seen is left out."),
    ] = None,
    k: KOption = 10,
    json: JsonOption = None,
) -> None:
    """People who liked a movie also liked: what its fans like more often than everybody does.

    [dim]matinee also-liked heat --run runs/slist[/]
    """
    import numpy as np

    from matinee.cli.load import read_data_of, user_row
    from matinee.data.files import write_json
    from matinee.models.runs import load_run
    from matinee.pipeline.explore.also_liked import LikesIndex
    from matinee.pipeline.title_lookup import TitleLookup

    dataset = read_data_of(load_run(run), data)
    lookup = TitleLookup(dataset.movies)
    row = lookup.find(title)
    near = None
    if user is not None:
        near = dataset.histories_of(np.array([user_row(dataset, user)], dtype=np.int32))
    found = LikesIndex(dataset).also_liked(row, k, near)
    if found:
        rows: list[list[Any]] = [
            [
                place,
                one.title,
                "" if one.year is None else one.year,
                f"{one.liked_by:,}",
                f"{one.liked_by / one.fans:.0%}",
                f"{one.share:.0%}",
            ]
            for place, one in enumerate(found, 1)
        ]
        people = f"The {found[0].fans:,} who liked {lookup.label(row)} also liked"
        columns = ["", "title", "year", "liked by", "of them", "of everybody"]
        out.print(table(people, columns, rows, numeric=[0, 3, 4, 5]))
    else:
        out.print(f"too few people liked {lookup.label(row)} to say what else they like", highlight=False)
    if json is not None:
        write_json(json, [one.to_json() for one in found])
