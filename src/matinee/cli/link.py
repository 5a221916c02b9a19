"""`matinee data link`: add facts from other catalogues to the movies of a dataset."""

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

_MOVIE_TABLE = "movie-table"  # its name in 'matinee data list'
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
    catalogue: Annotated[
        list[str],
        typer.Option(
            "--catalogue",
            help="Catalogue to join: a TMDB file, another data set with movies, or 'movie-table', the table of "
            "'matinee data get'. Repeatable: the first one with a fact wins.",
            show_default=False,
        ),
    ],
    out_folder: Annotated[Path, typer.Option("--out", help="New folder for the joined data.", show_default=False)],
    add_movies: Annotated[
        bool, typer.Option("--add-movies", help="Also add the movies that the data lacks, without ratings.")
    ] = False,
    json: JsonOption = None,
) -> None:
    """Join movies with other catalogues: by id if there is one, else by title, year and genres.

    Writes a folder for all other commands, with the same ratings and users, and movies with plots, dates, directors
    and all other facts of the catalogues. Uncertain matches are left out. With --add-movies, models of content can
    recommend movies that no user has rated.

    [dim]matinee data link --data ml-1m --catalogue tmdb.csv --catalogue movie-table --out ml-1m-linked[/]
    """
    from matinee.cli.load import read
    from matinee.data.files import write_json
    from matinee.data.linking.added_movies import add_movies as add_from
    from matinee.data.linking.catalogue_join import join_catalogue
    from matinee.data.readers.dataset_writer import raise_if_exists, write_dataset
    from matinee.errors import DataError
    from matinee.progress import shown

    raise_if_exists(out_folder)
    reports: list[tuple[str, JoinReport]] = []
    added: list[int] = []
    with shown(errors):
        catalogues = [(name, _load_catalogue(name)) for name in catalogue]
        dataset = read(data)
        if not len(dataset.ratings):
            raise DataError("no ratings. Use a data set with ratings; catalogues are joined to it.", data)
        for name, movies in catalogues:
            dataset, report = join_catalogue(dataset, movies)
            reports.append((name, report))
        for _, movies in catalogues if add_movies else ():
            dataset, count = add_from(dataset, movies)
            added.append(count)
    write_dataset(dataset, out_folder)
    for name, report in reports:
        _print_report(name, report)
    for name, count in zip(catalogue, added, strict=False):
        out.print(f"{count:,} movies of {name} added, without ratings", highlight=False, soft_wrap=True)
    _print_notes(dataset, out_folder)
    if json is not None:
        counts = added or [0] * len(reports)
        write_json(json, [_as_json(*report) | {"added": count} for report, count in zip(reports, counts, strict=True)])


def _load_catalogue(name: str) -> "pl.DataFrame":
    """Load the movies to join: the movie table by its name or path, or those of a dataset."""
    from matinee.cli.load import read
    from matinee.data.fetching.download import default_folder, get
    from matinee.errors import DataError
    from matinee.store.movie_table import read_movie_table

    path = get(_MOVIE_TABLE, default_folder()).path if name == _MOVIE_TABLE else Path(name)
    if not path.exists():
        raise DataError(f"no such file or folder. Use the path of a catalogue, or '{_MOVIE_TABLE}'.", path)
    if (path / _FILE).is_file():
        path = path / _FILE
    return read_movie_table(path) if path.suffix == ".db" else read(path).movies


def _print_report(name: str, report: "JoinReport") -> None:
    groups = [(label, getattr(report, field)) for field, label in _GROUPS.items()]
    rows = [[label, f"{group.movies:,}", f"{group.ratings:.1%}"] for label, group in groups]
    rows.append(["matched in all", f"{report.matched:,}", f"{report.ratings_covered:.1%}"])
    out.print(table(f"Joined with {name}", ["", "movies", "of the ratings"], rows, numeric=[1, 2]))
    for label, group in groups:
        if group.names:
            out.print(f"{label}{', written differently' if label.startswith('same') else ''}:", highlight=False)
            for title in group.names[:_SHOWN]:
                out.print(f"  {title}", highlight=False, markup=False, soft_wrap=True)
            if len(group.names) > _SHOWN:
                out.print(f"  [dim]and {len(group.names) - _SHOWN:,} more, rated less often[/]", highlight=False)
    out.print(f"[dim]Filled: {', '.join(report.columns) or 'nothing new'}[/]", highlight=False)


def _print_notes(dataset: "Dataset", out_folder: Path) -> None:
    from matinee.data.linking.catalogue_join import LATER_FACTS

    later = [name for name in LATER_FACTS if name in dataset.movies.columns]
    if later:
        out.print(
            f"[yellow]{', '.join(later)}:[/] counted long after these ratings. Show them, but do not train on them: a "
            "model would learn from the future.",
            highlight=False,
        )
    if dataset.posters is not None:
        out.print(f"[yellow]posters:[/] not copied. Move or link {dataset.posters} to {out_folder / 'posters'}")
    out.print(str(out_folder), highlight=False, soft_wrap=True)


def _as_json(name: str, report: "JoinReport") -> dict[str, Any]:
    totals = {"catalogue": name, "matched": report.matched, "ratings_covered": report.ratings_covered}
    return totals | asdict(report)
