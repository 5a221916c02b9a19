"""What the linear models share: a score is a row that sums up the history, times a matrix of weights."""

from abc import abstractmethod

from matinee.data.histories import Histories
from matinee.models.recommender import Recommender, Scores, State
from matinee.models.sparse import Matrix, pack, unpack


class LinearRecommender(Recommender):
    """A model whose scores are `query(histories) @ weights`."""

    weights: Scores | Matrix  # (query columns, movies), dense or with only each movie's strongest

    @abstractmethod
    def query(self, histories: Histories) -> Matrix:
        """Each history as a sparse row: (n, query columns)."""

    def score(self, histories: Histories) -> Scores:
        """The rows times the weights."""
        self.require_fitted()
        scores = self.query(histories) @ self.weights
        return scores.toarray() if isinstance(scores, Matrix) else scores

    def state(self) -> State:
        """The weights."""
        return pack("weights", self.weights) if isinstance(self.weights, Matrix) else {"weights": self.weights}

    def restore(self, state: State) -> None:
        """Take the weights back."""
        self.weights = state["weights"] if "weights" in state else unpack("weights", state)
