"""What the house answers: one function for each question, for the API and the pages alike.

Each takes the house and the stage that the request began with, and returns plain facts; how they are written down is
the caller's business.
"""

import secrets

import numpy as np

from matinee.arrays import MovieRows
from matinee.data.histories import Histories
from matinee.errors import NotFoundError, RunError
from matinee.models.capabilities import By
from matinee.pipeline.explain.explanation import Explanation, explain_movie
from matinee.pipeline.explore.also_liked import AlsoLiked
from matinee.pipeline.explore.similar import SimilarMovie, similar
from matinee.pipeline.filters import Filters
from matinee.pipeline.group.movie_night import Guest, Night, movie_night
from matinee.pipeline.recommend import RecommendationList, recommend
from matinee.pipeline.request import Request
from matinee.pipeline.words import Language, say
from matinee.service.schemas.requests import FilterQuery, GuestIn, ListQuery, NightIn
from matinee.service.schemas.responses import ListOut, RecommendationOut
from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedback
from matinee.store.events import Event, NewEvent
from matinee.store.users import User


def response_language(user: User, asked: Language | None = None) -> Language:
    """The language to answer in."""
    return asked or ("zh" if user.language.startswith("zh") else "en")


def request_for(run: ServedRun, feedback: UserFeedback, query: ListQuery) -> Request:
    """What the pipeline is asked, for a taste. Raises `NotFoundError` for movies that are not there."""
    return Request(
        feedback.history,
        k=query.k,
        filters=_filters(run, query, () if query.seen_too else feedback.hidden),
        not_interested=feedback.not_interested,
        watchlist=feedback.watchlist,
        from_watchlist=query.from_watchlist,
        diversity=query.diversity,
        exploration=query.exploration,
        seed=query.seed,
        seen_too=query.seen_too,
    )


def recommend_and_log(
    state: AppState, run: ServedRun, user: User, query: ListQuery, feedback: UserFeedback | None = None
) -> ListOut:
    """A list for a person, from what they have said until now, that is shown as it is."""
    return log_impressions(state, user, query, recommend_for(state, run, user, query, feedback))


def recommend_for(
    state: AppState, run: ServedRun, user: User, query: ListQuery, feedback: UserFeedback | None = None
) -> ListOut:
    """A list for a person, to choose from: what is shown of it is to be `noted`."""
    feedback = feedback or state.user_feedback.get(run, user.id)
    answer = recommend(run.engine, request_for(run, feedback, query))
    return ListOut(
        list_id=f"l-{secrets.token_hex(8)}",
        model=run.model,
        fingerprint=run.fingerprint,
        rated=len(feedback.history.movies),
        items=_items(run, answer, response_language(user, query.language)),
    )


def log_impressions(state: AppState, user: User, query: ListQuery, listed: ListOut) -> ListOut:
    """The same list, and in the store's events that it was shown."""
    state.metrics.lists.labels("recommendations").inc()
    state.events.put(_shown(user, query, listed))
    return listed


def explain(
    state: AppState, run: ServedRun, user: User, movie_id: str, language: Language | None = None
) -> Explanation:
    """Why a movie stands where it stands with a person. Raises `NotFoundError` for one they have rated."""
    feedback = state.user_feedback.get(run, user.id)
    asked = request_for(run, feedback, ListQuery())
    return explain_movie(run.engine, asked, run.row(movie_id), response_language(user, language))


def similar_movies(run: ServedRun, movie_id: str, k: int = 10, by: By | None = None) -> list[SimilarMovie]:
    """Movies like one, by the ranker's own measure or `by` one kind of likeness."""
    return similar(run.engine, run.row(movie_id), k, by)


def also_liked(run: ServedRun, movie_id: str, k: int = 10, near: UserFeedback | None = None) -> list[AlsoLiked]:
    """What fans of a movie like more than everybody does; fans near to `near` count more.

    Raises `RunError` where the ratings of the run's data cannot be read.
    """
    row = run.row(movie_id)
    if run.likes is None:
        raise RunError(f"nobody's ratings are known: {run.likes_unavailable}; expected --data with the run's data")
    return run.likes.also_liked(row, k, None if near is None else near.history)


def plan_movie_night(state: AppState, run: ServedRun, user: User, body: NightIn) -> Night:
    """Movies for a company: whoever asks, other profiles, and guests.

    Raises `NotFoundError` for people and movies that are not there, `ConfigError` for a company that is none. Whose
    profiles may be asked for is for the caller to decide: the answer tells what each of them liked.
    """
    again = np.array([run.row(one) for one in body.again], dtype=np.int32)
    others = [state.store.users.get(number) for number in dict.fromkeys(body.people) if number != user.id]
    tastes = [(one.name, state.user_feedback.get(run, one.id)) for one in (user, *others)]
    guests = [Guest(name, feedback.history, again, feedback.not_interested) for name, feedback in tastes]
    guests += [_guest(run, one, again) for one in body.guests]
    hidden = tuple(row for _, feedback in tastes for row in feedback.hidden)
    night = movie_night(run.engine, guests, body.k, body.strategy, _filters(run, body, hidden))
    state.metrics.lists.labels("movie night").inc()
    return night


def impressions(state: AppState, user: User, list_id: str) -> list[Event]:
    """All that happened with a list of a person. Raises `NotFoundError` if they were shown none of this id."""
    state.events.flush()
    events = [one for one in state.store.events.of_list(list_id) if one.user_id == user.id]
    if not events:
        raise NotFoundError(f"you were shown no list '{list_id[:60]}'; expected the list_id of one")
    return events


def _filters(run: ServedRun, query: FilterQuery, hidden: tuple[int, ...] = ()) -> Filters:
    """As the pipeline takes them; `hidden` are rows of films that are left out without a word against their like."""
    without = (*(run.row(one) for one in query.without), *hidden)
    return query.filters(tuple(run.engine.listings_of(np.array(without)).tolist()) if without else ())


def _items(run: ServedRun, answer: RecommendationList, language: Language) -> list[RecommendationOut]:
    movies = run.engine.movies
    return [
        RecommendationOut(
            movie_id=str(one.movie_id),
            title=one.title,
            year=one.year,
            score=one.score,
            predicted_rating=one.predicted_rating,
            reasons=one.reasons if language == "en" else [say(reason, movies, language) for reason in reasons],
            sources=one.sources,
        )
        for one, reasons in zip(answer.recommendations, answer.reasons, strict=True)
    ]


def _shown(user: User, query: ListQuery, listed: ListOut) -> list[NewEvent]:
    how = query.model_dump(mode="json", exclude_defaults=True)
    return [
        NewEvent(
            kind="shown",
            user_id=user.id,
            movie_id=item.movie_id,
            list_id=listed.list_id,
            place=place,
            model=listed.model,
            fingerprint=listed.fingerprint,
            detail={"reasons": item.reasons, "asked": how} if how else {"reasons": item.reasons},
        )
        for place, item in enumerate(listed.items, 1)
    ]


def _guest(run: ServedRun, guest: GuestIn, again: MovieRows) -> Guest:
    disliked = [run.row(one) for one in guest.dislikes]
    liked = [run.row(one) for one in guest.likes]
    low, high = run.engine.scale
    history = Histories.of([disliked + liked], [[low] * len(disliked) + [high] * len(liked)])
    return Guest(guest.name, history, again)
