"""What somebody has said of one film: stars and lists, as the controls on a page show it."""

from dataclasses import dataclass

from matinee.service.state.app_state import AppState
from matinee.store.users import User


@dataclass(frozen=True)
class UserMarks:
    """One film, to one person."""

    stars: float | None = None
    watchlist: bool = False
    not_interested: bool = False
    excluded: bool = False  # from what recommendations are built from


def user_marks(state: AppState, user: User | None, movie_id: str) -> UserMarks:
    """What a person has said of a film; nothing, for a passer-by."""
    if user is None:
        return UserMarks()
    rating = state.store.ratings.get(user.id, movie_id)
    return UserMarks(
        None if rating is None else rating.stars,
        movie_id in state.store.lists.watchlist.ids(user.id),
        movie_id in state.store.lists.not_interested.ids(user.id),
        movie_id in state.store.lists.excluded.ids(user.id),
    )
