"""What one can tell from what somebody has said until now, for the headings of rows."""

import numpy as np
import numpy.typing as npt

from matinee.data.histories import GAP
from matinee.pipeline.rerank import mmr
from matinee.service.schemas.requests import ListQuery
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedback

_LIKED = 0.75  # of the way up the scale of stars: 4 of 5
_FEW = 3.0  # films that everybody is taken to have liked, so that a single film makes no favourite


def last_liked_movie(run: ServedRun, feedback: UserFeedback) -> int | None:
    """The row of the film that was liked most lately."""
    liked = _liked(run, feedback)
    return int(liked[-1]) if len(liked) else None


def favourite_genre(run: ServedRun, feedback: UserFeedback) -> str | None:
    """The genre that is commoner among the films somebody likes than in the catalogue, by most; None without likes."""
    liked = _liked(run, feedback)
    if not len(liked):
        return None
    genres = run.engine.movies["genres"]
    own, all_films = _counts(run, genres.gather(liked).to_list()), _counts(run, genres.to_list())
    usual = all_films / max(all_films.sum(), 1)
    lift = (own + _FEW * usual) / (own.sum() + _FEW) / np.maximum(usual, 1e-9)
    weight = np.where(own >= 1, np.log(np.maximum(lift, 1e-9)) * own, -np.inf)
    return sorted(run.genres)[int(np.argmax(weight))] if np.isfinite(weight).any() else None


def popular_and_varied(run: ServedRun, query: ListQuery, k: int) -> list[int]:
    """Good films for somebody of whom nothing is known: much rated, no two genres alike in a row."""
    allowed = query.filters().allowed(run.engine.movies)
    rows = run.by_popularity
    rows = rows[allowed[rows]][: 6 * k]
    return rows[mmr(run.engine.genres[rows], k, 0.5)].tolist()


def rarely_rated(run: ServedRun, quantile: float) -> int:
    """The number of ratings that this share of the films that have any reach at most."""
    rated = run.engine.rated
    return int(np.quantile(rated[rated > 0], quantile)) if (rated > 0).any() else 0


def _liked(run: ServedRun, feedback: UserFeedback) -> npt.NDArray[np.int32]:
    low, high = run.engine.scale
    stars = feedback.history.ratings
    rows = feedback.history.movies
    liked = rows if stars is None else rows[stars >= low + _LIKED * (high - low)]
    return liked[liked != GAP]


def _counts(run: ServedRun, genres: list[list[str] | None]) -> npt.NDArray[np.float64]:
    """Films of each genre, a film of two genres half in each: (genres,), by name."""
    names = {name: place for place, name in enumerate(sorted(run.genres))}
    counts = np.zeros(len(names))
    for some in genres:
        for one in some or []:
            counts[names[one]] += 1 / len(some or [])
    return counts
