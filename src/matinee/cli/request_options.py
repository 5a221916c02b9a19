"""Options that describe a request: the user, the models and the filters."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.errors import ConfigError, InputError

if TYPE_CHECKING:
    from matinee.arrays import MovieRows
    from matinee.data.histories import Histories
    from matinee.pipeline.engine import Engine
    from matinee.pipeline.filters import Filters


RunOption = Annotated[Path, typer.Option("--run", help="Folder written by 'matinee train'.", show_default=False)]
RatingRunOption = Annotated[
    Path | None, typer.Option("--rating-run", help="Run of a model that predicts ratings, such as bayes_mf.")
]
ContentRunOption = Annotated[
    Path | None,
    typer.Option("--content-run", help="Run of a model that ranks movies without ratings, such as hybrid."),
]
UserOption = Annotated[str | None, typer.Option("--user", help="Id of a user of the training data.")]
LikeOption = Annotated[
    list[str] | None, typer.Option("--like", help="Title of a movie you like. Repeatable, oldest first.")
]
DislikeOption = Annotated[
    list[str] | None, typer.Option("--dislike", help="Title of a movie you do not like. Repeatable.")
]
DiaryOption = Annotated[
    Path | None, typer.Option("--diary", help="Export of Letterboxd, IMDb or Trakt, or a CSV file.")
]
MovedDataOption = Annotated[Path | None, typer.Option("--data", help="New path of the training data, if it was moved.")]
YearsOption = Annotated[
    str | None, typer.Option("--years", metavar="FROM-TO", help="Years of release, such as 1990-1999, 1990- or -1959.")
]
GenreOption = Annotated[
    list[str] | None, typer.Option("--genre", help="Only movies of this genre. Repeatable: any of them.")
]
ExcludeGenreOption = Annotated[
    list[str] | None, typer.Option("--exclude-genre", help="No movies of this genre. Repeatable.")
]
LanguageOption = Annotated[
    list[str] | None, typer.Option("--language", help="Only movies in this language. Repeatable: any of them.")
]
MaxRuntimeOption = Annotated[int | None, typer.Option("--max-runtime", min=1, help="Longest running time, in minutes.")]


@dataclass(frozen=True, eq=False)
class RequestUser:
    """The user of a request: their ratings and watchlist."""

    history: "Histories"
    watchlist: "MovieRows"


def request_user(
    engine: "Engine",
    run: Path,
    user: str | None,
    like: list[str] | None,
    dislike: list[str] | None,
    diary: Path | None,
    data: Path | None,
) -> RequestUser:
    """Load the user of --user, of --diary, or of --like and --dislike. Without these, the history is empty.

    Raises `InputError` for more than one of them, for an unknown user or title, and for an unreadable diary.
    """
    import numpy as np

    from matinee.cli.load import read_data_of, user_row
    from matinee.data.diaries.matching import match_diary
    from matinee.data.diaries.reading import read_diary
    from matinee.data.histories import Histories
    from matinee.models.runs import load_run
    from matinee.pipeline.request import no_rows

    options = {"--user": user, "--diary": diary, "--like": like or dislike}
    used = [name for name, value in options.items() if value]
    if len(used) > 1:
        raise InputError(
            f"{' and '.join(used)} each describe a user. Use one of --user, --diary, or --like with --dislike."
        )
    if user is not None:
        dataset = read_data_of(load_run(run), data)
        return RequestUser(dataset.histories_of(np.array([user_row(dataset, user)], dtype=np.int32)), no_rows())
    if diary is not None:
        matched = match_diary(read_diary(diary), engine.movies, engine.scale)
        return RequestUser(matched.history, matched.watchlist)
    disliked = [engine.lookup.find(title) for title in dislike or []]
    liked = [engine.lookup.find(title) for title in like or []]
    low, high = engine.scale
    ratings = [[low] * len(disliked) + [high] * len(liked)]
    return RequestUser(Histories.of([disliked + liked], ratings), no_rows())


def build_filters(
    years: str | None,
    genre: list[str] | None,
    exclude_genre: list[str] | None,
    language: list[str] | None,
    max_runtime: int | None,
) -> "Filters":
    """Build the filters from the options above. Raises `ConfigError` for an invalid year range."""
    from matinee.pipeline.filters import Filters

    return Filters(
        years=_parse_years(years),
        genres=tuple(genre or ()),
        without_genres=tuple(exclude_genre or ()),
        languages=tuple(language or ()),
        max_runtime=max_runtime,
    )


def _parse_years(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    first, dash, last = text.partition("-")
    parts = (first, last if dash else first)
    if not any(parts) or not all(part == "" or (part.isdecimal() and len(part) == 4) for part in parts):
        raise ConfigError(f"--years {text}: not a range of years. Use a form such as 1990-1999, 1990-, -1959 or 1994.")
    return (int(parts[0]) if parts[0] else None), (int(parts[1]) if parts[1] else None)
