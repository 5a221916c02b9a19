"""Movies that fans of a movie also liked, from the ratings themselves, without a model.

A user likes a movie that they rate at least their median and in the upper half of the scale; without ratings, every
movie in the history. Of N users who like any movie, f like the given movie, its fans; n_j like movie j, and c_j of
them are fans. If the two likes were independent, about f p_j of the fans would like j, with p_j = n_j / N. Movies are
ordered by the difference in standard deviations:

    (c_j - f p_j) / sqrt(f p_j (1 - p_j) + 3)

Without the 3 this is a Pearson residual, and the order that of the correlation of the two likes (the phi coefficient).
With it, a movie counts only if more than a few fans like it or are expected to. So the order gives neither the same ten
famous movies for every movie, as c_j does, nor movies that two users like, as the lift c_j / (f p_j) does.

For one user, fans with a similar taste count more: the weight w_u is the cosine of the likes of the user and the fan,
the usual weight of neighbourhood models. Then c_j is a sum of weights, scaled so that f is the effective number of
fans, (sum w)^2 / sum w^2 (Kish, "Survey sampling", 1965). A power of the cosine predicts more of what the user will
like, but depends less and less on the given movie: at the fourth power the list is what similar users like, whichever
movie was given.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matinee.arrays import Floats
from matinee.data.dataset import Dataset
from matinee.data.histories import GAP, Histories, offsets_of
from matinee.data.vocabulary import Id
from matinee.errors import ConfigError
from matinee.index.top import top_rows
from matinee.models.linear.sparse import Matrix
from matinee.pipeline.feedback_rules import clearly_liked_entries
from matinee.pipeline.movie_identity import MovieIdentity

_MIN_FANS = 3  # who like a listed movie; fewer are not "people"
_SMOOTHING = 3.0  # likes, added to the variance


@dataclass(frozen=True)
class AlsoLiked:
    """A movie that fans of another one like more often than all users do.

    As a sentence: `liked_by` of the `fans` of that movie also liked this one; among all users it is `share`.
    """

    row: int
    movie_id: Id
    title: str
    year: int | None
    liked_by: int  # of the fans
    fans: int  # users who like the given movie
    share: float  # of the users who like any movie, 0-1

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


class LikesIndex:
    """Which users of a dataset liked which movies. All listings of a movie count as one group."""

    def __init__(self, dataset: Dataset):
        """Read all ratings once."""
        self.movies, self.scale = dataset.movies, dataset.scale
        self.groups = MovieIdentity.groups(dataset.movies)  # (movies,)
        by_count = np.lexsort((-np.arange(dataset.n_movies), dataset.counts))
        self.group_rows = np.zeros(int(self.groups.max(initial=-1)) + 1, dtype=np.int64)  # (groups,) most-rated listing
        self.group_rows[self.groups[by_count]] = by_count  # the last of several assignments stays
        self.by_user = self._matrix(dataset.histories)  # (users, groups) 1 where liked
        self.by_group = Matrix(self.by_user.T)
        self.like_counts = np.diff(self.by_group.indptr)  # (groups,) users who like it
        self.n_users = int(np.count_nonzero(np.diff(self.by_user.indptr)))  # who like any movie

    def also_liked(self, movie: int, k: int = 10, near: Histories | None = None) -> list[AlsoLiked]:
        """At most k movies that fans of the movie in row `movie` like more than all users do, the strongest first.

        `near` is one history: fans with a similar taste count more, and its movies are left out. Raises `ConfigError`
        if it is not exactly one.
        """
        if near is not None and len(near) != 1:
            raise ConfigError(f"near takes one history, not {len(near)}.")
        group = int(self.groups[movie])
        fans = self.by_group.indices[self.by_group.indptr[group] : self.by_group.indptr[group + 1]]
        fan_likes = self.by_user[fans]  # (fans, groups)
        counts = np.bincount(fan_likes.indices, minlength=len(self.group_rows))  # (groups,)
        share = self.like_counts / max(self.n_users, 1)
        allowed = (counts >= _MIN_FANS) & (counts > len(fans) * share)
        allowed[group] = False
        weights = np.ones(len(fans))
        if near is not None:
            allowed[self.groups[near.movies[near.movies != GAP]]] = False
            weights = self._weights(fan_likes, near)
        residuals = _residuals(fan_likes, weights, share)
        residuals[~allowed | (residuals <= 0)] = -np.inf
        best = top_rows(residuals.astype(np.float32)[None], k)[0]
        return [self._describe(group, int(counts[group]), len(fans)) for group in best[best >= 0].tolist()]

    def _weights(self, fan_likes: Matrix, near: Histories) -> Floats:
        """The weight of each fan for the user of `near`: (fans,), all 1 if no fan has a similar taste.

        A fan who likes only movies of `near` weighs 0: the user may be in the dataset, and is most similar to itself.
        """
        liked, unseen = np.zeros(len(self.group_rows)), np.ones(len(self.group_rows))
        liked[self._matrix(near).indices] = 1
        unseen[self.groups[near.movies[near.movies != GAP]]] = 0
        cosines = (fan_likes @ liked) / np.sqrt(np.diff(fan_likes.indptr) * max(liked.sum(), 1))
        weights = np.where(fan_likes @ unseen > 0, cosines, 0)
        return weights if weights.any() else np.ones(len(weights))

    def _matrix(self, histories: Histories) -> Matrix:
        """1 where a user likes a movie: (histories, groups)."""
        liked = clearly_liked_entries(histories, self.scale)
        groups = self.groups[histories.movies[liked]].astype(np.int32)
        offsets = offsets_of(liked)[histories.offsets]
        shape = (len(histories), len(self.group_rows))
        matrix = Matrix((np.ones(len(groups), dtype=np.float32), groups, offsets), shape=shape)
        matrix.sum_duplicates()
        matrix.data[:] = 1  # also for a user who likes two listings of one movie
        return matrix

    def _describe(self, group: int, liked_by: int, fans: int) -> AlsoLiked:
        row = int(self.group_rows[group])
        return AlsoLiked(
            row=row,
            movie_id=self.movies["movie_id"][row],
            title=self.movies["title"][row],
            year=self.movies["year"][row],
            liked_by=liked_by,
            fans=fans,
            share=round(float(self.like_counts[group]) / self.n_users, 6),
        )


def _residuals(fan_likes: Matrix, weights: Floats, share: Floats) -> Floats:
    """The difference of the weighted fans from all users, in standard deviations: (groups,)."""
    fans = weights.sum() ** 2 / max((weights**2).sum(), 1e-300)  # the effective number
    entry_weights = np.repeat(weights * fans / max(weights.sum(), 1e-300), np.diff(fan_likes.indptr))
    expected = fans * share
    counts = np.bincount(fan_likes.indices, entry_weights, minlength=len(share))
    return (counts - expected) / np.sqrt(expected * (1 - share) + _SMOOTHING)
