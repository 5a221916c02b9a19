"""Small synthetic datasets for tests."""

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.dataset import Dataset, Ratings
from matinee.data.vocabulary import Vocabulary

FIRST_MOVIE_ID = 100
FIRST_USER_ID = 1000
START = 1_000_000_000  # seconds: 9 September 2001
DAY = 86_400


def checkerboard(n_users: int = 40, n_movies: int = 12) -> Dataset:
    """Even users rate even movies, and odd users odd movies, so the right recommendations are known.

    The movies of a parity form a ring. Each user walks along the ring of their parity, one movie a day, from a start of
    their own, and stops two movies before the end, so the next movie is known as well. Rows and ids have the same
    parity. All users take the same step on the same day.
    """
    users, movies, ratings, timestamps = [], [], [], []
    for user in range(n_users):
        ring = np.arange(user % 2, n_movies, 2)
        for step in range(len(ring) - 2):
            users.append(user)
            movies.append(ring[(user // 2 + step) % len(ring)])
            ratings.append(3.0 + step % 3)
            timestamps.append(START + step * DAY + user)
    return dataset_of(
        users,
        movies,
        ratings,
        timestamps,
        n_users=n_users,
        n_movies=n_movies,
        genres=[["Odd"] if row % 2 else ["Even"] for row in range(n_movies)],
        name="checkerboard",
    )


def own_unrated(dataset: Dataset, user: int) -> list[int]:
    """The unrated rows of a checkerboard user's ring, in the order in which the walk would continue."""
    history = dataset.histories_of(np.array([user], dtype=np.int32)).movies
    ring = np.arange(user % 2, dataset.n_movies, 2)
    after = int(np.flatnonzero(ring == history[-1])[0]) + 1
    return [int(ring[(after + step) % len(ring)]) for step in range(len(ring) - len(history))]


def small_ratings(
    seed: int, n_users: int = 30, n_movies: int = 20, ordered: bool = True, rated: bool = True
) -> Dataset:
    """Random ratings: some movies have far more than others, some times are equal, and one movie is unrated."""
    rng = np.random.default_rng(seed)
    users, movies = [], []
    appeal = rng.permutation(1.0 / np.arange(1, n_movies))  # the last movie stays unrated
    for user in range(n_users):
        n = int(rng.integers(1, n_movies // 2))
        users += [user] * n
        movies += rng.choice(n_movies - 1, n, replace=False, p=appeal / appeal.sum()).tolist()
    ratings = rng.integers(1, 11, len(users)) / 2 if rated else None
    timestamps = START + rng.integers(0, 50, len(users)) * DAY if ordered else None
    genres = [sorted(rng.choice(["Action", "Comedy", "Drama"], row % 3, replace=False)) for row in range(n_movies)]
    return dataset_of(
        users,
        movies,
        ratings,
        timestamps,
        n_users=n_users,
        n_movies=n_movies,
        genres=genres,
        name=f"small {seed}",
    )


def dataset_of(
    users: npt.ArrayLike,
    movies: npt.ArrayLike,
    ratings: npt.ArrayLike | None = None,
    timestamps: npt.ArrayLike | None = None,
    *,
    n_users: int,
    n_movies: int,
    genres: list[list[str]] | None = None,
    name: str = "small",
) -> Dataset:
    """Build a dataset from columns of user and movie rows, in order, with made-up ids and titles."""
    columns = Ratings(
        np.asarray(users, dtype=np.int32),
        np.asarray(movies, dtype=np.int32),
        None if ratings is None else np.asarray(ratings, dtype=np.float32),
        None if timestamps is None else np.asarray(timestamps, dtype=np.int64),
    )
    movie_ids = np.arange(n_movies) + FIRST_MOVIE_ID
    user_ids = np.arange(n_users) + FIRST_USER_ID
    catalogue = pl.DataFrame(
        {
            "movie_id": movie_ids,
            "title": [f"Movie {movie_id}" for movie_id in movie_ids],
            "year": pl.Series(1970 + np.arange(n_movies) % 50, dtype=pl.Int32),
            "genres": pl.Series(genres or [[] for _ in range(n_movies)], dtype=pl.List(pl.String)),
        }
    )
    return Dataset(
        name=name,
        ratings=columns.ordered(),
        movies=catalogue,
        users=pl.DataFrame({"user_id": user_ids}),
        user_ids=Vocabulary.of(user_ids),
        movie_ids=Vocabulary.of(movie_ids),
    )
