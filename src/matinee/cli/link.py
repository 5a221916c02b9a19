"""`matinee data link`: join what other catalogues know to the movies of a dataset."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import DataOption, JsonOption

if TYPE_CHECKING:
    import polars as pl

    from matinee.data.dataset import Dataset
    from matinee.data.linking.catalogue_join import JoinReport

_FILM_TABLE = "films"  # its name in 'matinee data list'
_FILE = "movies.db"
_SHOWN = 5
_GROUPS = {
    "by_id": "same id",
    "by_title": "same title",
    "by_near_title": "nearly the same title",
    "ambiguous": "ambiguous",
    "missed": "missed",
}


def link(
    data: DataOption,
    films: Annotated[
        list[str],
        typer.Option(
            "--films",
            help="What to join: a TMDB catalogue, any other data set with a table of movies, or 'films', the film "
            "table of 'matinee data get'. May be repeated: where two know a fact, the first one's is kept.",
            show_default=False,
        ),
    ],
    out_folder: Annotated[Path, typer.Option("--out", help="New folder for the joined data.", show_default=False)],
    add_films: Annotated[
        bool,
        typer.Option(
            "--add-films", help="Also add the films that the data does not have, as movies that nobody rated."
        ),
    ] = False,
    json: JsonOption = None,
) -> None:
    """Join movies with the rows of other catalogues, by ids where known, else by title, year and genres.

    Writes a plain folder that every other command reads: the same ratings and users, and the movies with
    plots, dates, directors and whatever else the catalogues know. What cannot be told for certain is left alone.
    With --add-films the catalogues' other films come in too: models that place movies by their content reach them.

    [dim]matinee data link --data ml-1m --films tmdb.csv --films films --out ml-1m-linked[/]
    """
    from matinee.cli.load import read
    from matinee.data.files import write_json
    from matinee.data.linking.added_movies import add_movies as add
    from matinee.data.linking.catalogue_join import join_catalogue
    from matinee.data.readers.plain_writing import raise_if_there, write_plain
    from matinee.errors import DataError
    from matinee.progress import shown

    raise_if_there(out_folder)
    reports: list[tuple[str, JoinReport]] = []
    added: list[int] = []
    with shown(errors):
        catalogues = [(given, _catalogue(given)) for given in films]
        dataset = read(data)
        if not len(dataset.ratings):
            raise DataError("holds nobody's ratings; expected a dataset with ratings, to join the films to", data)
        for given, catalogue in catalogues:
            dataset, report = join_catalogue(dataset, catalogue)
            reports.append((given, report))
        for _, catalogue in catalogues if add_films else ():
            dataset, count = add(dataset, catalogue)
            added.append(count)
    write_plain(dataset, out_folder)
    for given, report in reports:
        _print_report(given, report)
    for given, count in zip(films, added, strict=False):
        out.print(f"{count:,} films of {given} added, which nobody rated", highlight=False, soft_wrap=True)
    _print_notes(dataset, out_folder)
    if json is not None:
        told = [_as_json(given, report) for given, report in reports]
        write_json(json, [one | {"added": count} for one, count in zip(told, added or [0] * len(told), strict=True)])


def _catalogue(given: str) -> "pl.DataFrame":
    """The movies to join: the film table by its name or path, or those of a dataset."""
    from matinee.cli.load import read
    from matinee.data.fetching.download import default_folder, get
    from matinee.errors import DataError
    from matinee.store.movie_table import read_movie_table

    path = get(_FILM_TABLE, default_folder()).path if given == _FILM_TABLE else Path(given)
    if not path.exists():
        raise DataError(f"no such file or folder; expected a catalogue, such as one of TMDB, or '{_FILM_TABLE}'", path)
    if (path / _FILE).is_file():
        path = path / _FILE
    return read_movie_table(path) if path.suffix == ".db" else read(path).movies


def _print_report(given: str, report: "JoinReport") -> None:
    groups = [(words, getattr(report, name)) for name, words in _GROUPS.items()]
    rows = [[words, f"{group.movies:,}", f"{group.ratings:.1%}"] for words, group in groups]
    rows.append(["found in all", f"{report.matched:,}", f"{report.ratings_covered:.1%}"])
    out.print(table(f"Joined with {given}", ["", "movies", "of the ratings"], rows, numeric=[1, 2]))
    for words, group in groups:
        if group.names:
            out.print(f"{words}{', written differently' if words.startswith('same') else ''}:", highlight=False)
            for name in group.names[:_SHOWN]:
                out.print(f"  {name}", highlight=False, markup=False, soft_wrap=True)
            if len(group.names) > _SHOWN:
                out.print(f"  [dim]and {len(group.names) - _SHOWN:,} more, rated less often[/]", highlight=False)
    out.print(f"[dim]Filled: {', '.join(report.columns) or 'nothing new'}[/]", highlight=False)


def _print_notes(dataset: "Dataset", out_folder: Path) -> None:
    from matinee.data.linking.catalogue_join import LATER_FACTS

    later = [name for name in LATER_FACTS if name in dataset.movies.columns]
    if later:
        out.print(
            f"[yellow]{', '.join(later)}:[/] counted long after these ratings were given. Fit to be shown; a model "
            "that learns from them knows the future.",
            highlight=False,
        )
    if dataset.posters is not None:
        out.print(f"[yellow]posters:[/] not copied; move or link {dataset.posters} to {out_folder / 'posters'}")
    out.print(str(out_folder), highlight=False, soft_wrap=True)


def _as_json(given: str, report: "JoinReport") -> dict[str, Any]:
    found = {"films": given, "matched": report.matched, "ratings_covered": report.ratings_covered}
    return found | asdict(report)
