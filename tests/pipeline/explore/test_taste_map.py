"""Tests of the taste map on catalogues whose neighbourhoods are known."""

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from matinee.data.dataset import Dataset
from matinee.pipeline.explore.also_liked import LikesIndex
from matinee.pipeline.explore.taste_map import build_taste_map, embed, movie_vectors
from tests.datasets import dataset_of

GROUPS, MOVIES, FANS = 4, 30, 25
Floats = npt.NDArray[np.floating]


def circles(genres: list[list[str]]) -> Dataset:
    """Four circles of users, each of whom likes most movies of their own circle and one of the next."""
    rng = np.random.default_rng(3)
    users: list[int] = []
    movies: list[int] = []
    for user in range(GROUPS * FANS):
        own = user % GROUPS
        seen = rng.choice(MOVIES, 20, replace=False) * GROUPS + own
        seen = [*seen.tolist(), int(rng.integers(MOVIES)) * GROUPS + (own + 1) % GROUPS]
        users += [user] * len(seen)
        movies += seen
    n = GROUPS * MOVIES
    return dataset_of(users, movies, [5.0] * len(users), None, n_users=GROUPS * FANS, n_movies=n, genres=genres)


def neighbours(points: Floats, k: int) -> npt.NDArray[np.int64]:
    apart = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1)[:, :k]


def share_of_own(points: Floats, group: npt.NDArray[np.int64], k: int = 8) -> float:
    return float((group[neighbours(points, k)] == group[:, None]).mean())


def test_movies_with_the_same_fans_are_neighbours() -> None:
    data = circles([["Drama"]] * (GROUPS * MOVIES))
    map_ = build_taste_map(data.movies, LikesIndex(data), data.counts)
    assert share_of_own(map_.coordinates, map_.rows % GROUPS) > 0.95  # by chance: 0.25


def test_without_ratings_movies_of_a_kind_are_neighbours() -> None:
    names = ["Comedy", "Horror", "Western"]
    data = circles([[names[row % 3]] for row in range(GROUPS * MOVIES)])
    map_ = build_taste_map(data.movies, None, data.counts)
    assert share_of_own(map_.coordinates, map_.rows % 3) > 0.9  # by chance: 0.33


def test_a_movie_without_likes_is_located_by_its_kind() -> None:
    data = circles([["Comedy"] if row % GROUPS == 2 else ["Drama"] for row in range(GROUPS * MOVIES)])
    new = data.movies.with_columns(movie_id=pl.col("movie_id") + 5000).row(2, named=True)  # a comedy
    movies = pl.concat([data.movies, pl.DataFrame([new], schema=data.movies.schema)])
    n_movies = len(movies)
    likes = LikesIndex(
        dataset_of(
            data.histories.owner.tolist(),
            data.histories.movies.tolist(),
            [5.0] * len(data.histories.movies),
            None,
            n_users=GROUPS * FANS,
            n_movies=n_movies,
            genres=movies["genres"].to_list(),
        )
    )
    vectors = movie_vectors(movies, likes)
    nearest = np.argsort(-(vectors[:-1] @ vectors[-1]))[:10]
    assert set((nearest % GROUPS).tolist()) == {2}


def test_a_plane_stays_a_plane() -> None:
    """Neighbours on a strip of a sphere are neighbours on the map."""
    rng = np.random.default_rng(1)
    angles = rng.uniform(0, 1, (400, 2)) * [2.4, 0.8]
    x, y = angles.T
    vectors = np.stack([np.cos(x) * np.cos(y), np.sin(x) * np.cos(y), np.sin(y)], axis=1).astype(np.float32)
    points = embed(vectors)
    overlaps = [len(set(a) & set(b)) / 15 for a, b in zip(neighbours(vectors, 15), neighbours(points, 15), strict=True)]
    assert np.mean(overlaps) > 0.6  # by chance: 0.04


def test_the_same_seed_gives_the_same_map() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_array_equal(embed(vectors), embed(vectors))


def test_the_map_fills_the_unit_square_with_new_movies_right() -> None:
    data = circles([[("Comedy", "Horror")[row % 2]] for row in range(GROUPS * MOVIES)])
    years = pl.Series("year", [1930 if row % 2 else 1995 for row in range(GROUPS * MOVIES)], dtype=pl.Int32)
    map_ = build_taste_map(data.movies.with_columns(years), None, data.counts)
    assert map_.coordinates.min() == pytest.approx(0)
    assert map_.coordinates.max() == pytest.approx(1)
    x, old = map_.coordinates[:, 0], map_.rows % 2 == 1
    assert x[old].mean() < x[~old].mean()


def test_other_movies_lie_between_the_most_similar_ones() -> None:
    data = circles([["Drama"]] * (GROUPS * MOVIES))
    counts = data.counts.copy()
    counts[:8] = 0  # two of each circle are rated least
    map_ = build_taste_map(data.movies, LikesIndex(data), counts, most=GROUPS * MOVIES - 8)
    assert not set(range(8)) & set(map_.rows.tolist())
    positions = map_.positions_of(np.arange(8))
    centers = np.stack(
        [map_.coordinates[map_.rows % GROUPS == group_number].mean(axis=0) for group_number in range(GROUPS)]
    )
    nearest = ((positions[:, None] - centers[None]) ** 2).sum(axis=2).argmin(axis=1)
    assert nearest.tolist() == [0, 1, 2, 3] * 2
    np.testing.assert_array_equal(map_.positions_of(map_.rows[:3]), map_.coordinates[:3])


def test_a_movie_listed_twice_is_one_point() -> None:
    data = circles([["Drama"]] * (GROUPS * MOVIES))
    titles = data.movies["title"].to_list()
    titles[9] = titles[3]
    movies = data.movies.with_columns(pl.Series("title", titles), year=pl.lit(2000, dtype=pl.Int32))
    twice = dataset_of(
        data.histories.owner.tolist(),
        data.histories.movies.tolist(),
        [5.0] * len(data.histories.movies),
        None,
        n_users=GROUPS * FANS,
        n_movies=len(movies),
        genres=movies["genres"].to_list(),
    )
    object.__setattr__(twice, "movies", movies)
    map_ = build_taste_map(movies, LikesIndex(twice), twice.counts)
    assert len({3, 9} & set(map_.rows.tolist())) == 1


@pytest.mark.parametrize("n", [1, 2, 3, 4, 16])
def test_small_catalogues_and_equal_movies_have_points(n: int) -> None:
    movies = pl.DataFrame(
        {"movie_id": range(n), "title": ["A"] * n, "year": [None] * n, "genres": [["Drama"]] * n},
        schema={"movie_id": pl.Int64, "title": pl.String, "year": pl.Int32, "genres": pl.List(pl.String)},
    )
    map_ = build_taste_map(movies, None, np.zeros(n, dtype=np.int64))
    assert map_.coordinates.shape == (n, 2)
    assert np.isfinite(map_.coordinates).all()
