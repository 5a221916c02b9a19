"""`matinee data make`: ratings made up at any size, whose users' true taste is known."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out
from matinee.cli.options import SeedOption

if TYPE_CHECKING:
    from matinee.data.synthetic.size import Size

_LIKE = "ml-1m"


def make(
    folder: Annotated[Path, typer.Argument(help="New folder for the data.", show_default=False)],
    like: Annotated[
        str | None,
        typer.Option("--like", help=f"A MovieLens set whose numbers are taken. Default: {_LIKE}.", show_default=False),
    ] = None,
    ratings: Annotated[int | None, typer.Option("--ratings", help="How many ratings, in place of --like.")] = None,
    users: Annotated[
        int | None, typer.Option("--users", help="How many users. Default: as many as MovieLens has for the ratings.")
    ] = None,
    movies: Annotated[
        int | None, typer.Option("--movies", help="How many movies. Default: as many as MovieLens has for the ratings.")
    ] = None,
    seed: SeedOption = 0,
) -> None:
    """Make up ratings in the shape of MovieLens, to try what a size costs without downloading it.

    Long tails, genres and tastes, visits, new releases, half stars; nobody and no film in it is real. The same numbers
    and seed give the same files.

    [dim]matinee data make synthetic-32m --like ml-32m[/]
    """
    from matinee.data.readers.plain_writing import raise_if_there
    from matinee.data.synthetic.world import World
    from matinee.data.synthetic.writing import write_movielens
    from matinee.progress import shown

    raise_if_there(folder)
    size = _size(like, ratings, users, movies)
    with shown(errors):
        write_movielens(World.of(size, seed), folder)
    out.print(f"[dim]{size.ratings:,} ratings by {size.users:,} users of {size.movies:,} movies[/]", highlight=False)
    out.print(str(folder), highlight=False, soft_wrap=True)


def _size(like: str | None, ratings: int | None, users: int | None, movies: int | None) -> "Size":
    from matinee.data.synthetic.size import LIKE, Size
    from matinee.errors import ConfigError

    if ratings is not None and like is not None:
        raise ConfigError(f"--like {like} and --ratings {ratings}: expected one of them")
    if ratings is not None:
        return Size.of(ratings, users, movies)
    known = LIKE.get(like or _LIKE)
    if known is None:
        raise ConfigError(f"--like {like}: expected one of {', '.join(LIKE)}")
    return Size(known.ratings, users or known.users, movies or known.movies)
