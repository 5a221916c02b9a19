"""Recommendations, explanations, similar movies and movie nights, for the API and the pages.

Each function takes the state and the run that was current when the request started.
"""

import secrets

import numpy as np

from matinee.arrays import MovieRows
from matinee.data.histories import Histories
from matinee.errors import NotFoundError, RunError
from matinee.i18n import Language
from matinee.i18n.reasons import reason_text
from matinee.models.capabilities import SimilarityKind
from matinee.pipeline.explain.explanation import Explanation, explain_movie
from matinee.pipeline.explore.also_liked import AlsoLiked
from matinee.pipeline.explore.similar import SimilarMovie, find_similar
from matinee.pipeline.filters import Filters
from matinee.pipeline.group.guests import Guest
from matinee.pipeline.group.movie_night import Night, plan_night
from matinee.pipeline.recommend import RecommendationList, recommend
from matinee.pipeline.request import Request
from matinee.service.schemas.requests import FilterQuery, GuestIn, ListQuery, NightIn
from matinee.service.schemas.responses import ListOut, RecommendationOut
from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedback
from matinee.store.events import Event, NewEvent
from matinee.store.users import User


def response_language(user: User, language: Language | None = None) -> Language:
    """The language of a response: that of the request, or the user's own."""
    return language or ("zh" if user.language.startswith("zh") else "en")


def request_for(run: ServedRun, feedback: UserFeedback, query: ListQuery) -> Request:
    """Build a pipeline request. Raises `NotFoundError` for movies that the catalogue lacks."""
    return Request(
        feedback.history,
        k=query.k,
        filters=_filters(run, query, () if query.include_seen else feedback.hidden),
        not_interested=feedback.not_interested,
        watchlist=feedback.watchlist,
        from_watchlist=query.from_watchlist,
        diversity=query.diversity,
        exploration=query.exploration,
        seed=query.seed,
        include_seen=query.include_seen,
    )


def recommend_and_log(
    state: AppState, run: ServedRun, user: User, query: ListQuery, feedback: UserFeedback | None = None
) -> ListOut:
    """Recommend movies from all feedback so far, and log the list as shown."""
    return log_impressions(state, user, query, recommend_for(state, run, user, query, feedback))


def recommend_for(
    state: AppState, run: ServedRun, user: User, query: ListQuery, feedback: UserFeedback | None = None
) -> ListOut:
    """Recommend movies without logging. The caller logs the movies that it shows by `log_impressions`."""
    feedback = feedback or state.user_feedback.get(run, user.id)
    recommendation_list = recommend(run.engine, request_for(run, feedback, query))
    return ListOut(
        list_id=f"l-{secrets.token_hex(8)}",
        model=run.model,
        fingerprint=run.fingerprint,
        n_ratings=len(feedback.history.movies),
        items=_items(run, recommendation_list, response_language(user, query.language)),
    )


def log_impressions(state: AppState, user: User, query: ListQuery, movie_list: ListOut) -> ListOut:
    """Count the list and log its movies as shown. Returns the list."""
    state.metrics.lists.labels("recommendations").inc()
    state.events.put(_impressions(user, query, movie_list))
    return movie_list


def explain(state: AppState, run: ServedRun, user: User, movie_id: str) -> Explanation:
    """Explain the rank of a movie for a user. Raises `NotFoundError` for a movie that the user has rated."""
    feedback = state.user_feedback.get(run, user.id)
    request = request_for(run, feedback, ListQuery())
    return explain_movie(run.engine, request, run.row(movie_id))


def similar_movies(run: ServedRun, movie_id: str, k: int = 10, by: SimilarityKind | None = None) -> list[SimilarMovie]:
    """Find similar movies by the ranker's own measure, or `by` one kind of similarity."""
    return find_similar(run.engine, run.row(movie_id), k, by)


def also_liked(run: ServedRun, movie_id: str, k: int = 10, near: UserFeedback | None = None) -> list[AlsoLiked]:
    """Find movies that fans of a movie like more than other users do. Fans similar to `near` have more weight.

    Raises `RunError` if the ratings of the training data cannot be read.
    """
    row = run.row(movie_id)
    if run.likes is None:
        raise RunError(f"Also-liked movies are unavailable: {run.likes_unavailable}. Set --data to the training data.")
    return run.likes.also_liked(row, k, None if near is None else near.history)


def plan_movie_night(state: AppState, run: ServedRun, user: User, body: NightIn) -> Night:
    """Plan a movie night for the current user, other profiles, and guests.

    Raises `NotFoundError` for unknown users and movies, and `ConfigError` for an invalid group. The caller checks which
    profiles the user may select, because the response shows what each of them liked.
    """
    again = np.array([run.row(movie_id) for movie_id in body.again], dtype=np.int32)
    others = [state.store.users.get(number) for number in dict.fromkeys(body.users) if number != user.id]
    feedback_by_name = [(other.name, state.user_feedback.get(run, other.id)) for other in (user, *others)]
    guests = [Guest(name, feedback.history, again, feedback.not_interested) for name, feedback in feedback_by_name]
    guests += [_guest(run, guest, again) for guest in body.guests]
    hidden = tuple(row for _, feedback in feedback_by_name for row in feedback.hidden)
    night = plan_night(run.engine, guests, body.k, body.strategy, _filters(run, body, hidden))
    state.metrics.lists.labels("movie night").inc()
    return night


def impressions(state: AppState, user: User, list_id: str) -> list[Event]:
    """The events of a list of a user. Raises `NotFoundError` if the user has no such list."""
    state.events.flush()
    events = [event for event in state.store.events.for_list(list_id) if event.user_id == user.id]
    if not events:
        raise NotFoundError(f"You have no list '{list_id[:60]}'. Use the `list_id` of a list shown to you.")
    return events


def _filters(run: ServedRun, query: FilterQuery, hidden: tuple[int, ...] = ()) -> Filters:
    """Build pipeline filters. `hidden` are rows to hide without an effect on similar movies."""
    without = (*(run.row(movie_id) for movie_id in query.without), *hidden)
    return query.filters(tuple(run.engine.listings_of(np.array(without)).tolist()) if without else ())


def _items(run: ServedRun, recommendation_list: RecommendationList, language: Language) -> list[RecommendationOut]:
    movies = run.engine.movies
    return [
        RecommendationOut(
            movie_id=str(recommendation.movie_id),
            title=recommendation.title,
            year=recommendation.year,
            score=recommendation.score,
            predicted_rating=recommendation.predicted_rating,
            reasons=[reason_text(reason, movies, language) for reason in recommendation.reasons],
            sources=recommendation.sources,
        )
        for recommendation in recommendation_list.recommendations
    ]


def _impressions(user: User, query: ListQuery, movie_list: ListOut) -> list[NewEvent]:
    parameters = query.model_dump(mode="json", exclude_defaults=True)
    return [
        NewEvent(
            kind="shown",
            user_id=user.id,
            movie_id=item.movie_id,
            list_id=movie_list.list_id,
            rank=rank,
            model=movie_list.model,
            fingerprint=movie_list.fingerprint,
            detail={"reasons": item.reasons} | ({"query": parameters} if parameters else {}),
        )
        for rank, item in enumerate(movie_list.items, 1)
    ]


def _guest(run: ServedRun, guest: GuestIn, again: MovieRows) -> Guest:
    disliked = [run.row(movie_id) for movie_id in guest.dislikes]
    liked = [run.row(movie_id) for movie_id in guest.likes]
    low, high = run.engine.scale
    history = Histories.of([disliked + liked], [[low] * len(disliked) + [high] * len(liked)])
    return Guest(guest.name, history, again)
