"""What the house answers: one function for each question, for the API and the pages alike.

Each takes the house and the stage that the request began with, and returns plain facts; how they are written down is
the caller's business.
"""

import secrets

import numpy as np

from matinee.data.histories import Histories
from matinee.errors import NotFoundError, RunError
from matinee.models.capabilities import By
from matinee.pipeline.explain.explanation import Explanation, explain_movie
from matinee.pipeline.explore.also_liked import AlsoLiked
from matinee.pipeline.explore.similar import SimilarMovie, similar
from matinee.pipeline.filters import Filters
from matinee.pipeline.group.movie_night import Guest, Night, movie_night
from matinee.pipeline.recommend import RecommendationList, recommend
from matinee.pipeline.request import Request, Rows
from matinee.pipeline.words import Language, say
from matinee.service.schemas.requests import FilterQuery, GuestIn, ListQuery, NightIn
from matinee.service.schemas.responses import ListOut, RecommendationOut
from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedback
from matinee.store.events import Event, NewEvent
from matinee.store.users import User


def response_language(person: User, asked: Language | None = None) -> Language:
    """The language to answer in."""
    return asked or ("zh" if person.language.startswith("zh") else "en")


def request_for(stage: ServedRun, taste: UserFeedback, asked: ListQuery) -> Request:
    """What the pipeline is asked, for a taste. Raises `NotFoundError` for movies that are not there."""
    return Request(
        taste.history,
        k=asked.k,
        filters=_filters(stage, asked, () if asked.seen_too else taste.hidden),
        not_interested=taste.not_interested,
        watchlist=taste.watchlist,
        from_watchlist=asked.from_watchlist,
        diversity=asked.diversity,
        exploration=asked.exploration,
        seed=asked.seed,
        seen_too=asked.seen_too,
    )


def recommend_and_log(
    house: AppState, stage: ServedRun, person: User, asked: ListQuery, taste: UserFeedback | None = None
) -> ListOut:
    """A list for a person, from what they have said until now, that is shown as it is."""
    return log_impressions(house, person, asked, recommend_for(house, stage, person, asked, taste))


def recommend_for(
    house: AppState, stage: ServedRun, person: User, asked: ListQuery, taste: UserFeedback | None = None
) -> ListOut:
    """A list for a person, to choose from: what is shown of it is to be `noted`."""
    taste = taste or house.user_feedback.get(stage, person.id)
    answer = recommend(stage.engine, request_for(stage, taste, asked))
    return ListOut(
        list_id=f"l-{secrets.token_hex(8)}",
        model=stage.model,
        fingerprint=stage.fingerprint,
        rated=len(taste.history.movies),
        items=_items(stage, answer, response_language(person, asked.language)),
    )


def log_impressions(house: AppState, person: User, asked: ListQuery, listed: ListOut) -> ListOut:
    """The same list, and in the store's events that it was shown."""
    house.metrics.lists.labels("recommendations").inc()
    house.events.put(_shown(person, asked, listed))
    return listed


def explain(
    house: AppState, stage: ServedRun, person: User, movie_id: str, language: Language | None = None
) -> Explanation:
    """Why a movie stands where it stands with a person. Raises `NotFoundError` for one they have rated."""
    taste = house.user_feedback.get(stage, person.id)
    asked = request_for(stage, taste, ListQuery())
    return explain_movie(stage.engine, asked, stage.row(movie_id), response_language(person, language))


def similar_movies(stage: ServedRun, movie_id: str, k: int = 10, by: By | None = None) -> list[SimilarMovie]:
    """Movies like one, by the ranker's own measure or `by` one kind of likeness."""
    return similar(stage.engine, stage.row(movie_id), k, by)


def also_liked(stage: ServedRun, movie_id: str, k: int = 10, near: UserFeedback | None = None) -> list[AlsoLiked]:
    """What fans of a movie like more than everybody does; fans near to `near` count more.

    Raises `RunError` where the ratings of the run's data cannot be read.
    """
    row = stage.row(movie_id)
    if stage.likes is None:
        raise RunError(f"nobody's ratings are known: {stage.likes_unavailable}; expected --data with the run's data")
    return stage.likes.also_liked(row, k, None if near is None else near.history)


def plan_movie_night(house: AppState, stage: ServedRun, person: User, asked: NightIn) -> Night:
    """Movies for a company: whoever asks, other profiles, and guests.

    Raises `NotFoundError` for people and movies that are not there, `ConfigError` for a company that is none. Whose
    profiles may be asked for is for the caller to decide: the answer tells what each of them liked.
    """
    again = np.array([stage.row(one) for one in asked.again], dtype=np.int32)
    others = [house.store.users.get(number) for number in dict.fromkeys(asked.people) if number != person.id]
    tastes = [(one.name, house.user_feedback.get(stage, one.id)) for one in (person, *others)]
    guests = [Guest(name, taste.history, again, taste.not_interested) for name, taste in tastes]
    guests += [_guest(stage, one, again) for one in asked.guests]
    hidden = tuple(row for _, taste in tastes for row in taste.hidden)
    night = movie_night(stage.engine, guests, asked.k, asked.strategy, _filters(stage, asked, hidden))
    house.metrics.lists.labels("movie night").inc()
    return night


def impressions(house: AppState, person: User, list_id: str) -> list[Event]:
    """All that happened with a list of a person. Raises `NotFoundError` if they were shown none of this id."""
    house.events.flush()
    events = [one for one in house.store.events.of_list(list_id) if one.user_id == person.id]
    if not events:
        raise NotFoundError(f"you were shown no list '{list_id[:60]}'; expected the list_id of one")
    return events


def _filters(stage: ServedRun, asked: FilterQuery, hidden: tuple[int, ...] = ()) -> Filters:
    """As the pipeline takes them; `hidden` are rows of films that are left out without a word against their like."""
    without = (*(stage.row(one) for one in asked.without), *hidden)
    return asked.filters(tuple(stage.engine.listings_of(np.array(without)).tolist()) if without else ())


def _items(stage: ServedRun, answer: RecommendationList, language: Language) -> list[RecommendationOut]:
    movies = stage.engine.movies
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


def _shown(person: User, asked: ListQuery, listed: ListOut) -> list[NewEvent]:
    how = asked.model_dump(mode="json", exclude_defaults=True)
    return [
        NewEvent(
            kind="shown",
            user_id=person.id,
            movie_id=item.movie_id,
            list_id=listed.list_id,
            place=place,
            model=listed.model,
            fingerprint=listed.fingerprint,
            detail={"reasons": item.reasons, "asked": how} if how else {"reasons": item.reasons},
        )
        for place, item in enumerate(listed.items, 1)
    ]


def _guest(stage: ServedRun, guest: GuestIn, again: Rows) -> Guest:
    disliked = [stage.row(one) for one in guest.dislikes]
    liked = [stage.row(one) for one in guest.likes]
    low, high = stage.engine.scale
    history = Histories.of([disliked + liked], [[low] * len(disliked) + [high] * len(liked)])
    return Guest(guest.name, history, again)
