"""People near in taste, by the vectors a model keeps of them."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matinee.arrays import Embeddings
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.vocabulary import Id
from matinee.errors import RunError
from matinee.index.top import top_rows
from matinee.models.capabilities import HasVectors, unit
from matinee.models.recommender import Recommender
from matinee.pipeline.explain.reasons import liked_entries
from matinee.progress import track

_BLOCK = 1024  # histories turned into vectors at a time
_TITLES = 3  # named of what both liked


@dataclass(frozen=True)
class SimilarUser:
    """Somebody near in taste."""

    user_id: Id
    likeness: float  # cosine of the two vectors
    rated: int  # movies they rated
    rated_by_both: int
    liked_by_both: list[str]  # titles, the least-known first: what is rarely liked says most

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


def similar_users(model: Recommender, dataset: Dataset, user: int, k: int = 10) -> list[SimilarUser]:
    """The k users of `dataset` nearest to the one in row `user`, best first.

    Raises `RunError` for a model that keeps no vectors of users.
    """
    if not isinstance(model, HasVectors):
        raise RunError(
            f"{model.name} keeps no vectors of users; expected a run of a model that does, such as bayes_mf, dssm, "
            "text_cnn or sasrec"
        )
    histories = dataset.histories
    vectors = unit(_vectors(model, histories))  # (users, d)
    likeness = vectors[user] @ vectors.T  # (users,)
    likeness[(histories.lengths == 0) | (np.arange(len(likeness)) == user)] = -np.inf
    rows = [row for row in top_rows(likeness[None], k)[0].tolist() if row >= 0]
    return [_described(dataset, user, row, float(likeness[row])) for row in rows]


def _vectors(model: HasVectors, histories: Histories) -> Embeddings:
    starts = range(0, len(histories), _BLOCK)
    blocks = (histories.block(start, start + _BLOCK) for start in track(starts, "turning users into vectors"))
    return np.concatenate([model.user_vectors(block) for block in blocks])


def _described(dataset: Dataset, user: int, other: int, likeness: float) -> SimilarUser:
    two = dataset.histories_of(np.array([user, other], dtype=np.int32))
    mine, theirs = two.block(0, 1), two.block(1, 2)
    liked = np.intersect1d(mine.movies[liked_entries(mine)], theirs.movies[liked_entries(theirs)])
    rarest = liked[np.argsort(dataset.counts[liked], kind="stable")][:_TITLES]
    return SimilarUser(
        user_id=dataset.user_ids.ids[other].item(),
        likeness=round(likeness, 6),
        rated=len(theirs.movies),
        rated_by_both=len(np.intersect1d(mine.movies, theirs.movies)),
        liked_by_both=[str(title) for title in dataset.movies["title"].gather(rarest)],
    )
