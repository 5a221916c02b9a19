"""`matinee data`: get data onto this machine, and look at what is in it."""

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

app = typer.Typer(help="Get data and look at it.", no_args_is_help=True, rich_markup_mode="rich")
app.command("link")(link)
app.command("enrich")(enrich)
app.command("make")(make)

_BAR = 40  # characters of the longest bar


@app.command("list")
def list_sources() -> None:
    """The data sets that 'matinee data get' knows, and what their licences allow."""
    from matinee.data.fetching.sources import SOURCES

    rows = [
        [
            source.name,
            "" if source.ratings is None else f"{source.ratings:,}",
            "" if source.users is None else f"{source.users:,}",
            "" if source.movies is None else f"{source.movies:,}",
            f"{source.megabytes:,.0f} MB",
            Text.assemble(f"{source.about} ", (source.licence, "dim")),
        ]
        for source in SOURCES
    ]
    out.print(table("Data sets", ["name", "ratings", "users", "movies", "size", "about"], rows, numeric=range(1, 5)))


@app.command("get")
def get(
    name: Annotated[str, typer.Argument(help="One of 'matinee data list'.", show_default=False)],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder to keep data sets in. Default: $MATINEE_DATA or the cache."),
    ] = None,
) -> None:
    """Download a data set, check it, and unpack it. Interrupted downloads go on where they stopped.

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
    """What is in a data set: counts, time span, how people rate, and the worst that was found in the files.

    [dim]matinee data inspect ~/films[/]
    """
    from matinee.data.files import write_text
    from matinee.data.readers.formats import read_dataset, recognise
    from matinee.data.summary import summarise

    dataset, findings = read_dataset(path)
    summary = summarise(dataset, findings)
    _print_counts(summary, recognise(path))
    _print_histogram(summary)
    _print_findings(summary)
    if json is not None:
        write_text(json, summary.to_json() + "\n")


def _print_counts(summary: "Summary", form: str) -> None:
    span = f"{summary.first} to {summary.last}" if summary.first else "no clock times"
    low, high = summary.scale
    rows = [
        ["format", form],
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
                    f"{spread.least:,} least, {spread.median:,.0f} middle, {spread.most:,} most",
                ]
            )
    if summary.top_tenth_share is not None:
        rows.append(["fame", f"the most-rated tenth of the movies holds {summary.top_tenth_share:.0%} of the ratings"])
    if summary.genres:
        rows.append(["genres", ", ".join(f"{name} {count:,}" for name, count in list(summary.genres.items())[:8])])
    partly = [f"{name} {share:.0%}" for name, share in summary.filled.items() if share < 1]
    if partly:
        rows.append(["known of movies", ", ".join(partly)])
    out.print(table(summary.name, ["", ""], rows))


def _print_histogram(summary: "Summary") -> None:
    if not summary.histogram:
        return
    most, total = max(summary.histogram.values()), sum(summary.histogram.values())
    rows = [
        [f"{rating:g}", "█" * max(1, round(_BAR * count / most)), f"{count:,}", f"{count / total:.1%}"]
        for rating, count in summary.histogram.items()
    ]
    out.print(table("How people rate", ["stars", "", "ratings", ""], rows, numeric=[0, 2, 3]))


def _print_findings(summary: "Summary") -> None:
    if not summary.findings:
        out.print("Nothing odd was found.")
        return
    rows = [
        [one.severity, f"{one.path.name}{'' if one.row is None else f', row {one.row}'}", one.message]
        for one in summary.findings
    ]
    out.print(table("Found in the files, worst first", ["", "where", "what, and what was done"], rows))
