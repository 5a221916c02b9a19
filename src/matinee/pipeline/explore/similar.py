"""Movies like one movie."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matinee.arrays import Scores
from matinee.data.vocabulary import Id
from matinee.models.capabilities import By, SimilarBy
from matinee.pipeline.engine import Engine


@dataclass(frozen=True)
class SimilarMovie:
    """A movie like another."""

    row: int
    movie_id: Id
    title: str
    year: int | None
    likeness: float  # in the units of the measure: only the order means something
    shared_genres: list[str]
    genre_overlap: float  # of all genres that either has, the share that both have; 0 where unknown

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


def similar(engine: Engine, movie: int, k: int = 10, by: By | None = None) -> list[SimilarMovie]:
    """The k movies most like the movie in row `movie`, by the ranker's own measure, or `by` one kind of likeness.

    Content is what movies are about, cf who rated them, hybrid both. A run of hybrid, as ranker or beside it, has
    learned all three; else content is what the facts of the catalogue say, cf the ranker's measure, and hybrid the
    places in both orders together. What nobody has rated and the ranker cannot place is like others by content alone.
    """
    likeness = _likeness(engine, movie, by)
    likeness[engine.listings_of(np.array([movie]))] = -np.inf
    best = np.argsort(-likeness, kind="stable")
    once = np.sort(
        np.unique(engine.title_groups[best], return_index=True)[1]
    )  # of films listed twice the likelier listing
    rows = best[once][~np.isneginf(likeness[best[once]])][:k].tolist()
    own, *others = (set(genres or []) for genres in engine.movies["genres"].gather([movie, *rows]).to_list())
    found: list[SimilarMovie] = []
    for row, genres in zip(rows, others, strict=True):
        found.append(
            SimilarMovie(
                row=row,
                movie_id=engine.movies["movie_id"][row],
                title=engine.movies["title"][row],
                year=engine.movies["year"][row],
                likeness=round(float(likeness[row]), 6),
                shared_genres=sorted(own & genres),
                genre_overlap=round(len(own & genres) / max(len(own | genres), 1), 3),
            )
        )
    return found


def _likeness(engine: Engine, movie: int, by: By | None) -> Scores:
    """To every movie, -inf for what cannot be said: (movies,)."""
    asked = np.array([movie], dtype=np.int32)
    if by is not None:
        for model in (engine.content, engine.ranker):
            if isinstance(model, SimilarBy):
                return np.array(model.similar_by(asked, by)[0])
    if by == "content":
        return _in_common(engine, movie)
    if not (engine.rated[movie] or engine.ranker.scores_new_movies):
        return np.full(engine.n_movies, -np.inf, dtype=np.float32) if by == "cf" else _in_common(engine, movie)
    own = np.array(engine.ranker.similar(asked)[0])
    return own if by != "hybrid" else _together(engine, movie, _in_common(engine, movie), own)


def _in_common(engine: Engine, movie: int) -> Scores:
    """The sum of the cosines of each kind of fact, -inf where there is no fact that both share: (movies,)."""
    shared = np.asarray(engine.facts @ engine.facts[[movie]].toarray().ravel(), dtype=np.float32)
    return np.where(shared > 0, shared, np.float32(-np.inf))


def _together(engine: Engine, movie: int, *orders: Scores) -> Scores:
    """One over the geometric mean of the places in each order, as standings are joined: 1 for the first in all."""
    others = np.ones(engine.n_movies, dtype=np.bool_)
    others[engine.listings_of(np.array([movie]))] = False
    logs = np.zeros(engine.n_movies)
    for order in orders:
        places = np.empty(engine.n_movies)
        places[np.lexsort((-order, ~others))] = np.arange(1, engine.n_movies + 1)
        logs += np.log(places) / len(orders)
    return np.exp(-logs).astype(np.float32)
