"""`matinee data`: download data and inspect it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from matinee.cli.console import errors, out, table
from matinee.cli.enrich import enrich
from matinee.cli.link import link
from matinee.cli.options import JsonOption
from matinee.cli.synthetic import make

if TYPE_CHECKING:
    from matinee.data.summary import Summary

app = typer.Typer(help="Download, inspect and join data.", no_args_is_help=True, rich_markup_mode="rich")
app.command("link")(link)
app.command("enrich")(enrich)
app.command("make")(make)

_BAR = 40  # characters of the longest bar


@app.command("list")
def list_sources() -> None:
    """List the data sets that 'matinee data get' can download, with their licences."""
    from matinee.data.fetching.sources import SOURCES

    rows = [
        [
            source.name,
            "" if source.ratings is None else f"{source.ratings:,}",
            "" if source.users is None else f"{source.users:,}",
            "" if source.movies is None else f"{source.movies:,}",
            f"{source.megabytes:,.0f} MB",
            Text.assemble(f"{source.description} ", (source.licence, "dim")),
        ]
        for source in SOURCES
    ]
    out.print(table("Data sets", ["name", "ratings", "users", "movies", "size", "about"], rows, numeric=range(1, 5)))


@app.command("get")
def get(
    name: Annotated[str, typer.Argument(help="Name of a data set in 'matinee data list'.", show_default=False)],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder for data sets. Default: $MATINEE_DATA or the cache."),
    ] = None,
) -> None:
    """Download a data set, verify it and unpack it. An interrupted download continues where it stopped.

    [dim]matinee data get ml-100k[/]
    """
    from matinee.data.fetching.download import default_folder
    from matinee.data.fetching.download import get as fetch
    from matinee.progress import shown

    with shown(errors):
        fetched = fetch(name, to or default_folder())
    out.print(f"[dim]{fetched.note}[/]", highlight=False)
    out.print(str(fetched.path), highlight=False, soft_wrap=True)


@app.command("inspect")
def inspect(
    path: Annotated[Path, typer.Argument(help="Folder or file with ratings or movies.", show_default=False)],
    json: JsonOption = None,
) -> None:
    """Show the contents of a data set: counts, time span, distribution of ratings, and problems in the files.

    [dim]matinee data inspect ~/movies[/]
    """
    from matinee.data.files import write_text
    from matinee.data.readers.formats import detect_format, read_dataset
    from matinee.data.summary import summarise

    dataset, issues = read_dataset(path)
    summary = summarise(dataset, issues)
    _print_counts(summary, detect_format(path))
    _print_histogram(summary)
    _print_issues(summary)
    if json is not None:
        write_text(json, summary.to_json() + "\n")


def _print_counts(summary: "Summary", file_format: str) -> None:
    span = f"{summary.first} to {summary.last}" if summary.first else "no clock times"
    low, high = summary.scale
    rows = [
        ["format", file_format],
        ["users", f"{summary.users:,}"],
        ["movies", f"{summary.movies:,} ({summary.rated_movies:,} with ratings)"],
        ["ratings", f"{summary.ratings:,}, {summary.density:.2%} of all pairs, scale {low:g} to {high:g}"],
        ["time", span],
        ["posters", "a folder" if summary.posters else "none"],
    ]
    for name, spread in (("per user", summary.per_user), ("per movie", summary.per_movie)):
        if spread is not None:
            rows.append(
                [
                    f"ratings {name}",
                    f"{spread.minimum:,} minimum, {spread.median:,.0f} median, {spread.maximum:,} maximum",
                ]
            )
    if summary.top_tenth_share is not None:
        rows.append(["popularity", f"the most-rated tenth of movies has {summary.top_tenth_share:.0%} of ratings"])
    if summary.genres:
        rows.append(["genres", ", ".join(f"{name} {count:,}" for name, count in list(summary.genres.items())[:8])])
    partly = [f"{name} {share:.0%}" for name, share in summary.filled.items() if share < 1]
    if partly:
        rows.append(["movies with", ", ".join(partly)])
    out.print(table(summary.name, ["", ""], rows))


def _print_histogram(summary: "Summary") -> None:
    if not summary.histogram:
        return
    highest, total = max(summary.histogram.values()), sum(summary.histogram.values())
    rows = [
        [f"{rating:g}", "█" * max(1, round(_BAR * count / highest)), f"{count:,}", f"{count / total:.1%}"]
        for rating, count in summary.histogram.items()
    ]
    out.print(table("Ratings", ["stars", "", "ratings", ""], rows, numeric=[0, 2, 3]))


def _print_issues(summary: "Summary") -> None:
    if not summary.issues:
        out.print("No problems found.")
        return
    rows = [
        [issue.severity, f"{issue.path.name}{'' if issue.row is None else f', row {issue.row}'}", issue.message]
        for issue in summary.issues
    ]
    out.print(table("Problems, worst first", ["", "where", "problem and repair"], rows))
