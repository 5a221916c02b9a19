"""Options that say who asks for movies, of which models, and for what; and the request that they make."""

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
StarsOption = Annotated[
    Path | None, typer.Option("--stars", help="Run of a model that predicts ratings, shown beside the list.")
]
ContentOption = Annotated[
    Path | None, typer.Option("--content", help="Run of a model that places movies nobody rated, such as hybrid.")
]
UserOption = Annotated[str | None, typer.Option("--user", help="A user id of the data the run was trained on.")]
LikeOption = Annotated[
    list[str] | None, typer.Option("--like", help="A movie you like, by title; may be repeated, oldest first.")
]
DislikeOption = Annotated[
    list[str] | None, typer.Option("--dislike", help="A movie you do not like, by title; may be repeated.")
]
DiaryOption = Annotated[
    Path | None, typer.Option("--diary", help="What Letterboxd, IMDb or Trakt exports, or a list of your own.")
]
MovedDataOption = Annotated[
    Path | None, typer.Option("--data", help="Where the data is now, if not where the run was trained from.")
]
YearsOption = Annotated[
    str | None, typer.Option("--years", metavar="FROM-TO", help="Years of release, such as 1990-1999, 1990- or -1959.")
]
GenreOption = Annotated[
    list[str] | None, typer.Option("--genre", help="Only this genre; may be repeated for one of several.")
]
WithoutGenreOption = Annotated[
    list[str] | None, typer.Option("--without-genre", help="Nothing of this genre; may be repeated.")
]
LanguageOption = Annotated[
    list[str] | None, typer.Option("--language", help="Only this language; may be repeated for one of several.")
]
LongestOption = Annotated[int | None, typer.Option("--longest", min=1, help="At most so many minutes.")]


@dataclass(frozen=True, eq=False)
class RequestUser:
    """Whoever asks: what they rated, and what they mean to watch."""

    history: "Histories"
    watchlist: "MovieRows"


def request_user(
    cinema: "Engine",
    run: Path,
    user: str | None,
    like: list[str] | None,
    dislike: list[str] | None,
    diary: Path | None,
    data: Path | None,
) -> RequestUser:
    """The person of --user, of --diary, or of --like and --dislike; nobody in particular where none is given.

    Raises `InputError` for several, and what looking up a user or a title and reading a diary raises.
    """
    import numpy as np

    from matinee.cli.load import read_data_of, user_row
    from matinee.data.diaries.matching import match_diary
    from matinee.data.diaries.reading import read_diary
    from matinee.data.histories import Histories
    from matinee.models.runs import load_run
    from matinee.pipeline.request import no_rows

    given = [name for name, one in (("--user", user), ("--diary", diary), ("--like", like or dislike)) if one]
    if len(given) > 1:
        raise InputError(
            f"who asks is given by one of --user, --diary, or --like and --dislike, not {' and '.join(given)}"
        )
    if user is not None:
        dataset = read_data_of(load_run(run), data)
        return RequestUser(dataset.histories_of(np.array([user_row(dataset, user)], dtype=np.int32)), no_rows())
    if diary is not None:
        matched = match_diary(read_diary(diary), cinema.movies, cinema.scale)
        return RequestUser(matched.history, matched.watchlist)
    disliked = [cinema.lookup.find(title) for title in dislike or []]
    liked = [cinema.lookup.find(title) for title in like or []]
    low, high = cinema.scale
    stars = [[low] * len(disliked) + [high] * len(liked)]
    return RequestUser(Histories.of([disliked + liked], stars), no_rows())


def filters(
    years: str | None,
    genre: list[str] | None,
    without_genre: list[str] | None,
    language: list[str] | None,
    longest: int | None,
) -> "Filters":
    """The filters of the options above. Raises `ConfigError` for years that are none."""
    from matinee.pipeline.filters import Filters

    return Filters(
        years=_years(years),
        genres=tuple(genre or ()),
        without_genres=tuple(without_genre or ()),
        languages=tuple(language or ()),
        longest=longest,
    )


def _years(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    first, dash, last = text.partition("-")
    parts = (first, last if dash else first)
    if not any(parts) or not all(part == "" or (part.isdecimal() and len(part) == 4) for part in parts):
        raise ConfigError(f"--years {text}: expected FROM-TO, such as 1990-1999, 1990-, -1959 or 1994")
    return (int(parts[0]) if parts[0] else None), (int(parts[1]) if parts[1] else None)
