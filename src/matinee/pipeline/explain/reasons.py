"""Why a movie is on a list, as facts that can be checked; `words.py` says them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.arrays import Entries, MovieRows, Scores
from matinee.data.histories import GAP, Histories
from matinee.models.recommender import Recommender

Kind = Literal["liked", "watched", "director", "cast", "genres", "unrated", "start", "together"]


_CONSIDERED = 100  # latest movies of a history that may be named as a reason
_NAMED = 2  # movies named in one reason
_WORTH_NAMING = 0.25  # of what the first movie carries, for a second one to be named
_CARRIES = 1e-5  # of the greatest score: less is the rounding of a sum, not a reason


@dataclass(frozen=True)
class Reason:
    """One fact. What its fields hold depends on its kind.

    liked, watched: `movies` of the history without which the score falls, and the `stars` they were given.
    director, cast: `names` shared with a liked movie, in `movies`. genres: `names` shared with liked movies.
    unrated: hardly anybody has rated it here, so it was placed by what it is about.
    start: nothing is known of the person. together: no one movie carries it by itself.
    """

    kind: Kind
    movies: tuple[int, ...] = ()
    stars: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


def liked_entries(history: Histories) -> npt.NDArray[np.bool_]:
    """Entries rated at least as high as this person usually rates; all of them where ratings are unknown."""
    real = history.movies != GAP
    if history.ratings is None or not real.any():
        return real
    return real & (history.ratings >= np.median(history.ratings))


def leave_one_out_effect(
    model: Recommender, history: Histories, movies: MovieRows, scores: Scores | None = None
) -> tuple[Entries, Scores]:
    """How much each liked entry of one history carries each of `movies` (m,), whose `scores` (m,) may be known.

    Returns the entries, the latest hundred of those liked (n,), and how far each movie's score falls when one of them
    is taken out and the others keep their places in time: (n, m), positive where it spoke for the movie.
    """
    entries = np.flatnonzero(liked_entries(history))[-_CONSIDERED:]
    if not len(entries):
        return entries, np.zeros((0, len(movies)), dtype=np.float32)
    whole = model.score(history)[0, movies] if scores is None else scores
    falls = whole - model.score_without(history, entries, movies)
    falls[np.abs(falls) <= _CARRIES * np.abs(whole).max(initial=0)] = 0
    return entries, falls


def reasons(
    model: Recommender, history: Histories, movies: MovieRows, catalogue: pl.DataFrame, scores: Scores | None = None
) -> list[list[Reason]]:
    """Why `model` recommends each of these movies (m,), whose `scores` (m,) may be known: one reason or two.

    The first is what carries it most; the second, where the catalogue knows people, whom it shares with a liked
    movie, or else, for a movie that no one movie carries, its genres.
    """
    if not (history.movies != GAP).any():
        return [[Reason("start")] for _ in movies]
    entries, falls = leave_one_out_effect(model, history, movies, scores)
    liked = history.movies[entries]
    people = _People(catalogue, np.append(liked, movies))
    told: list[list[Reason]] = []
    for place, movie in enumerate(movies.tolist()):
        strongest = np.argsort(-falls[:, place], kind="stable")[:_NAMED]
        fall = falls[strongest, place]
        named = entries[strongest[(fall > 0) & (fall >= _WORTH_NAMING * fall.max(initial=0))]]
        found = [because(history, named)] if len(named) else []
        shared = people.shared(movie, liked[::-1].tolist())
        if shared is None and not found:
            shared = _shared_genres(catalogue, movie, liked)
        told.append([*found, *([shared] if shared else [])] or [Reason("together")])
    return told


def because(history: Histories, entries: Entries) -> Reason:
    """The reason that these entries of a history are."""
    movies = tuple(history.movies[entries].tolist())
    if history.ratings is None:
        return Reason("watched", movies)
    return Reason("liked", movies, tuple(history.ratings[entries].tolist()))


class _People:
    """Directors and cast of some movies of a catalogue."""

    def __init__(self, catalogue: pl.DataFrame, rows: npt.NDArray[np.integer]):
        """Look only these up: a catalogue may be large."""
        self.of = {
            column: dict(zip(rows.tolist(), catalogue[column].gather(rows).to_list(), strict=True))
            for column in ("director", "cast")
            if column in catalogue.columns
        }

    def shared(self, movie: int, others: Sequence[int]) -> Reason | None:
        """A director, else two or more of the cast, shared with the first of `others` that shares them."""
        wanted: tuple[tuple[Kind, int], ...] = (("director", 1), ("cast", 2))
        for kind, least in wanted:
            people = self.of.get(kind, {})
            own = set(people.get(movie) or [])
            for other in others if own else ():
                both = sorted(own & set(people[other] or []))
                if other != movie and len(both) >= least:
                    return Reason(kind, (other,), names=tuple(both[:2]))
        return None


def _shared_genres(catalogue: pl.DataFrame, movie: int, liked: MovieRows) -> Reason | None:
    """The genres of a movie that at least half of the liked ones have."""
    if not len(liked):
        return None
    often = catalogue["genres"].gather(liked).explode().drop_nulls().value_counts()
    usual = set(often.filter(pl.col("count") * 2 >= len(liked)).to_series(0).to_list())
    shared = sorted(usual & set(catalogue["genres"].gather([movie]).to_list()[0] or []))
    return Reason("genres", names=tuple(shared)) if shared else None
