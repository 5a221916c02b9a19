"""`matinee data enrich`: overviews, runtimes, directors, casts and posters from TMDB, with your own key."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import DataOption, JsonOption

if TYPE_CHECKING:
    from matinee.data.fetching.enrichment import EnrichmentReport

_SHOWN = 5


def enrich(
    data: DataOption,
    out_folder: Annotated[Path, typer.Option("--out", help="New folder for the enriched data.", show_default=False)],
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", help="File with your TMDB key. Default: the variable TMDB_API_KEY."),
    ] = None,
    posters: Annotated[bool, typer.Option("--posters/--no-posters", help="Also download posters.")] = True,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only this many movies, the most rated.")] = None,
    json: JsonOption = None,
) -> None:
    """Download missing facts from TMDB: overview, runtime, language, director, cast, genres and poster.

    Writes a folder for all other commands. A thousand movies take about a quarter of an hour, at three requests per
    second. Answers are cached, so an interrupted run continues where it stopped, and a second run makes no requests.

    [dim]TMDB_API_KEY=... matinee data enrich --data ml-1m --out ml-1m-enriched[/]
    """
    from matinee.cli.load import read
    from matinee.data.fetching.download import default_folder
    from matinee.data.fetching.enriched_folder import write_with_posters
    from matinee.data.fetching.enrichment import enrich as enrich_dataset
    from matinee.data.fetching.poster_files import require_pillow
    from matinee.data.fetching.tmdb import ATTRIBUTION, Tmdb
    from matinee.data.fetching.tmdb_key import read_key
    from matinee.data.files import write_json
    from matinee.data.readers.dataset_writer import raise_if_exists
    from matinee.errors import DataError
    from matinee.progress import shown

    raise_if_exists(out_folder)
    key = read_key(key_file)
    if posters:
        require_pillow()
    dataset = read(data)
    if not len(dataset.ratings):
        raise DataError("no ratings. Use a data set with ratings; facts are added to its movies.", data)
    with shown(errors):
        dataset, report = enrich_dataset(dataset, Tmdb(key, default_folder() / "tmdb"), posters, limit)
        n_posters = write_with_posters(dataset, report.posters, out_folder)
    _print_report(report, n_posters if posters else None)
    out.print(f"[dim]{ATTRIBUTION}.[/]", highlight=False, soft_wrap=True)
    out.print(str(out_folder), highlight=False, soft_wrap=True)
    if json is not None:
        write_json(json, _as_json(report, n_posters) | {"attribution": ATTRIBUTION})


def _print_report(report: "EnrichmentReport", posters: int | None) -> None:
    rows = [[status, f"{len(titles):,}"] for status, titles in report.titles.items()]
    if posters is not None:
        rows += [["posters in the folder", f"{posters:,}"], ["without a poster", f"{report.without_poster:,}"]]
        rows.append(["posters failed", f"{len(report.failed_posters):,}"])
    out.print(table("Results from TMDB", ["", "movies"], rows, numeric=[1]))
    for status in ("ambiguous", "missed", "failed"):
        titles = report.titles[status]
        if titles:
            out.print(f"{status}:", highlight=False)
            for title in titles[:_SHOWN]:
                out.print(f"  {title}", highlight=False, markup=False, soft_wrap=True)
            if len(titles) > _SHOWN:
                out.print(f"  [dim]and {len(titles) - _SHOWN:,} more, rated less often[/]", highlight=False)
    out.print(f"[dim]Filled: {', '.join(report.columns) or 'nothing new'}[/]", highlight=False)
    if report.problems:
        errors.print(f"[yellow]{report.problems[0]}[/]", highlight=False, soft_wrap=True)
        errors.print("Run the command again with another --out. Only failed requests are repeated.", highlight=False)


def _as_json(report: "EnrichmentReport", posters: int) -> dict[str, object]:
    return {
        "movies": {status: len(titles) for status, titles in report.titles.items()},
        "names": {status: list(titles) for status, titles in report.titles.items() if not status.startswith("same")},
        "columns": list(report.columns),
        "posters": posters,
        "without_poster": report.without_poster,
        "posters_failed": list(report.failed_posters),
        "problems": list(report.problems),
    }
