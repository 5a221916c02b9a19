"""`matinee also-liked`: movies that the fans of a movie also like, counted in the training data of a run."""

from typing import Annotated, Any

import typer

from matinee.cli.console import out, table
from matinee.cli.options import JsonOption, KOption
from matinee.cli.request_options import MovedDataOption, RunOption


def also_liked(
    title: Annotated[str, typer.Argument(help="A title, such as 'Heat (1995)'.", show_default=False)],
    run: RunOption,
    data: MovedDataOption = None,
    user: Annotated[
        str | None,
        typer.Option(
            "--user", help="Id of a user. Similar fans count more, and movies the user has rated are left out."
        ),
    ] = None,
    k: KOption = 10,
    json: JsonOption = None,
) -> None:
    """List the movies that fans of a movie like more often than other users do.

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
    history = None
    if user is not None:
        history = dataset.histories_of(np.array([user_row(dataset, user)], dtype=np.int32))
    movies = LikesIndex(dataset).also_liked(row, k, history)
    if movies:
        rows: list[list[Any]] = [
            [
                rank,
                movie.title,
                "" if movie.year is None else movie.year,
                f"{movie.liked_by:,}",
                f"{movie.liked_by / movie.fans:.0%}",
                f"{movie.share:.0%}",
            ]
            for rank, movie in enumerate(movies, 1)
        ]
        heading = f"{movies[0].fans:,} users liked {lookup.label(row)}. They also liked"
        columns = ["", "title", "year", "liked by", "of them", "of all users"]
        out.print(table(heading, columns, rows, numeric=[0, 3, 4, 5]))
    else:
        out.print(f"Too few users liked {lookup.label(row)} to compare.", highlight=False)
    if json is not None:
        write_json(json, [movie.to_json() for movie in movies])
