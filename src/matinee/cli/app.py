"""The `matinee` command: sub-commands, exit codes and one-line errors.

Exit codes: 0 success; 1 a bug or a network failure; 2 invalid input, with one line that names the problem and the fix;
130 interrupted. Slow imports are inside the commands, so that `--help` stays quick.
"""

import sys
from typing import Annotated

import typer

from matinee import __version__
from matinee.cli import also_liked, data, demo, diary, evaluate, movie_night, recommend, serve, tradeoff, train
from matinee.cli.console import errors
from matinee.errors import InputError, MatineeError

app = typer.Typer(
    name="matinee",
    help=(
        "A movie recommender you own. Start with [bold]matinee demo[/], or use your own ratings: "
        "[bold]matinee data inspect[/], [bold]matinee evaluate[/], [bold]matinee train[/], "
        "[bold]matinee recommend[/]."
    ),
    rich_markup_mode="rich",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(data.app, name="data")
app.command()(demo.demo)
app.command()(evaluate.evaluate)
app.command()(tradeoff.tradeoff)
app.command()(train.train)
app.command()(recommend.recommend)
app.command()(recommend.why)
app.command()(recommend.similar)
app.command()(also_liked.also_liked)
app.command()(recommend.similar_users)
app.command()(movie_night.movie_night)
app.command()(diary.diary)
app.command()(serve.serve)

_INTERRUPTED = 130  # the exit code of typer on Ctrl-C


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"matinee {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        app()
    except InputError as error:
        errors.print(f"[bold red]matinee:[/] {_plain(error)}", soft_wrap=True, highlight=False)
        sys.exit(2)
    except MatineeError as error:
        errors.print(f"[bold red]matinee:[/] {_plain(error)}", soft_wrap=True, highlight=False)
        sys.exit(1)
    except SystemExit as stopped:
        if stopped.code == _INTERRUPTED:
            errors.print("matinee: interrupted. Finished results are saved; no file is incomplete.")
        raise
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output (head, less) has closed it
        sys.exit(0)


def _plain(error: Exception) -> str:
    from rich.markup import escape

    return escape(" ".join(str(error).split()))
