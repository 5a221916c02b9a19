"""The base of linear models: a score is a sparse row made from the history, times a matrix of weights."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from matinee.arrays import AnyFloats, Indices, MovieRows, Scores
from matinee.data.histories import GAP, Histories
from matinee.models.linear.head_tail import HeadTail
from matinee.models.linear.sparse import Matrix, pack, unpack, user_movie_matrix
from matinee.models.recommender import Recommender, State


class LinearRecommender(Recommender):
    """A model whose scores are `query(histories) @ weights`.

    A query has one column per movie, or several such parts side by side that weigh the same history in other ways.
    """

    weights: Scores | Matrix | HeadTail  # (parts * movies, movies): dense, sparse, or both

    @abstractmethod
    def entry_weights(self, histories: Histories) -> Sequence[AnyFloats | None]:
        """Return the weight of each entry in each part of the query: (entries,) per part, None for all ones."""

    def query(self, histories: Histories) -> Matrix:
        """Return each history as a sparse row: (n, parts * movies)."""
        parts = [user_movie_matrix(histories, self.n_movies, weights) for weights in self.entry_weights(histories)]
        query = parts[0] if len(parts) == 1 else Matrix(sparse.hstack(parts))
        query.eliminate_zeros()
        return query

    def score(self, histories: Histories) -> Scores:
        """Multiply queries by the weights."""
        self.require_fitted()
        query = self.query(histories)
        return self.weights.product(query) if isinstance(self.weights, HeadTail) else _dense(query @ self.weights)

    def contributions(self, history: Histories, entries: Indices, movies: MovieRows | None = None) -> Scores:
        """Return the share of each of `entries` (n,) of one history in the score of all or these movies: (n, movies).

        The shares of all entries add up to the score, to the precision of float32.
        """
        self.require_fitted()
        rows = history.movies[entries]
        total = np.zeros((len(entries), self.n_movies if movies is None else len(movies)), dtype=np.float32)
        for part, weight in enumerate(self.entry_weights(history)):
            weight_rows = self._rows(part * self.n_movies + np.where(rows == GAP, 0, rows), movies)
            entry_weight = np.ones(len(rows), dtype=np.float32) if weight is None else weight[entries]
            total += np.where(rows == GAP, 0, entry_weight).astype(np.float32)[:, None] * weight_rows
        return total

    def score_without(self, history: Histories, entries: Indices, movies: MovieRows | None = None) -> Scores:
        """Subtract the contribution of each entry from the score."""
        if movies is None:
            return self.score(history)[0] - self.contributions(history, entries)
        contributions = self.contributions(history, np.arange(len(history.movies)), movies)  # (m, movies)
        return contributions.sum(axis=0) - contributions[entries]

    def state(self) -> State:
        """Return the weights."""
        if isinstance(self.weights, HeadTail):
            return self.weights.state()
        return pack("weights", self.weights) if isinstance(self.weights, Matrix) else {"weights": self.weights}

    def restore(self, state: State) -> None:
        """Take over the weights."""
        if "block" in state:
            self.weights = HeadTail.from_state(state)
        else:
            self.weights = state["weights"] if "weights" in state else unpack("weights", state)

    def _rows(self, rows: Indices, movies: MovieRows | None) -> Scores:
        """Return rows (n,) of the weights, or of their columns `movies`."""
        if isinstance(self.weights, HeadTail):
            return self.weights.rows(rows, movies)
        if movies is None:
            return _dense(self.weights[rows])
        selected = (
            self.weights[rows][:, movies] if isinstance(self.weights, Matrix) else self.weights[np.ix_(rows, movies)]
        )
        return _dense(selected)


def _dense(scores: Any) -> Scores:
    return scores.toarray() if sparse.issparse(scores) else scores
