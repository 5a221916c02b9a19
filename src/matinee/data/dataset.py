"""The dataset that every reader returns and every model learns from."""

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
    rating: npt.NDArray[np.float32] | None  # (n,) None if only "watched" is known
    timestamp: npt.NDArray[np.int64] | None  # (n,) seconds; None if the order is unknown

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
        """Sorted by user, then time. The sort is stable, so equal timestamps keep their order."""
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
    names); `users`, if present, has one row per user row with `user_id` and the other columns of the files.
    """

    name: str
    ratings: Ratings
    movies: pl.DataFrame
    users: pl.DataFrame | None
    user_ids: Vocabulary
    movie_ids: Vocabulary
    scale: tuple[float, float] = (0.5, 5.0)  # the lowest and highest rating that can be given
    posters: Path | None = None  # folder of <movie_id>.jpg
    anonymous: bool = False  # its user rows may stand for other users than those that a model was trained on

    @property
    def n_users(self) -> int:
        """Users in the vocabulary, including those without ratings in this part."""
        return len(self.user_ids)

    @property
    def n_movies(self) -> int:
        """Movies in the catalogue, including those without ratings."""
        return len(self.movie_ids)

    @property
    def has_order(self) -> bool:
        """True if the order of each user's ratings is known."""
        return self.ratings.timestamp is not None

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """Ratings of each movie: (movies,)."""
        return np.bincount(self.ratings.movie, minlength=self.n_movies)

    @cached_property
    def user_features(self) -> pl.DataFrame:
        """The features of the user in each row, with that `row`: (users,), as histories carry them."""
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
        """The histories of the given user rows, in that order."""
        all_histories = self.histories
        lengths = all_histories.lengths[users]
        start = offsets_of(lengths)
        entries = np.arange(start[-1]) + np.repeat(all_histories.offsets[users] - start[:-1], lengths)
        return Histories(
            start,
            all_histories.movies[entries],
            None if all_histories.ratings is None else all_histories.ratings[entries],
            None if all_histories.timestamps is None else all_histories.timestamps[entries],
            self.user_features[users],
        )

    def keep(self, mask: npt.NDArray[np.bool_]) -> "Dataset":
        """The same users and movies with only the ratings where `mask` is true."""
        return replace(self, ratings=self.ratings.keep(mask))

    def concat(self, other: "Dataset") -> "Dataset":
        """These ratings and those of another part of the same dataset, in order."""
        both = Ratings(
            np.concatenate([self.ratings.user, other.ratings.user]),
            np.concatenate([self.ratings.movie, other.ratings.movie]),
            _concat(self.ratings.rating, other.ratings.rating),
            _concat(self.ratings.timestamp, other.ratings.timestamp),
        )
        return replace(self, ratings=both.ordered())

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of the catalogue and the ratings: equal for equal data, from any file."""
        digest = hashlib.blake2b(digest_size=8)
        for array in (self.movie_ids.ids, self.user_ids.ids, self.ratings.user, self.ratings.movie):
            if array.dtype.kind == "U":
                digest.update("\0".join(array.tolist()).encode())
            else:
                digest.update(array.astype(np.int64).tobytes())
            digest.update(f"|{len(array)}|".encode())
        for column in (self.ratings.rating, self.ratings.timestamp):
            digest.update(b"unknown" if column is None else column.tobytes())
        return digest.hexdigest()

    @cached_property
    def facts_fingerprint(self) -> str:
        """A short hash of the facts about movies and users: titles, genres, overviews, ages."""
        digest = hashlib.blake2b(digest_size=8)
        for table in (self.movies, self.users):
            if table is not None:
                content = io.BytesIO()
                table.write_ndjson(content)  # not Arrow's bytes, which differ between equal tables
                digest.update(content.getbuffer())
        return digest.hexdigest()


def _concat(first: npt.NDArray | None, second: npt.NDArray | None) -> npt.NDArray | None:
    return None if first is None or second is None else np.concatenate([first, second])
