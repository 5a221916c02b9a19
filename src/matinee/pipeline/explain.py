"""Why a movie is on the list: found by taking each of the user's movies out and asking again.

This holds for every model, since it needs nothing but scores: a movie of the history carried the
recommendation exactly as far as the recommendation's score falls without it.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.histories import Histories
from matinee.models.recommender import Recommender, Scores

_CONSIDERED = 100  # latest movies of a history that may be named as a reason
_NAMED = 2  # movies named in one reason
_NONE = "no movie you liked carries it by itself"


def contributions(
    model: Recommender, history: Histories, movies: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int64], Scores]:
    """How much each history entry carries each recommended movie.

    Takes one history and movie rows (m,). Returns the entries considered, the latest ones (n,), and the fall of
    each movie's score when one entry is taken out: (n, m), positive where the entry spoke for the movie.
    """
    n = len(history.movies)
    considered = np.arange(max(0, n - _CONSIDERED), n)
    whole = model.score(history)[0, movies]
    without = model.score(history.each_without_one(_CONSIDERED))[:, movies]
    return considered, whole - without


def reasons(
    model: Recommender, history: Histories, movies: npt.NDArray[np.int32], catalogue: pl.DataFrame
) -> list[list[str]]:
    """For each recommended movie row, sentences that say why it is there: which ratings, which shared people."""
    if not len(history.movies):
        return [["a good place to start: nothing is known of your taste yet"] for _ in movies]
    considered, falls = contributions(model, history, movies)
    liked = liked_entries(history)[considered]
    sentences: list[list[str]] = []
    for place, movie in enumerate(movies.tolist()):
        strength = np.where(liked, falls[:, place], -np.inf)
        strongest = [entry for entry in np.argsort(-strength, kind="stable")[:_NAMED] if strength[entry] > 0]
        entries = considered[strongest].tolist()
        because = _because(history, entries, catalogue)
        shared = _shared_people(catalogue, movie, history.movies[considered[liked]].tolist())
        sentences.append([one for one in (because, shared) if one] or [_NONE])
    return sentences


def liked_entries(history: Histories) -> npt.NDArray[np.bool_]:
    """Entries rated at least as high as this person usually rates; all of them where ratings are unknown."""
    if history.ratings is None:
        return np.ones(len(history.movies), dtype=bool)
    return history.ratings >= np.median(history.ratings)


def _because(history: Histories, entries: list[int], catalogue: pl.DataFrame) -> str:
    if not entries:
        return ""
    titles = [str(catalogue["title"][int(history.movies[entry])]) for entry in entries]
    if history.ratings is None:
        return f"because you watched {' and '.join(titles)}"
    stars = history.ratings[entries].tolist()
    return f"because you liked {' and '.join(f'{title} ({n:g} stars)' for title, n in zip(titles, stars, strict=True))}"


def _shared_people(catalogue: pl.DataFrame, movie: int, liked: list[int]) -> str:
    """A director, else two or more of the cast, shared with a liked movie; empty where none is known."""
    for column, least, words in (("director", 1, "directed by {}, like {}"), ("cast", 2, "with {}, like {}")):
        if column not in catalogue.columns:
            continue
        latest_first = liked[::-1]
        own, *others = catalogue[column].gather([movie, *latest_first]).to_list()
        for other, people in zip(latest_first, others, strict=True):
            shared = sorted(set(own or []) & set(people or []))
            if len(shared) >= least:
                return words.format(" and ".join(shared[:2]), catalogue["title"][other])
    return ""
