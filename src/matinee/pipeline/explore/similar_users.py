"""Users with a similar taste, by the vectors a model has of them."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matinee.arrays import Embeddings
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.vocabulary import Id
from matinee.errors import RunError
from matinee.index.top import top_rows
from matinee.models.capabilities import HasVectors, unit_rows
from matinee.models.recommender import Recommender
from matinee.pipeline.feedback_rules import liked_entries
from matinee.progress import track

_BLOCK = 1024  # histories turned into vectors at a time
_TITLES = 3  # named of the movies that both liked


@dataclass(frozen=True)
class SimilarUser:
    """A user with a similar taste."""

    user_id: Id
    similarity: float  # cosine of the two vectors
    rated: int  # movies
    rated_by_both: int
    liked_by_both: list[str]  # titles, the least popular first: they say most

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


def find_similar_users(model: Recommender, dataset: Dataset, user: int, k: int = 10) -> list[SimilarUser]:
    """The k users of `dataset` most similar to the one in row `user`, best first.

    Raises `RunError` for a model without user vectors.
    """
    if not isinstance(model, HasVectors):
        raise RunError(
            f"{model.name} has no user vectors. Use a run of a model that has them, such as bayes_mf, dssm, text_cnn "
            "or sasrec."
        )
    histories = dataset.histories
    vectors = unit_rows(_user_vectors(model, histories))  # (users, d)
    similarity = vectors[user] @ vectors.T  # (users,)
    similarity[(histories.lengths == 0) | (np.arange(len(similarity)) == user)] = -np.inf
    rows = [row for row in top_rows(similarity[None], k)[0].tolist() if row >= 0]
    return [_describe(dataset, user, row, float(similarity[row])) for row in rows]


def _user_vectors(model: HasVectors, histories: Histories) -> Embeddings:
    starts = range(0, len(histories), _BLOCK)
    blocks = (histories.block(start, start + _BLOCK) for start in track(starts, "turning users into vectors"))
    return np.concatenate([model.user_vectors(block) for block in blocks])


def _describe(dataset: Dataset, user: int, other: int, similarity: float) -> SimilarUser:
    histories = dataset.histories_of(np.array([user, other], dtype=np.int32))
    own, others = histories.block(0, 1), histories.block(1, 2)
    liked = np.intersect1d(own.movies[liked_entries(own)], others.movies[liked_entries(others)])
    rarest = liked[np.argsort(dataset.counts[liked], kind="stable")][:_TITLES]
    return SimilarUser(
        user_id=dataset.user_ids.ids[other].item(),
        similarity=round(similarity, 6),
        rated=len(others.movies),
        rated_by_both=len(np.intersect1d(own.movies, others.movies)),
        liked_by_both=[str(title) for title in dataset.movies["title"].gather(rarest)],
    )
