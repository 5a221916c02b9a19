"""`matinee recommend`, `why`, `similar` and `similar-users`: lists from a run, with reasons."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from matinee.cli.console import errors, out, table
from matinee.cli.options import JsonOption, KOption, SeedOption
from matinee.cli.request_options import (
    ContentRunOption,
    DiaryOption,
    DislikeOption,
    ExcludeGenreOption,
    GenreOption,
    LanguageOption,
    LikeOption,
    MaxRuntimeOption,
    MovedDataOption,
    RatingRunOption,
    RunOption,
    UserOption,
    YearsOption,
    build_filters,
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
        typer.Option("--watchlist", help="Use of the diary's watchlist: allow, only or leave-out."),
    ] = "allow",
    not_interested: Annotated[
        list[str] | None,
        typer.Option("--not-interested", help="A movie to hide. Similar movies move down. Repeatable."),
    ] = None,
    data: MovedDataOption = None,
    rating_run: RatingRunOption = None,
    content_run: ContentRunOption = None,
    k: KOption = 10,
    diversity: Annotated[
        float, typer.Option("--diversity", min=0, max=1, help="From 0, the best movies, to 1, the most varied.")
    ] = 0.0,
    exploration: Annotated[
        float, typer.Option("--exploration", min=0, help="Randomness of the order: 0 for no randomness, 1 for a lot.")
    ] = 0.0,
    seed: SeedOption = 0,
    years: YearsOption = None,
    genre: GenreOption = None,
    exclude_genre: ExcludeGenreOption = None,
    language: LanguageOption = None,
    max_runtime: MaxRuntimeOption = None,
    json: JsonOption = None,
) -> None:
    """Recommend movies to a user of the data, or to anyone who names a few movies.

    [dim]matinee recommend --run runs/blend --like "Heat (1995)" --like alien --dislike "home alone"[/]
    """
    import numpy as np

    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.recommend import recommend as find_recommendations
    from matinee.pipeline.request import Request

    engine = load_engine(run, rating_run, content_run)
    context = request_user(engine, run, user, like, dislike, diary, data)
    hidden = [engine.lookup.find(title) for title in not_interested or []]
    request = Request(
        context.history,
        k,
        build_filters(years, genre, exclude_genre, language, max_runtime),
        not_interested=np.array(hidden, dtype=np.int32),
        watchlist=context.watchlist,
        from_watchlist=watchlist,
        diversity=diversity,
        exploration=exploration,
        seed=seed,
    )
    recommendations = find_recommendations(engine, request).recommendations
    if len(context.history.movies):
        print_liked(engine.movies, context.history)
    print_list("Recommended", recommendations, engine.movies, json)


def why(
    title: Annotated[str, typer.Argument(help="A title, such as 'Heat (1995)'.", show_default=False)],
    run: RunOption,
    user: UserOption = None,
    like: LikeOption = None,
    dislike: DislikeOption = None,
    diary: DiaryOption = None,
    data: MovedDataOption = None,
    rating_run: RatingRunOption = None,
    content_run: ContentRunOption = None,
    json: JsonOption = None,
) -> None:
    """Explain the rank of a movie for a user: what raises it, and what lowers it.

    [dim]matinee why "Aliens" --run runs/blend --like "Heat (1995)" --like alien[/]
    """
    from matinee.data.files import write_json
    from matinee.i18n.reasons import explanation_to_json
    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.explain.explanation import explain_movie
    from matinee.pipeline.request import Request

    engine = load_engine(run, rating_run, content_run)
    context = request_user(engine, run, user, like, dislike, diary, data)
    explanation = explain_movie(engine, Request(context.history), engine.lookup.find(title))
    _print_explanation(explanation, engine.movies)
    if json is not None:
        write_json(json, explanation_to_json(explanation, engine.movies))


def similar(
    title: Annotated[str, typer.Argument(help="A title, such as 'Heat (1995)'.", show_default=False)],
    run: RunOption,
    by: Annotated[
        Literal["content", "cf", "hybrid"] | None,
        typer.Option("--by", help="By content, by who rated them (cf), or both (hybrid).", show_default=False),
    ] = None,
    content_run: ContentRunOption = None,
    k: KOption = 10,
    json: JsonOption = None,
) -> None:
    """List the movies most similar to a movie, with the genres they share.

    [dim]matinee similar "toy story" --run runs/blend[/]
    """
    from matinee.data.files import write_json
    from matinee.pipeline.engine import load_engine
    from matinee.pipeline.explore.similar import find_similar

    engine = load_engine(run, content_run=content_run)
    row = engine.lookup.find(title)
    movies = find_similar(engine, row, k, by)
    rows: list[list[Any]] = [
        [rank, movie.title, _year(movie.year), f"{movie.genre_overlap:.0%}", ", ".join(movie.shared_genres)]
        for rank, movie in enumerate(movies, 1)
    ]
    columns = ["", "title", "year", "overlap", "shared genres"]
    out.print(table(f"Similar to {engine.lookup.label(row)}", columns, rows, numeric=[0, 3]))
    if json is not None:
        write_json(json, [movie.to_json() for movie in movies])


def similar_users(
    run: RunOption,
    user: Annotated[str, typer.Option("--user", help="Id of a user of the training data.")],
    data: MovedDataOption = None,
    k: Annotated[int, typer.Option("-k", min=1, help="Number of users.")] = 10,
    json: JsonOption = None,
) -> None:
    """List the users most similar to a user, by the vectors of the run's model.

    [dim]matinee similar-users --run runs/dssm --user 42[/]
    """
    from matinee.cli.load import read_data_of, user_row
    from matinee.data.files import write_json
    from matinee.models.runs import load_run
    from matinee.pipeline.explore.similar_users import find_similar_users
    from matinee.progress import shown

    loaded = load_run(run)
    dataset = read_data_of(loaded, data)
    with shown(errors):
        users = find_similar_users(loaded.model, dataset, user_row(dataset, user), k)
    rows = [
        [
            similar.user_id,
            f"{similar.similarity:.3f}",
            f"{similar.rated_by_both:,} of {similar.rated:,}",
            ", ".join(similar.liked_by_both),
        ]
        for similar in users
    ]
    columns = ["user", "similarity", "also rated", "both liked, the least known first"]
    out.print(table(f"Users similar to {user}", columns, rows, numeric=[0, 1]))
    if json is not None:
        write_json(json, [similar.to_json() for similar in users])


def print_liked(movies: "pl.DataFrame", history: "Histories") -> None:
    """Print the movies that a user liked best, latest first, for comparison with the list."""
    import numpy as np

    from matinee.pipeline.feedback_rules import liked_entries

    ratings = history.ratings if history.ratings is not None else np.zeros(len(history.movies))
    liked = np.flatnonzero(liked_entries(history))
    best = liked[np.lexsort((-liked, -ratings[liked]))][:_LIKED_SHOWN]
    rows = [
        [
            movies["title"][int(history.movies[entry])],
            _year(movies["year"][int(history.movies[entry])]),
            "" if history.ratings is None else f"{history.ratings[entry]:g}",
        ]
        for entry in best.tolist()
    ]
    out.print(table(f"Liked (of {len(ratings):,} rated)", ["title", "year", "stars"], rows))


def print_list(
    title: str, recommendations: "list[Recommendation]", movies: "pl.DataFrame", json: Path | None = None
) -> None:
    """Print a list with its reasons. `movies` is the catalogue. With `json`, also write the list to this file."""
    from matinee.data.files import write_json
    from matinee.i18n.reasons import reason_text, recommendation_to_json

    has_ratings = any(movie.predicted_rating is not None for movie in recommendations)
    rows: list[list[Any]] = [
        [
            rank,
            movie.title,
            _year(movie.year),
            *([f"{movie.predicted_rating:.1f}"] if movie.predicted_rating is not None else []),
            "; ".join(reason_text(reason, movies) for reason in movie.reasons),
        ]
        for rank, movie in enumerate(recommendations, 1)
    ]
    out.print(table(title, ["", "title", "year", *(["stars"] if has_ratings else []), "why"], rows, numeric=[0]))
    if json is not None:
        write_json(json, [recommendation_to_json(movie, movies) for movie in recommendations])


def _print_explanation(explanation: "Explanation", movies: "pl.DataFrame") -> None:
    from rich.markup import escape

    from matinee.i18n.reasons import reason_text, without_text

    year, rank = explanation.year, explanation.rank
    name = explanation.title if year is None else f"{explanation.title} ({year})"
    position = "not a candidate" if rank is None else f"number {rank} of {explanation.n_candidates:,}"
    rating = explanation.predicted_rating
    predicted = "" if rating is None else f", about {rating:.1f} stars from you"
    out.print(f"[bold]{escape(name)}[/]: {position}{predicted}", highlight=False)
    reasons = [reason_text(reason, movies) for reason in explanation.reasons]
    for sentence in filter(None, [*reasons, without_text(explanation)]):
        out.print(f"  {escape(sentence)}", highlight=False)
    supporters = [
        [movie.title, _format_rating(movie.rating), f"{movie.share:.0%}", movie.rank_without]
        for movie in explanation.supporters
    ]
    if supporters:
        columns = ["rated", "stars", "share", "rank without it"]
        out.print(table("Reasons for it", columns, supporters, numeric=[1, 2, 3]))
    detractors = [
        [movie.title, _format_rating(movie.rating), f"x {movie.factor:g}"] for movie in explanation.detractors
    ]
    if detractors:
        out.print(table("Reasons against it", ["rated", "stars", "its rank"], detractors, numeric=[1, 2]))


def _format_rating(rating: float | None) -> str:
    return "" if rating is None else f"{rating:g}"


def _year(year: int | None) -> str:
    return "" if year is None else str(year)
