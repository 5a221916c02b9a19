"""The one thing every reader returns and every model learns from."""

import hashlib
import io
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.histories import Histories, offsets_of
from matinee.data.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Ratings:
    """Columns of equal length n, ordered by user and, within a user, oldest first (equal times keep file order)."""

    user: npt.NDArray[np.int32]  # (n,) user rows
    movie: npt.NDArray[np.int32]  # (n,) movie rows
    rating: npt.NDArray[np.float32] | None  # (n,) None where only "watched" is known
    timestamp: npt.NDArray[np.int64] | None  # (n,) seconds; None where no order is known

    def __len__(self) -> int:
        return len(self.user)

    def keep(self, mask: npt.NDArray[np.bool_]) -> "Ratings":
        """The ratings where `mask` (n,) is true, in the same order."""
        return Ratings(
            self.user[mask],
            self.movie[mask],
            None if self.rating is None else self.rating[mask],
            None if self.timestamp is None else self.timestamp[mask],
        )

    def ordered(self) -> "Ratings":
        """Sorted by user, then time; the sort is stable, so equal timestamps keep the order they came in."""
        keys = (self.user,) if self.timestamp is None else (self.timestamp, self.user)
        order = np.lexsort(keys)
        return Ratings(
            self.user[order],
            self.movie[order],
            None if self.rating is None else self.rating[order],
            None if self.timestamp is None else self.timestamp[order],
        )


@dataclass(frozen=True, eq=False)
class Dataset:
    """Ratings, movies, users, and the two vocabularies that turn outside ids into rows.

    `movies` has one row per movie row with at least `movie_id`, `title`, `year` and `genres` (a list of
    names); `users`, where known, one row per user row with `user_id` and what else the files said.
    """

    name: str
    ratings: Ratings
    movies: pl.DataFrame
    users: pl.DataFrame | None
    user_ids: Vocabulary
    movie_ids: Vocabulary
    scale: tuple[float, float] = (0.5, 5.0)  # the lowest and highest rating that can be given
    posters: Path | None = None  # folder of <movie_id>.jpg
    anonymous: bool = False  # its users are, or may be, others than those a model has met under the same rows

    @property
    def n_users(self) -> int:
        """Users in the vocabulary, whether or not they have ratings in this part."""
        return len(self.user_ids)

    @property
    def n_movies(self) -> int:
        """Movies in the catalogue, whether or not anybody rated them."""
        return len(self.movie_ids)

    @property
    def has_order(self) -> bool:
        """Whether it is known what a user rated before what."""
        return self.ratings.timestamp is not None

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """Ratings of each movie: (movies,)."""
        return np.bincount(self.ratings.movie, minlength=self.n_movies)

    @cached_property
    def user_features(self) -> pl.DataFrame:
        """What is known of the user in each row, with that `row`: (users,), as histories carry it along."""
        rows = pl.DataFrame({"row": np.arange(self.n_users, dtype=np.int32)})
        if self.anonymous:
            rows = rows.with_columns(row=pl.lit(None, dtype=pl.Int32))
        return rows if self.users is None else rows.hstack(self.users.drop("row", "user_id", strict=False))

    @cached_property
    def histories(self) -> Histories:
        """One history per user row, empty for users without ratings in this part."""
        lengths = np.bincount(self.ratings.user, minlength=self.n_users)
        ratings = self.ratings
        return Histories(offsets_of(lengths), ratings.movie, ratings.rating, ratings.timestamp, self.user_features)

    def histories_of(self, users: npt.NDArray[np.int32]) -> Histories:
        """The histories of some user rows, in the order asked for."""
        everyone = self.histories
        lengths = everyone.lengths[users]
        start = offsets_of(lengths)
        entries = np.arange(start[-1]) + np.repeat(everyone.offsets[users] - start[:-1], lengths)
        return Histories(
            start,
            everyone.movies[entries],
            None if everyone.ratings is None else everyone.ratings[entries],
            None if everyone.timestamps is None else everyone.timestamps[entries],
            self.user_features[users],
        )

    def keep(self, mask: npt.NDArray[np.bool_]) -> "Dataset":
        """The same users and movies with only the ratings where `mask` is true."""
        return replace(self, ratings=self.ratings.keep(mask))

    def concat(self, other: "Dataset") -> "Dataset":
        """These ratings and those of another part of the same dataset, put back in order."""
        both = Ratings(
            np.concatenate([self.ratings.user, other.ratings.user]),
            np.concatenate([self.ratings.movie, other.ratings.movie]),
            _joined(self.ratings.rating, other.ratings.rating),
            _joined(self.ratings.timestamp, other.ratings.timestamp),
        )
        return replace(self, ratings=both.ordered())

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of the catalogue and the ratings: equal for equal data, whatever file it came from."""
        digest = hashlib.blake2b(digest_size=8)
        for array in (self.movie_ids.ids, self.user_ids.ids, self.ratings.user, self.ratings.movie):
            if array.dtype.kind == "U":
                digest.update("\0".join(array.tolist()).encode())
            else:
                digest.update(array.astype(np.int64).tobytes())
            digest.update(f"|{len(array)}|".encode())
        for known in (self.ratings.rating, self.ratings.timestamp):
            digest.update(b"unknown" if known is None else known.tobytes())
        return digest.hexdigest()

    @cached_property
    def facts_fingerprint(self) -> str:
        """A short hash of what is known of movies and users besides ratings: titles, genres, overviews, ages."""
        digest = hashlib.blake2b(digest_size=8)
        for table in (self.movies, self.users):
            if table is not None:
                content = io.BytesIO()
                table.write_ndjson(content)  # not Arrow's bytes: those differ for equal tables made in different ways
                digest.update(content.getbuffer())
        return digest.hexdigest()


def _joined(one: npt.NDArray | None, other: npt.NDArray | None) -> npt.NDArray | None:
    return None if one is None or other is None else np.concatenate([one, other])
