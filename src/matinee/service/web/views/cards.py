"""Movies as pages show them: cards in a row, and the user's marks on one movie."""

from collections.abc import Iterable
from dataclasses import dataclass

from matinee.service.schemas.responses import RecommendationOut
from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import ServedRun
from matinee.service.web.page_context import PageContext
from matinee.service.web.template_filters import sentence
from matinee.store.users import User

_STARS = 5


@dataclass(frozen=True)
class Card:
    """A movie in a row."""

    movie_id: str
    title: str
    year: int | None
    note: str = ""  # a sentence, or empty
    stars: float | None = None  # predicted rating


@dataclass(frozen=True)
class UserMarks:
    """A user's rating of a movie, and the user's lists that it is on."""

    stars: float | None = None
    watchlist: bool = False
    not_interested: bool = False
    excluded: bool = False  # its rating is not used for recommendations


def recommendation_cards(context: PageContext, items: Iterable[RecommendationOut]) -> list[Card]:
    """Cards of recommendations, each with its first reason."""
    return [
        Card(
            item.movie_id,
            item.title,
            item.year,
            sentence(context.language, item.reasons[0]) if item.reasons else "",
            to_stars(context.run, item.predicted_rating),
        )
        for item in items
    ]


def movie_cards(run: ServedRun, rows: Iterable[int], note: str = "") -> list[Card]:
    """Cards of movies by their rows."""
    movies = run.engine.movies
    return [Card(run.ids[row], movies["title"][row], movies["year"][row], note) for row in rows]


def to_stars(run: ServedRun, rating: float | None) -> float | None:
    """A predicted rating on the five-star scale of pages, from the scale of the run's data."""
    return None if rating is None else rating * _STARS / run.engine.scale[1]


def user_marks(state: AppState, user: User | None, movie_id: str) -> UserMarks:
    """The user's marks on a movie; none for a visitor."""
    if user is None:
        return UserMarks()
    rating, lists = state.store.ratings.get(user.id, movie_id), state.store.lists
    return UserMarks(
        None if rating is None else rating.value,
        movie_id in lists.watchlist.ids(user.id),
        movie_id in lists.not_interested.ids(user.id),
        movie_id in lists.excluded.ids(user.id),
    )
