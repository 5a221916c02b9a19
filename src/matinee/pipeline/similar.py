"""Movies like one movie."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matinee.data.vocabulary import Id
from matinee.errors import RunError
from matinee.models.capabilities import By, SimilarBy
from matinee.models.recommender import Scores
from matinee.pipeline.cinema import Cinema


@dataclass(frozen=True)
class SimilarMovie:
    """A movie like another."""

    row: int
    movie_id: Id
    title: str
    year: int | None
    likeness: float  # in the model's own units
    shared_genres: list[str]
    genre_overlap: float  # of all genres that either has, the share that both have; 0 where unknown

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


def similar(cinema: Cinema, movie: int, k: int = 10, by: By | None = None) -> list[SimilarMovie]:
    """The k movies most like the movie in row `movie`, by the ranker's own measure, or `by` one kind of likeness.

    Content is what movies are about, cf who rated them, hybrid both. Raises `RunError` if no model of the cinema can
    tell these apart.
    """
    likeness = _likeness(cinema, movie, by)
    likeness[cinema.same_films(np.array([movie]))] = -np.inf
    best = np.argsort(-likeness, kind="stable")
    once = np.sort(np.unique(cinema.names[best], return_index=True)[1])  # of films listed twice the likelier listing
    rows = [row for row in best[once].tolist() if not np.isneginf(likeness[row])][:k]
    own, *others = (set(genres or []) for genres in cinema.movies["genres"].gather([movie, *rows]).to_list())
    found: list[SimilarMovie] = []
    for row, genres in zip(rows, others, strict=True):
        found.append(
            SimilarMovie(
                row=row,
                movie_id=cinema.movies["movie_id"][row],
                title=cinema.movies["title"][row],
                year=cinema.movies["year"][row],
                likeness=round(float(likeness[row]), 6),
                shared_genres=sorted(own & genres),
                genre_overlap=round(len(own & genres) / max(len(own | genres), 1), 3),
            )
        )
    return found


def _likeness(cinema: Cinema, movie: int, by: By | None) -> Scores:
    asked = np.array([movie], dtype=np.int32)
    if by is None:
        return np.array(cinema.ranker.similar(asked)[0])
    for model in (cinema.content, cinema.ranker):
        if isinstance(model, SimilarBy):
            return np.array(model.similar_by(asked, by)[0])
    raise RunError(f"{cinema.ranker.name} knows one kind of likeness; expected a run of hybrid to be asked by {by}")
