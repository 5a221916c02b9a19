"""`matinee data enrich`: overviews, runtimes, directors, casts and posters from TMDB, with the user's own key."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import DataOption, JsonOption

if TYPE_CHECKING:
    from matinee.data.fetching.enriching import Enriched

_SHOWN = 5


def enrich(
    data: DataOption,
    out_folder: Annotated[Path, typer.Option("--out", help="New folder for the enriched data.", show_default=False)],
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", help="File with your key to TMDB. Default: the environment's TMDB_API_KEY."),
    ] = None,
    posters: Annotated[bool, typer.Option("--posters/--no-posters", help="Whether to fetch posters too.")] = True,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the movies rated most, this many.")] = None,
    json: JsonOption = None,
) -> None:
    """Ask TMDB for what is missing: overview, runtime, language, director, cast, genres and poster of each movie.

    Writes a plain folder that every other command reads. At three requests a second a thousand movies take about a
    quarter of an hour. What was answered is kept, so an interrupted run goes on where it stopped, and a second one
    asks nothing again.

    [dim]TMDB_API_KEY=... matinee data enrich --data ml-1m --out ml-1m-enriched[/]
    """
    from matinee.cli.load import read
    from matinee.data.fetching.download import default_folder
    from matinee.data.fetching.enriched_folder import write_with_posters
    from matinee.data.fetching.enriching import enrich as ask
    from matinee.data.fetching.poster_files import raise_without_pillow
    from matinee.data.fetching.tmdb import ATTRIBUTION, Tmdb
    from matinee.data.fetching.tmdb_key import read_key
    from matinee.data.files import write_json
    from matinee.data.readers.plain_writing import raise_if_there
    from matinee.errors import DataError
    from matinee.progress import shown

    raise_if_there(out_folder)
    key = read_key(key_file)
    if posters:
        raise_without_pillow()
    dataset = read(data)
    if not len(dataset.ratings):
        raise DataError("holds nobody's ratings; expected a dataset with ratings, to add facts to", data)
    with shown(errors):
        dataset, report = ask(dataset, Tmdb(key, default_folder() / "tmdb"), posters, limit)
        in_folder = write_with_posters(dataset, report.posters, out_folder)
    _print_report(report, in_folder if posters else None)
    out.print(f"[dim]{ATTRIBUTION}.[/]", highlight=False, soft_wrap=True)
    out.print(str(out_folder), highlight=False, soft_wrap=True)
    if json is not None:
        write_json(json, _as_json(report, in_folder) | {"attribution": ATTRIBUTION})


def _print_report(report: "Enriched", posters: int | None) -> None:
    rows = [[words, f"{len(names):,}"] for words, names in report.found.items()]
    if posters is not None:
        rows += [["posters in the folder", f"{posters:,}"], ["without a poster", f"{report.without_poster:,}"]]
        rows.append(["posters failed", f"{len(report.posters_failed):,}"])
    out.print(table("Asked TMDB", ["", "movies"], rows, numeric=[1]))
    for words in ("ambiguous", "missed", "failed"):
        names = report.found[words]
        if names:
            out.print(f"{words}:", highlight=False)
            for name in names[:_SHOWN]:
                out.print(f"  {name}", highlight=False, markup=False, soft_wrap=True)
            if len(names) > _SHOWN:
                out.print(f"  [dim]and {len(names) - _SHOWN:,} more, rated less often[/]", highlight=False)
    out.print(f"[dim]Filled: {', '.join(report.columns) or 'nothing new'}[/]", highlight=False)
    if report.problems:
        errors.print(f"[yellow]{report.problems[0]}[/]", highlight=False, soft_wrap=True)
        errors.print("Run it again, into another folder: only what failed is asked again.", highlight=False)


def _as_json(report: "Enriched", posters: int) -> dict[str, object]:
    return {
        "movies": {words: len(names) for words, names in report.found.items()},
        "names": {words: list(names) for words, names in report.found.items() if not words.startswith("same")},
        "columns": list(report.columns),
        "posters": posters,
        "without_poster": report.without_poster,
        "posters_failed": list(report.posters_failed),
        "problems": list(report.problems),
    }
