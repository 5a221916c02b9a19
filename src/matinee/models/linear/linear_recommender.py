"""What the linear models share: a score is a row that sums up the history, times a matrix of weights."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matinee.arrays import AnyFloats, Scores
from matinee.data.histories import GAP, Histories
from matinee.models.linear.head_tail import HeadTail
from matinee.models.linear.sparse import Matrix, pack, unpack, user_movie_matrix
from matinee.models.recommender import Recommender, State


class LinearRecommender(Recommender):
    """A model whose scores are `query(histories) @ weights`.

    A query has one column per movie, or several such parts side by side, each a way of looking at the same history.
    """

    weights: Scores | Matrix | HeadTail  # (parts * movies, movies), dense, with each movie's strongest, or both

    @abstractmethod
    def entry_weights(self, histories: Histories) -> Sequence[AnyFloats | None]:
        """What each entry weighs in each part of the query: (entries,) for each part, None for all ones."""

    def query(self, histories: Histories) -> Matrix:
        """Each history as a sparse row: (n, parts * movies)."""
        parts = [user_movie_matrix(histories, self.n_movies, weights) for weights in self.entry_weights(histories)]
        query = parts[0] if len(parts) == 1 else Matrix(sparse.hstack(parts))
        query.eliminate_zeros()
        return query

    def score(self, histories: Histories) -> Scores:
        """The rows times the weights."""
        self.require_fitted()
        query = self.query(histories)
        return self.weights.product(query) if isinstance(self.weights, HeadTail) else _dense(query @ self.weights)

    def contributions(
        self, history: Histories, entries: npt.NDArray[np.int64], movies: npt.NDArray[np.int32] | None = None
    ) -> Scores:
        """What each of `entries` (n,) of one history adds to the score of each movie, or of `movies`: (n, movies).

        Over all entries they add up to the score, to the precision of float32.
        """
        self.require_fitted()
        rows = history.movies[entries]
        total = np.zeros((len(entries), self.n_movies if movies is None else len(movies)), dtype=np.float32)
        for part, weight in enumerate(self.entry_weights(history)):
            found = self._rows(part * self.n_movies + np.where(rows == GAP, 0, rows), movies)
            each = np.ones(len(rows), dtype=np.float32) if weight is None else weight[entries]
            total += np.where(rows == GAP, 0, each).astype(np.float32)[:, None] * found
        return total

    def score_without(
        self, history: Histories, entries: npt.NDArray[np.int64], movies: npt.NDArray[np.int32] | None = None
    ) -> Scores:
        """The score less what each entry adds to it; of few movies, the score is summed up from the entries too."""
        if movies is None:
            return self.score(history)[0] - self.contributions(history, entries)
        added = self.contributions(history, np.arange(len(history.movies)), movies)  # (m, movies)
        return added.sum(axis=0) - added[entries]

    def state(self) -> State:
        """The weights."""
        if isinstance(self.weights, HeadTail):
            return self.weights.state()
        return pack("weights", self.weights) if isinstance(self.weights, Matrix) else {"weights": self.weights}

    def restore(self, state: State) -> None:
        """Take the weights back."""
        if "block" in state:
            self.weights = HeadTail.restored(state)
        else:
            self.weights = state["weights"] if "weights" in state else unpack("weights", state)

    def _rows(self, rows: npt.NDArray[np.int64], movies: npt.NDArray[np.int32] | None) -> Scores:
        """Some rows (n,) of the weights, or of their columns `movies`."""
        if isinstance(self.weights, HeadTail):
            return self.weights.rows(rows, movies)
        if movies is None:
            return _dense(self.weights[rows])
        some = self.weights[rows][:, movies] if isinstance(self.weights, Matrix) else self.weights[np.ix_(rows, movies)]
        return _dense(some)


def _dense(scores: Any) -> Scores:
    return scores.toarray() if sparse.issparse(scores) else scores
