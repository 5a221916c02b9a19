"""What some models can do besides the contract, as types to ask for with `isinstance`."""

from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from matinee.arrays import Embeddings, Scores
from matinee.data.histories import Histories

By = Literal["content", "cf", "hybrid"]


@runtime_checkable
class HasVectors(Protocol):
    """Movies and users as vectors of one space, whose products order movies for a user."""

    def movie_vectors(self) -> Embeddings:
        """The catalogue: (movies, d)."""
        ...

    def user_vectors(self, histories: Histories) -> Embeddings:
        """The people behind n histories: (n, d)."""
        ...


@runtime_checkable
class SimilarBy(Protocol):
    """Likeness by what a movie is about, by who rated it, or by both."""

    def similar_by(self, movies: npt.NDArray[np.int32], by: By) -> Scores:
        """Likeness of every movie to each of these movie rows: (n,) -> (n, movies)."""
        ...


@runtime_checkable
class PredictsUncertainty(Protocol):
    """How unsure predicted stars are."""

    def predictive_std(self, histories: Histories, movies: npt.NDArray[np.int32]) -> Scores:
        """Standard deviations of the stars that n people would give m movies, in stars: (n, m)."""
        ...


def unit(vectors: Embeddings) -> Embeddings:
    """Vectors at length 1, so that products are cosines; zeros stay: (n, d) -> (n, d)."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
