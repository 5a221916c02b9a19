"""The path from a history to an explained list: score, leave out what was seen, keep the best, say why."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.histories import Histories
from matinee.errors import RunError
from matinee.index.top import top_rows
from matinee.models.capabilities import By, SimilarBy
from matinee.models.recommender import Recommender
from matinee.pipeline.explain import reasons

Id = int | str


@dataclass(frozen=True)
class Recommendation:
    """One movie of a list."""

    movie_id: Id
    title: str
    year: int | None
    score: float  # in the model's own units: only the order means something
    predicted_rating: float | None  # stars, from models that predict them
    reasons: list[str]

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


def recommend(model: Recommender, catalogue: pl.DataFrame, history: Histories, k: int = 10) -> list[Recommendation]:
    """The k best movies not in `history` (one history), each with its reasons."""
    scores = model.score(history)
    scores[0, seen_rows(catalogue, history)] = -np.inf
    names = _names(catalogue)
    best = np.lexsort((-scores[0], names))  # of each film the better id
    scores[0, best[1:][names[best][1:] == names[best][:-1]]] = -np.inf
    rows = top_rows(scores, k)[0]
    rows = rows[rows >= 0]
    return _described(model, catalogue, rows.tolist(), scores[0], reasons(model, history, rows, catalogue))


def seen_rows(catalogue: pl.DataFrame, history: Histories) -> npt.NDArray[np.int64]:
    """Rows of the movies in a history, and of the same movies where the catalogue has them twice.

    MovieLens lists some films under two ids ("Chasing Amy" is 246 and 268 of MovieLens 100K).
    """
    name = _names(catalogue)
    return np.flatnonzero(np.isin(name, name[history.movies]))


def _names(catalogue: pl.DataFrame) -> npt.NDArray[np.uint32]:
    """A number for each movie, equal where title and year are: (movies,)."""
    return catalogue.select(pl.struct("title", "year").rank("dense").alias("name"))["name"].to_numpy()


def similar(
    model: Recommender, catalogue: pl.DataFrame, movie: int, k: int = 10, by: By | None = None
) -> list[Recommendation]:
    """The k movies most like the movie in row `movie`, by the model's own measure, with the genres they share.

    A model that can tell them apart may be asked `by` content, cf (who rated them) or hybrid; of another, that
    raises `RunError`.
    """
    if by is None:
        scores = model.similar(np.array([movie], dtype=np.int32))
    elif isinstance(model, SimilarBy):
        scores = model.similar_by(np.array([movie], dtype=np.int32), by)
    else:
        raise RunError(f"{model.name} knows one kind of likeness; expected a run of hybrid to be asked by {by}")
    scores[0, seen_rows(catalogue, Histories.of([[movie]]))] = -np.inf
    rows = [row for row in top_rows(scores, k)[0].tolist() if row >= 0]
    own = set(catalogue["genres"][movie])
    shared = [sorted(own & set(catalogue["genres"][row])) for row in rows]
    why = [[f"also {', '.join(genres)}"] if genres else [] for genres in shared]
    return _described(model, catalogue, rows, scores[0], why)


def _described(
    model: Recommender, catalogue: pl.DataFrame, rows: list[int], scores: np.ndarray, why: list[list[str]]
) -> list[Recommendation]:
    return [
        Recommendation(
            movie_id=catalogue["movie_id"][row],
            title=catalogue["title"][row],
            year=catalogue["year"][row],
            score=round(float(scores[row]), 6),
            predicted_rating=round(float(scores[row]), 2) if model.predicts_ratings else None,
            reasons=one_why,
        )
        for row, one_why in zip(rows, why, strict=True)
    ]
