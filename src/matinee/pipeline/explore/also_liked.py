"""People who liked this also liked: from the ratings themselves, without a model.

A person likes what they rate at least as high as they usually do (their median) and in the upper half of the scale;
where there are no ratings, everything they watched. Of N people who like anything, f like the movie asked about, its
fans; n_j like movie j, and c_j of them are fans. If being a fan said nothing of j, about f p_j of the fans would like
it, with p_j = n_j / N. Movies are ordered by how far the fans are from that, in standard deviations:

    (c_j - f p_j) / sqrt(f p_j (1 - p_j) + 3)

Without the 3 it is a Pearson residual, and the order that of the correlation of the two likes (the phi coefficient).
With it a movie has to be expected more than a few times, or liked far more than a few times, before it counts: so the
order gives neither the same ten famous movies for everything, as c_j does, nor what two people liked, as the lift
c_j / (f p_j) does.

For one person, fans count the more the nearer they are in taste: the weight w_u is the cosine of what the person
likes and what the fan likes, the usual weight of neighbourhood models. Then c_j is a sum of weights, scaled so that f
is the number of equal fans that would say as much, (sum w)^2 / sum w^2 (Kish, "Survey sampling", 1965). A power of the
cosine foretells more of what the person will like, and less and less of it because of the movie asked about: by the
fourth power the list is what somebody like this person likes, whatever was asked.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from matinee.arrays import Floats, Mask
from matinee.data.dataset import Dataset
from matinee.data.histories import GAP, Histories, offsets_of
from matinee.data.vocabulary import Id
from matinee.errors import ConfigError
from matinee.index.top import top_rows
from matinee.models.linear.sparse import Matrix

_FEWEST = 3  # fans who liked a movie that may be named: fewer are not "people"
_UNSURE = 3.0  # likes, added to the variance


@dataclass(frozen=True)
class AlsoLiked:
    """A movie that fans of another one like more often than everybody does.

    In a sentence: `liked_by` of the `fans` who liked that one liked it too; among everybody it is `share`.
    """

    row: int
    movie_id: Id
    title: str
    year: int | None
    liked_by: int  # of the fans
    fans: int  # people who liked the movie asked about
    share: float  # of everybody who likes anything, how many like it, 0-1

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


class LikesIndex:
    """Who of a dataset liked what. A film that is listed more than once is one: whoever liked any listing likes it."""

    def __init__(self, dataset: Dataset):
        """Look through all ratings once."""
        self.movies, self.scale = dataset.movies, dataset.scale
        films = dataset.movies.select(pl.struct("title", "year").rank("dense").alias("film"))["film"].to_numpy()
        self.film = films.astype(np.int64) - 1  # (movies,) its film
        by_counts = np.lexsort((-np.arange(dataset.n_movies), dataset.counts))
        self.row = np.zeros(int(self.film.max(initial=-1)) + 1, dtype=np.int64)  # (films,) the most-rated listing
        self.row[self.film[by_counts]] = by_counts  # of several, the last stays
        self.by_person = self._matrix(dataset.histories)  # (people, films) 1 where liked
        self.by_film = Matrix(self.by_person.T)
        self.liked = np.diff(self.by_film.indptr)  # (films,) people who like it
        self.people = int(np.count_nonzero(np.diff(self.by_person.indptr)))  # who like anything

    def also_liked(self, movie: int, k: int = 10, near: Histories | None = None) -> list[AlsoLiked]:
        """The k movies that the fans of the movie in row `movie` like most above everybody, best first; or fewer.

        `near` is one history, that of the person who asks: fans near to them count more, and what they have seen is
        left out. Raises `ConfigError` if it is not exactly one.
        """
        if near is not None and len(near) != 1:
            raise ConfigError(f"fans are weighed for one history, and {len(near)} were given")
        asked = int(self.film[movie])
        fans = self.by_film.indices[self.by_film.indptr[asked] : self.by_film.indptr[asked + 1]]
        theirs = self.by_person[fans]  # (fans, films)
        counts = np.bincount(theirs.indices, minlength=len(self.row))  # (films,)
        share = self.liked / max(self.people, 1)
        allowed = (counts >= _FEWEST) & (counts > len(fans) * share)
        allowed[asked] = False
        weights = np.ones(len(fans))
        if near is not None:
            allowed[self.film[near.movies[near.movies != GAP]]] = False
            weights = self._weights(theirs, near)
        residuals = _residuals(theirs, weights, share)
        residuals[~allowed | (residuals <= 0)] = -np.inf
        best = top_rows(residuals.astype(np.float32)[None], k)[0]
        return [self._described(film, int(counts[film]), len(fans)) for film in best[best >= 0].tolist()]

    def _weights(self, theirs: Matrix, near: Histories) -> Floats:
        """What each fan counts for the person of `near`: (fans,), all the same where nobody is near.

        Nothing, if all that the fan likes is seen already: the person may be in the data, and is nearest to themself.
        """
        mine, unseen = np.zeros(len(self.row)), np.ones(len(self.row))
        mine[self._matrix(near).indices] = 1
        unseen[self.film[near.movies[near.movies != GAP]]] = 0
        cosines = (theirs @ mine) / np.sqrt(np.diff(theirs.indptr) * max(mine.sum(), 1))
        weights = np.where(theirs @ unseen > 0, cosines, 0)
        return weights if weights.any() else np.ones(len(weights))

    def _matrix(self, histories: Histories) -> Matrix:
        """1 where one of these people likes a film: (histories, films)."""
        liked = liked_mask(histories, self.scale)
        films = self.film[histories.movies[liked]].astype(np.int32)
        offsets = offsets_of(liked)[histories.offsets]
        matrix = Matrix((np.ones(len(films), dtype=np.float32), films, offsets), shape=(len(histories), len(self.row)))
        matrix.sum_duplicates()
        matrix.data[:] = 1  # where somebody likes two listings of one film
        return matrix

    def _described(self, film: int, liked_by: int, fans: int) -> AlsoLiked:
        row = int(self.row[film])
        return AlsoLiked(
            row=row,
            movie_id=self.movies["movie_id"][row],
            title=self.movies["title"][row],
            year=self.movies["year"][row],
            liked_by=liked_by,
            fans=fans,
            share=round(float(self.liked[film]) / self.people, 6),
        )


def liked_mask(histories: Histories, scale: tuple[float, float]) -> Mask:
    """Entries rated at least as high as their person's median, and in the upper half of the scale: (entries,).

    Where there are no ratings, all of them. Gaps are never liked.
    """
    real = histories.movies != GAP
    stars = histories.ratings
    if stars is None:
        return real
    owner = histories.owner
    low, high = float(stars.min(initial=0)), float(stars.max(initial=0))
    # One number that sorts by person, then by stars: two keys take numpy several times as long.
    standing = owner + (stars - low) / (2 * max(high - low, 1))
    lengths = np.bincount(owner[real], minlength=len(histories))
    some = lengths > 0
    middle = np.cumsum(lengths) - lengths + lengths // 2  # the upper one where there are two: nothing lies between
    medians = np.full(len(histories), np.inf)
    medians[some] = np.sort(standing[real])[middle[some]]
    return real & (standing >= medians[owner]) & (stars > sum(scale) / 2)


def _residuals(theirs: Matrix, weights: Floats, share: Floats) -> Floats:
    """How far the weighted fans are from everybody, in standard deviations: (films,)."""
    fans = weights.sum() ** 2 / max((weights**2).sum(), 1e-300)  # as many as count alike
    each = np.repeat(weights * fans / max(weights.sum(), 1e-300), np.diff(theirs.indptr))
    expected = fans * share
    counts = np.bincount(theirs.indices, each, minlength=len(share))
    return (counts - expected) / np.sqrt(expected * (1 - share) + _UNSURE)
