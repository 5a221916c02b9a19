"""`matinee recommend`, `why`, `similar` and `neighbours`: lists from a run, with reasons."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import JsonOption, KOption, SeedOption
from matinee.cli.request_options import (
    ContentOption,
    DiaryOption,
    DislikeOption,
    GenreOption,
    LanguageOption,
    LikeOption,
    LongestOption,
    MovedDataOption,
    RunOption,
    StarsOption,
    UserOption,
    WithoutGenreOption,
    YearsOption,
    filters,
    request_user,
)

if TYPE_CHECKING:
    import polars as pl

    from matinee.data.histories import Histories
    from matinee.pipeline.explain.explanation import Explanation
    from matinee.pipeline.recommend import Recommendation

_LIKED_SHOWN = 10


def recommend(
    run: RunOption,
    user: UserOption = None,
    like: LikeOption = None,
    dislike: DislikeOption = None,
    diary: DiaryOption = None,
    watchlist: Annotated[
        Literal["allow", "only", "leave-out"],
        typer.Option("--watchlist", help="What to make of the movies on the diary's watchlist."),
    ] = "allow",
    not_interested: Annotated[
        list[str] | None, typer.Option("--not-interested", help="A movie to hide, and its like to push down.")
    ] = None,
    data: MovedDataOption = None,
    stars: StarsOption = None,
    content: ContentOption = None,
    k: KOption = 10,
    diversity: Annotated[
        float, typer.Option("--diversity", min=0, max=1, help="0 the best movies, 1 as unlike each other as can be.")
    ] = 0.0,
    exploration: Annotated[
        float, typer.Option("--exploration", min=0, help="How far chance may carry a movie: 0 not, 1 a good deal.")
    ] = 0.0,
    seed: SeedOption = 0,
    years: YearsOption = None,
    genre: GenreOption = None,
    without_genre: WithoutGenreOption = None,
    language: LanguageOption = None,
    longest: LongestOption = None,
    json: JsonOption = None,
) -> None:
    """Recommend movies to a user of the data, or to anybody who names a few they like.

    [dim]matinee recommend --run runs/blend --like "Heat (1995)" --like alien --dislike "home alone"[/]
    """
    import numpy as np

    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.recommend import recommend as make_list
    from matinee.pipeline.request import Request

    engine = load_engine(run, stars, content)
    context = request_user(engine, run, user, like, dislike, diary, data)
    hidden = [engine.lookup.find(title) for title in not_interested or []]
    request = Request(
        context.history,
        k,
        filters(years, genre, without_genre, language, longest),
        not_interested=np.array(hidden, dtype=np.int32),
        watchlist=context.watchlist,
        from_watchlist=watchlist,
        diversity=diversity,
        exploration=exploration,
        seed=seed,
    )
    answer = make_list(engine, request)
    if len(context.history.movies):
        print_liked(engine.movies, context.history)
    print_list("Recommended", answer.recommendations, json)


def why(
    title: Annotated[str, typer.Argument(help="A movie, e.g. 'Heat (1995)'.", show_default=False)],
    run: RunOption,
    user: UserOption = None,
    like: LikeOption = None,
    dislike: DislikeOption = None,
    diary: DiaryOption = None,
    data: MovedDataOption = None,
    stars: StarsOption = None,
    content: ContentOption = None,
    json: JsonOption = None,
) -> None:
    """Why a movie stands where it stands with somebody, and what would change it.

    [dim]matinee why "Aliens" --run runs/blend --like "Heat (1995)" --like alien[/]
    """
    from matinee.data.files import write_json
    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.explain.explanation import explain_movie
    from matinee.pipeline.request import Request

    engine = load_engine(run, stars, content)
    context = request_user(engine, run, user, like, dislike, diary, data)
    found = explain_movie(engine, Request(context.history), engine.lookup.find(title))
    _print_why(found)
    if json is not None:
        write_json(json, found.to_json())


def similar(
    title: Annotated[str, typer.Argument(help="A movie, e.g. 'Heat (1995)'.", show_default=False)],
    run: RunOption,
    by: Annotated[
        Literal["content", "cf", "hybrid"] | None,
        typer.Option("--by", help="What movies are about, who rated them, or both.", show_default=False),
    ] = None,
    content: ContentOption = None,
    k: KOption = 10,
    json: JsonOption = None,
) -> None:
    """Movies like one movie, by what the run's model learned, with the genres they share.

    [dim]matinee similar "toy story" --run runs/blend[/]
    """
    from matinee.data.files import write_json
    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.explore.similar import similar as make_list

    engine = load_engine(run, content=content)
    row = engine.lookup.find(title)
    found = make_list(engine, row, k, by)
    rows: list[list[Any]] = [
        [place, one.title, _year(one.year), f"{one.genre_overlap:.0%}", ", ".join(one.shared_genres)]
        for place, one in enumerate(found, 1)
    ]
    columns = ["", "title", "year", "overlap", "genres of both"]
    out.print(table(f"Like {engine.lookup.label(row)}", columns, rows, numeric=[0, 3]))
    if json is not None:
        write_json(json, [one.to_json() for one in found])


def neighbours(
    run: RunOption,
    user: Annotated[str, typer.Option("--user", help="A user id of the data the run was trained on.")],
    data: MovedDataOption = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many people.")] = 10,
    json: JsonOption = None,
) -> None:
    """People of the data near in taste to one of them, by the vectors the run's model keeps.

    [dim]matinee neighbours --run runs/dssm --user 42[/]
    """
    from matinee.cli.load import read_data_of, user_row
    from matinee.data.files import write_json
    from matinee.models.runs import load_run
    from matinee.pipeline.explore.similar_users import similar_users
    from matinee.progress import shown

    loaded = load_run(run)
    dataset = read_data_of(loaded, data)
    with shown(errors):
        nearest = similar_users(loaded.model, dataset, user_row(dataset, user), k)
    rows = [
        [one.user_id, f"{one.likeness:.3f}", f"{one.rated_by_both:,} of {one.rated:,}", ", ".join(one.liked_by_both)]
        for one in nearest
    ]
    columns = ["user", "likeness", "also rated", "both liked, the least known first"]
    out.print(table(f"Nearest to user {user}", columns, rows, numeric=[0, 1]))
    if json is not None:
        write_json(json, [one.to_json() for one in nearest])


def print_liked(movies: "pl.DataFrame", history: "Histories") -> None:
    """What the person liked best, latest first, so that the list can be judged against it."""
    import numpy as np

    from matinee.pipeline.explain.reasons import liked_entries

    stars = history.ratings if history.ratings is not None else np.zeros(len(history.movies))
    liked = np.flatnonzero(liked_entries(history))
    best = liked[np.lexsort((-liked, -stars[liked]))][:_LIKED_SHOWN]
    rows = [
        [
            movies["title"][int(history.movies[entry])],
            _year(movies["year"][int(history.movies[entry])]),
            "" if history.ratings is None else f"{history.ratings[entry]:g}",
        ]
        for entry in best.tolist()
    ]
    out.print(table(f"Liked (of {len(stars):,} rated)", ["title", "year", "stars"], rows))


def print_list(title: str, recommendations: "list[Recommendation]", json: Path | None) -> None:
    """The list with its reasons, on the terminal and, if asked, as JSON."""
    from matinee.data.files import write_json

    starred = any(one.predicted_rating is not None for one in recommendations)
    rows: list[list[Any]] = [
        [
            place,
            one.title,
            _year(one.year),
            *([f"{one.predicted_rating:.1f}"] if one.predicted_rating is not None else []),
            "; ".join(one.reasons),
        ]
        for place, one in enumerate(recommendations, 1)
    ]
    out.print(table(title, ["", "title", "year", *(["stars"] if starred else []), "why"], rows, numeric=[0]))
    if json is not None:
        write_json(json, [one.to_json() for one in recommendations])


def _print_why(found: "Explanation") -> None:
    from rich.markup import escape

    name = f"{found.title} ({found.year})" if found.year is not None else found.title
    place = "is not among the movies to recommend" if found.rank is None else f"number {found.rank} of {found.of:,}"
    stars = "" if found.predicted_rating is None else f", about {found.predicted_rating:.1f} stars from you"
    out.print(f"[bold]{escape(name)}[/]: {place}{stars}", highlight=False)
    for sentence in filter(None, [*found.reasons, found.counterfactual()]):
        out.print(f"  {escape(sentence)}", highlight=False)
    rows = [
        [one.title, "" if one.stars is None else f"{one.stars:g}", f"{one.share:.0%}", one.rank_without]
        for one in found.supporters
    ]
    if rows:
        columns = ["rated", "stars", "share", "its place without"]
        out.print(table("What speaks for it", columns, rows, numeric=[1, 2, 3]))
    against = [
        [one.title, "" if one.stars is None else f"{one.stars:g}", f"x {one.factor:g}"] for one in found.detractors
    ]
    if against:
        out.print(table("What speaks against it", ["rated", "stars", "its place"], against, numeric=[1, 2]))


def _year(year: int | None) -> str:
    return "" if year is None else str(year)
