"""`matinee movie-night`: movies for several people, with the satisfaction of each."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import JsonOption, KOption
from matinee.cli.request_options import (
    ContentRunOption,
    ExcludeGenreOption,
    GenreOption,
    LanguageOption,
    MaxRuntimeOption,
    MovedDataOption,
    RunOption,
    YearsOption,
    build_filters,
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
    "satisfaction: 100% is rank 1 in a guest's own list (with --rating-run, also among their predicted ratings). Each "
    "doubling of the rank costs the same. A choice counts only movies that are candidates for all guests."
)
_RULES = {
    "fair": "the guest least satisfied by the movies before counts most",
    "average": "the highest average satisfaction",
    "least-misery": "the least satisfied guest decides",
}


UsersOption = Annotated[list[str] | None, typer.Option("--user", help="Id of a user of the training data. Repeatable.")]
DiariesOption = Annotated[
    list[Path] | None,
    typer.Option("--diary", help="A guest's export of Letterboxd, IMDb or Trakt. Repeatable."),
]
NamesOption = Annotated[
    list[str] | None,
    typer.Option("--name", help="Name of a guest, once for each: first for --user, then for --diary."),
]
StrategyOption = Annotated[
    Literal["fair", "average", "least-misery"],
    typer.Option(
        "--strategy",
        help="fair (the guest least satisfied by the movies before counts most), average (the highest average "
        "satisfaction) or least-misery (the least satisfied guest decides).",
    ),
]
AgainOption = Annotated[
    list[str] | None, typer.Option("--again", help="Title of a movie that all would watch again. Repeatable.")
]
NotInterestedOption = Annotated[
    list[str] | None, typer.Option("--not-interested", help="Title of a movie to leave out. Repeatable.")
]
RatingRunOption = Annotated[
    Path | None,
    typer.Option("--rating-run", help="Run of a model that predicts ratings. They are half of the satisfaction."),
]


def movie_night(
    run: RunOption,
    user: UsersOption = None,
    diary: DiariesOption = None,
    name: NamesOption = None,
    strategy: StrategyOption = "fair",
    again: AgainOption = None,
    not_interested: NotInterestedOption = None,
    data: MovedDataOption = None,
    rating_run: RatingRunOption = None,
    content_run: ContentRunOption = None,
    k: KOption = 3,
    years: YearsOption = None,
    genre: GenreOption = None,
    exclude_genre: ExcludeGenreOption = None,
    language: LanguageOption = None,
    max_runtime: MaxRuntimeOption = None,
    json: JsonOption = None,
) -> None:
    """Choose movies for 2 to 8 people, and show how well the choice suits each of them.

    [dim]matinee movie-night --run runs/blend --user 42 --name Ann --diary letterboxd.zip --name Bob[/]
    """
    from dataclasses import replace

    from matinee.data.files import write_json
    from matinee.i18n.movie_night import night_to_json
    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.group.guests import Guest
    from matinee.pipeline.group.movie_night import plan_night

    engine = load_engine(run, rating_run, content_run)
    hidden = engine.listings_of(_rows(engine, not_interested))
    filters = build_filters(years, genre, exclude_genre, language, max_runtime)
    filters = replace(filters, without=tuple(hidden.tolist()))
    rewatch = _rows(engine, again)
    histories = [*_user_histories(run, user or [], data), *_diary_histories(engine, diary or [])]
    names = _names(name, user or [], diary or [])
    guests = [Guest(guest, history, rewatch) for guest, history in zip(names, histories, strict=True)]
    night = plan_night(engine, guests, k, strategy, filters)
    _print_night(engine, night)
    if json is not None:
        write_json(json, night_to_json(night, engine.movies))


def _rows(engine: "Engine", titles: list[str] | None) -> "MovieRows":
    import numpy as np

    return np.array([engine.lookup.find(title) for title in titles or []], dtype=np.int32)


def _user_histories(run: Path, users: list[str], data: Path | None) -> "list[Histories]":
    import numpy as np

    from matinee.cli.load import read_data_of, user_row
    from matinee.models.runs import load_run

    if not users:
        return []
    dataset = read_data_of(load_run(run), data)
    return [dataset.histories_of(np.array([user_row(dataset, user)], dtype=np.int32)) for user in users]


def _diary_histories(engine: "Engine", files: list[Path]) -> "list[Histories]":
    from matinee.data.diaries.catalogue_index import CatalogueIndex
    from matinee.data.diaries.matching import match_diary
    from matinee.data.diaries.reading import read_diary

    if not files:
        return []
    index = CatalogueIndex(engine.movies)
    histories: list[Histories] = []
    for file in files:
        diary = read_diary(file)
        matched = match_diary(diary, index, engine.scale)
        histories.append(matched.history)
        errors.print(
            f"{file.name}: {len(diary.entries):,} entries, {len(matched.history.movies):,} movies of the catalogue. "
            f"'matinee diary' lists them.",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    return histories


def _names(names: list[str] | None, users: list[str], diaries: list[Path]) -> list[str]:
    """Return a name for each guest. Raises `InputError` if there is not one --name for each."""
    default_names = [*(f"user {user}" for user in users), *(diary.stem for diary in diaries)]
    if names and len(names) != len(default_names):
        raise InputError(
            f"--name: {len(names)} names for {len(default_names)} guests. Name every guest, or none of them."
        )
    return names or default_names


def _print_night(engine: "Engine", night: "Night") -> None:
    from rich.markup import escape

    from matinee.i18n.movie_night import describe_movie, describe_unknown_guests

    out.print(f"[bold]Movie night[/], {night.strategy}: {_RULES[night.strategy]}", highlight=False)
    out.print(f"{len(night.movies):,} of {night.n_candidates:,} movies that all guests can watch", highlight=False)
    if night.unknown_guests:
        out.print(escape(describe_unknown_guests(night)), highlight=False)
    for number, movie in enumerate(night.movies, 1):
        name = movie.title if movie.year is None else f"{movie.title} ({movie.year})"
        out.print(f"\n{number} [bold]{escape(name)}[/]", highlight=False)
        out.print(f"  {escape(describe_movie(movie))}", highlight=False)
        _print_guests(engine, movie)
    out.print(f"\n[dim]{_LEGEND}[/]", highlight=False)


def _print_guests(engine: "Engine", movie: "NightMovie") -> None:
    from rich.padding import Padding

    from matinee.i18n.movie_night import describe_satisfaction

    has_ratings = any(guest.predicted_rating is not None for guest in movie.satisfactions)
    rows: list[list[Any]] = [
        [
            guest.guest,
            _bar(guest.satisfaction),
            *([f"{guest.predicted_rating:.1f}"] if guest.predicted_rating is not None else []),
            f"{guest.own_rank:,}",
            "; ".join(describe_satisfaction(guest, engine.movies)),
        ]
        for guest in movie.satisfactions
    ]
    columns = ["", "satisfaction", *(["stars"] if has_ratings else []), "in own list", "why"]
    out.print(Padding(table("", columns, rows, numeric=[1, 2, 3] if has_ratings else [1, 2]), (0, 0, 0, 2)))


def _bar(share: float) -> "Text":
    from rich.text import Text

    full = round(share * _BAR)
    return Text.assemble(("█" * full, "green"), ("░" * (_BAR - full), "dim"), f" {share:4.0%}")
