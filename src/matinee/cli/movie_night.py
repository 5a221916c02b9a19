"""`matinee movie-night`: movies for several people, and what each of them makes of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import JsonOption, KOption
from matinee.cli.request_options import (
    ContentOption,
    GenreOption,
    LanguageOption,
    LongestOption,
    MovedDataOption,
    RunOption,
    WithoutGenreOption,
    YearsOption,
    filters,
)
from matinee.errors import InputError

if TYPE_CHECKING:
    from rich.text import Text

    from matinee.arrays import MovieRows
    from matinee.data.histories import Histories
    from matinee.pipeline.engine import Engine
    from matinee.pipeline.group.movie_night import Night, NightMovie


_BAR = 20  # characters
_LEGEND = (
    "delight: 100% is the first place in somebody's own list and, with --stars, of what they would rate best; each "
    "doubling of a place costs as much. A choice counts only what everybody may be shown."
)
_RULES = {
    "fair": "whoever was served worst by the movies before counts most",
    "average": "the most delight in all",
    "least-misery": "whoever likes it least decides",
}


UsersOption = Annotated[
    list[str] | None, typer.Option("--user", help="Somebody of the data the run was trained on; may be repeated.")
]
DiariesOption = Annotated[
    list[Path] | None,
    typer.Option("--diary", help="Somebody's export of Letterboxd, IMDb or Trakt; may be repeated."),
]
NamesOption = Annotated[
    list[str] | None,
    typer.Option("--name", help="What to call them, one for each: first those of --user, then those of --diary."),
]
StrategyOption = Annotated[
    Literal["fair", "average", "least-misery"],
    typer.Option(
        "--strategy",
        help="fair (whoever was served worst by the movies before counts most), average (the most delight in all) or "
        "least-misery (whoever likes it least decides).",
    ),
]
AgainOption = Annotated[
    list[str] | None, typer.Option("--again", help="A movie nobody minds seeing again; may be repeated.")
]
LeftOutOption = Annotated[
    list[str] | None, typer.Option("--not-interested", help="A movie to leave out; may be repeated.")
]
StarsOption = Annotated[
    Path | None, typer.Option("--stars", help="Run of a model that predicts ratings: they are half of the delight.")
]


def movie_night(
    run: RunOption,
    user: UsersOption = None,
    diary: DiariesOption = None,
    name: NamesOption = None,
    strategy: StrategyOption = "fair",
    again: AgainOption = None,
    not_interested: LeftOutOption = None,
    data: MovedDataOption = None,
    stars: StarsOption = None,
    content: ContentOption = None,
    k: KOption = 3,
    years: YearsOption = None,
    genre: GenreOption = None,
    without_genre: WithoutGenreOption = None,
    language: LanguageOption = None,
    longest: LongestOption = None,
    json: JsonOption = None,
) -> None:
    """Choose movies for 2 to 8 people, and show what each of them makes of the choice.

    [dim]matinee movie-night --run runs/blend --user 42 --name Ann --diary letterboxd.zip --name Bob[/]
    """
    from dataclasses import replace

    from matinee.data.files import write_json
    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.group.movie_night import Guest
    from matinee.pipeline.group.movie_night import movie_night as choose
    from matinee.pipeline.night_words import as_json

    engine = load_engine(run, stars, content)
    wanted = filters(years, genre, without_genre, language, longest)
    hidden = engine.listings_of(_rows(engine, not_interested))
    seen_gladly = _rows(engine, again)
    histories = [*_of_users(run, user or [], data), *_of_diaries(engine, diary or [])]
    names = _names(name, user or [], diary or [])
    people = [Guest(called, history, seen_gladly) for called, history in zip(names, histories, strict=True)]
    night = choose(engine, people, k, strategy, replace(wanted, without=tuple(hidden.tolist())))
    _print_night(engine, night)
    if json is not None:
        write_json(json, as_json(night, engine.movies))


def _rows(cinema: "Engine", titles: list[str] | None) -> "MovieRows":
    import numpy as np

    return np.array([cinema.lookup.find(title) for title in titles or []], dtype=np.int32)


def _of_users(run: Path, users: list[str], data: Path | None) -> "list[Histories]":
    import numpy as np

    from matinee.cli.load import read_data_of, user_row
    from matinee.models.runs import load_run

    if not users:
        return []
    dataset = read_data_of(load_run(run), data)
    return [dataset.histories_of(np.array([user_row(dataset, user)], dtype=np.int32)) for user in users]


def _of_diaries(cinema: "Engine", files: list[Path]) -> "list[Histories]":
    from matinee.data.diaries.catalogue_index import CatalogueIndex
    from matinee.data.diaries.matching import match_diary
    from matinee.data.diaries.reading import read_diary

    if not files:
        return []
    index = CatalogueIndex(cinema.movies)
    histories: list[Histories] = []
    for file in files:
        given = read_diary(file)
        matched = match_diary(given, index, cinema.scale)
        histories.append(matched.history)
        errors.print(
            f"{file.name}: {len(matched.history.movies):,} movies of the catalogue seen, of {len(given.entries):,} "
            f"entries; 'matinee diary' says which",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    return histories


def _names(names: list[str] | None, users: list[str], diaries: list[Path]) -> list[str]:
    """What to call everybody. Raises `InputError` for names that are not one for each."""
    own = [*(f"user {one}" for one in users), *(one.stem for one in diaries)]
    if names and len(names) != len(own):
        people = "1 person" if len(own) == 1 else f"{len(own)} people"
        raise InputError(f"--name was given {len(names)} times for {people}; expected one for each, or none at all")
    return names or own


def _print_night(cinema: "Engine", night: "Night") -> None:
    from rich.markup import escape

    from matinee.pipeline.night_words import say_movie, say_unknown

    out.print(f"[bold]Movie night[/], {night.strategy}: {_RULES[night.strategy]}", highlight=False)
    out.print(f"{len(night.movies):,} of {night.candidates:,} movies that everybody may be shown", highlight=False)
    if night.unknown:
        out.print(escape(say_unknown(night)), highlight=False)
    for number, movie in enumerate(night.movies, 1):
        name = movie.title if movie.year is None else f"{movie.title} ({movie.year})"
        out.print(f"\n{number} [bold]{escape(name)}[/]", highlight=False)
        out.print(f"  {escape(say_movie(movie))}", highlight=False)
        _print_shares(cinema, movie)
    out.print(f"\n[dim]{_LEGEND}[/]", highlight=False)


def _print_shares(cinema: "Engine", movie: "NightMovie") -> None:
    from rich.padding import Padding

    from matinee.pipeline.night_words import say_share

    starred = any(share.predicted_rating is not None for share in movie.satisfactions)
    rows: list[list[Any]] = [
        [
            share.guest,
            _bar(share.satisfaction),
            *([f"{share.predicted_rating:.1f}"] if share.predicted_rating is not None else []),
            f"{share.rank:,}",
            "; ".join(say_share(share, cinema.movies)),
        ]
        for share in movie.satisfactions
    ]
    columns = ["", "delight", *(["stars"] if starred else []), "in own list", "why"]
    out.print(Padding(table("", columns, rows, numeric=[1, 2, 3] if starred else [1, 2]), (0, 0, 0, 2)))


def _bar(share: float) -> "Text":
    from rich.text import Text

    full = round(share * _BAR)
    return Text.assemble(("█" * full, "green"), ("░" * (_BAR - full), "dim"), f" {share:4.0%}")
