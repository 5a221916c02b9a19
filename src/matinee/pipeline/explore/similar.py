"""Movies similar to one movie."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matinee.arrays import Scores
from matinee.data.vocabulary import Id
from matinee.models.capabilities import SimilarBy, SimilarityKind
from matinee.pipeline.engine import Engine


@dataclass(frozen=True)
class SimilarMovie:
    """A movie similar to another one."""

    row: int
    movie_id: Id
    title: str
    year: int | None
    similarity: float  # in the units of the measure: only the order means something
    shared_genres: list[str]
    genre_overlap: float  # the shared genres over all genres of the two movies; 0 without genres

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


def find_similar(engine: Engine, movie: int, k: int = 10, by: SimilarityKind | None = None) -> list[SimilarMovie]:
    """The k movies most similar to the movie in row `movie`, by the ranker's own measure or `by` a kind of similarity.

    Content compares what movies are about, cf who rated them, hybrid both. A run of hybrid, as ranker or content model,
    has learned all three. Otherwise content compares the facts of the catalogue, cf is the ranker's measure, and hybrid
    combines the ranks in both orders. A movie without ratings that the ranker cannot score is compared by content only.
    """
    similarity = _similarity(engine, movie, by)
    similarity[engine.listings_of(np.array([movie]))] = -np.inf
    best = np.argsort(-similarity, kind="stable")
    best = best[engine.identity.first_listings(best)]  # of a movie listed twice, the more similar listing
    rows = best[~np.isneginf(similarity[best])][:k].tolist()
    own, *others = (set(genres or []) for genres in engine.movies["genres"].gather([movie, *rows]).to_list())
    return [
        SimilarMovie(
            row=row,
            movie_id=engine.movies["movie_id"][row],
            title=engine.movies["title"][row],
            year=engine.movies["year"][row],
            similarity=round(float(similarity[row]), 6),
            shared_genres=sorted(own & genres),
            genre_overlap=round(len(own & genres) / max(len(own | genres), 1), 3),
        )
        for row, genres in zip(rows, others, strict=True)
    ]


def _similarity(engine: Engine, movie: int, by: SimilarityKind | None) -> Scores:
    """The similarity of every movie to one, -inf where it is unknown: (movies,)."""
    row = np.array([movie], dtype=np.int32)
    if by is not None:
        for model in (engine.content_model, engine.ranker):
            if isinstance(model, SimilarBy):
                return np.array(model.similar_by(row, by)[0])
    if by == "content":
        return _content_similarity(engine, movie)
    if not (engine.rating_counts[movie] or engine.ranker.scores_new_movies):
        if by == "cf":
            return np.full(engine.n_movies, -np.inf, dtype=np.float32)
        return _content_similarity(engine, movie)
    own = np.array(engine.ranker.similar(row)[0])
    return own if by != "hybrid" else _combined(engine, movie, _content_similarity(engine, movie), own)


def _content_similarity(engine: Engine, movie: int) -> Scores:
    """The sum of the cosines of each kind of fact, -inf without a shared fact: (movies,)."""
    shared = np.asarray(engine.facts @ engine.facts[[movie]].toarray().ravel(), dtype=np.float32)
    return np.where(shared > 0, shared, np.float32(-np.inf))


def _combined(engine: Engine, movie: int, *similarities: Scores) -> Scores:
    """One over the geometric mean of a movie's ranks by each similarity; 1 for a movie ranked first by all."""
    others = np.ones(engine.n_movies, dtype=np.bool_)
    others[engine.listings_of(np.array([movie]))] = False
    logs = np.zeros(engine.n_movies)
    for similarity in similarities:
        ranks = np.empty(engine.n_movies)
        ranks[np.lexsort((-similarity, ~others))] = np.arange(1, engine.n_movies + 1)
        logs += np.log(ranks) / len(similarities)
    return np.exp(-logs).astype(np.float32)
