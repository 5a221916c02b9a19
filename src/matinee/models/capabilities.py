"""Optional capabilities of models, as protocols for `isinstance`."""

from typing import Literal, Protocol, runtime_checkable

import numpy as np

from matinee.arrays import Embeddings, MovieRows, Scores
from matinee.data.histories import Histories
from matinee.training.curves import Curve

SimilarityKind = Literal["content", "cf", "hybrid"]


@runtime_checkable
class HasVectors(Protocol):
    """Movies and users as vectors of one space. Their dot products rank movies for a user."""

    def movie_vectors(self) -> Embeddings:
        """Return the vectors of the catalogue: (movies, d)."""
        ...

    def user_vectors(self, histories: Histories) -> Embeddings:
        """Return the vectors of the users of n histories: (n, d)."""
        ...


@runtime_checkable
class SimilarBy(Protocol):
    """Similarity by content, by ratings, or by both."""

    def similar_by(self, movies: MovieRows, by: SimilarityKind) -> Scores:
        """Return the similarity of every movie to each of these: (n,) -> (n, movies)."""
        ...


@runtime_checkable
class PredictsUncertainty(Protocol):
    """The uncertainty of predicted ratings."""

    def predictive_std(self, histories: Histories, movies: MovieRows) -> Scores:
        """Return standard deviations of the ratings that n users would give m movies: (n, m), in the rating scale."""
        ...


@runtime_checkable
class TrainsInEpochs(Protocol):
    """A record of the last fit, epoch by epoch."""

    curve: Curve  # one entry per epoch; empty before a fit
    best_epoch: int | None  # from 0: the epoch whose weights were kept; None without validation


def unit_rows(vectors: Embeddings) -> Embeddings:
    """Scale vectors to length 1, so that products are cosines. Zeros stay: (n, d) -> (n, d)."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
