"""`matinee data make`: synthetic ratings of any size, from users whose true taste is known."""

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
        typer.Option("--like", help=f"MovieLens data set to copy the size of. Default: {_LIKE}.", show_default=False),
    ] = None,
    ratings: Annotated[int | None, typer.Option("--ratings", help="Number of ratings, instead of --like.")] = None,
    users: Annotated[
        int | None, typer.Option("--users", help="Number of users. Default: as in MovieLens, for these ratings.")
    ] = None,
    movies: Annotated[
        int | None,
        typer.Option("--movies", help="Number of movies. Default: as in MovieLens, for these ratings."),
    ] = None,
    seed: SeedOption = 0,
) -> None:
    """Generate ratings with the shape of MovieLens, to test a size without a download.

    They have long tails, genres and tastes, visits, new releases and half stars. No user or movie is real. The same
    numbers and seed give the same files.

    [dim]matinee data make synthetic-32m --like ml-32m[/]
    """
    from matinee.data.readers.dataset_writer import raise_if_exists
    from matinee.data.synthetic.world import World
    from matinee.data.synthetic.writing import write_movielens
    from matinee.progress import shown

    raise_if_exists(folder)
    size = _size(like, ratings, users, movies)
    with shown(errors):
        write_movielens(World.of(size, seed), folder)
    out.print(f"[dim]{size.ratings:,} ratings by {size.users:,} users of {size.movies:,} movies[/]", highlight=False)
    out.print(str(folder), highlight=False, soft_wrap=True)


def _size(like: str | None, ratings: int | None, users: int | None, movies: int | None) -> "Size":
    from matinee.data.synthetic.size import LIKE, Size
    from matinee.errors import ConfigError

    if ratings is not None and like is not None:
        raise ConfigError(f"--like {like} and --ratings {ratings} exclude each other. Use one of them.")
    if ratings is not None:
        return Size.of(ratings, users, movies)
    size = LIKE.get(like or _LIKE)
    if size is None:
        raise ConfigError(f"--like {like}: no such data set. Use one of {', '.join(LIKE)}.")
    return Size(size.ratings, users or size.users, movies or size.movies)
