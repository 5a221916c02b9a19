"""The reasons for a recommendation, as facts that can be checked; `matinee.i18n.reasons` turns them into sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from matinee.arrays import AnyRows, Entries, MovieRows, Scores
from matinee.data.histories import GAP, Histories
from matinee.models.recommender import Recommender
from matinee.pipeline.feedback_rules import liked_entries

ReasonKind = Literal["liked", "watched", "director", "cast", "genres", "unrated", "start", "together"]

_CONSIDERED = 100  # latest liked movies of a history that a reason may name
_NAMED = 2  # movies that one reason names, at most
_MIN_SHARE = 0.25  # of the first movie's effect, for a second movie to be named
_ROUNDING = 1e-5  # of the greatest score: a smaller effect is the rounding of a sum, not a reason


@dataclass(frozen=True)
class Reason:
    """One fact. The meaning of its fields depends on its kind.

    liked, watched: `movies` of the history without which the score falls, and their `ratings`.
    director, cast: `names` shared with a liked movie, in `movies`. genres: `names` shared with liked movies.
    unrated: the movie has few ratings, so it was ranked by content.
    start: the user has no ratings. together: no single movie explains the score.
    """

    kind: ReasonKind
    movies: tuple[int, ...] = ()
    ratings: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


def leave_one_out_effect(
    model: Recommender, history: Histories, movies: MovieRows, scores: Scores | None = None
) -> tuple[Entries, Scores]:
    """Compute how much each liked entry of one history raises the score of each of `movies` (m,).

    `scores` (m,) saves computing them again. Returns the latest hundred liked entries (n,) and how far each movie's
    score falls when one entry is replaced by a gap: (n, m), positive if the entry supports the movie.
    """
    entries = np.flatnonzero(liked_entries(history))[-_CONSIDERED:]
    if not len(entries):
        return entries, np.zeros((0, len(movies)), dtype=np.float32)
    whole = model.score(history)[0, movies] if scores is None else scores
    effects = whole - model.score_without(history, entries, movies)
    effects[np.abs(effects) <= _ROUNDING * np.abs(whole).max(initial=0)] = 0
    return entries, effects


def find_reasons(
    model: Recommender, history: Histories, movies: MovieRows, catalogue: pl.DataFrame, scores: Scores | None = None
) -> list[list[Reason]]:
    """The one or two reasons why `model` recommends each of these movies (m,).

    `scores` (m,) saves computing them again. The first reason is the movies with the greatest effect. The second is a
    director or actors shared with a liked movie, or else, without a first reason, shared genres.
    """
    if not (history.movies != GAP).any():
        return [[Reason("start")] for _ in movies]
    entries, effects = leave_one_out_effect(model, history, movies, scores)
    liked = history.movies[entries]
    movie_credits = _Credits(catalogue, np.append(liked, movies))
    reasons: list[list[Reason]] = []
    for column, movie in enumerate(movies.tolist()):
        strongest = np.argsort(-effects[:, column], kind="stable")[:_NAMED]
        effect = effects[strongest, column]
        named = entries[strongest[(effect > 0) & (effect >= _MIN_SHARE * effect.max(initial=0))]]
        movie_reasons = [history_reason(history, named)] if len(named) else []
        shared = movie_credits.shared(movie, liked[::-1].tolist())
        if shared is None and not movie_reasons:
            shared = _shared_genres(catalogue, movie, liked)
        if shared is not None:
            movie_reasons.append(shared)
        reasons.append(movie_reasons or [Reason("together")])
    return reasons


def history_reason(history: Histories, entries: Entries) -> Reason:
    """The reason that names these entries of a history."""
    movies = tuple(history.movies[entries].tolist())
    if history.ratings is None:
        return Reason("watched", movies)
    return Reason("liked", movies, tuple(history.ratings[entries].tolist()))


class _Credits:
    """Directors and cast of some movies of a catalogue."""

    def __init__(self, catalogue: pl.DataFrame, rows: AnyRows):
        """Look up only these rows: a catalogue may be large."""
        self.names = {
            column: dict(zip(rows.tolist(), catalogue[column].gather(rows).to_list(), strict=True))
            for column in ("director", "cast")
            if column in catalogue.columns
        }

    def shared(self, movie: int, others: Sequence[int]) -> Reason | None:
        """A shared director, or else two or more shared actors, with the first of `others` that shares them."""
        required: tuple[tuple[ReasonKind, int], ...] = (("director", 1), ("cast", 2))
        for kind, n in required:
            names = self.names.get(kind, {})
            own = set(names.get(movie) or [])
            for other in others if own else ():
                both = sorted(own & set(names[other] or []))
                if other != movie and len(both) >= n:
                    return Reason(kind, (other,), names=tuple(both[:2]))
        return None


def _shared_genres(catalogue: pl.DataFrame, movie: int, liked: MovieRows) -> Reason | None:
    """The genres of a movie that at least half of the liked movies have."""
    if not len(liked):
        return None
    counts = catalogue["genres"].gather(liked).explode().drop_nulls().value_counts()
    usual = set(counts.filter(pl.col("count") * 2 >= len(liked)).to_series(0).to_list())
    shared = sorted(usual & set(catalogue["genres"].gather([movie]).to_list()[0] or []))
    return Reason("genres", names=tuple(shared)) if shared else None
